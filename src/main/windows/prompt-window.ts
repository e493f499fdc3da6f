import { randomUUID } from 'node:crypto'
import { type ConfirmationAnswer, questionClosedText } from '../../core/confirmation/confirmation-prompt'
import {
  type Ask,
  createQuestionQueue,
  type Question,
  type QuestionView,
} from '../../core/confirmation/question-queue'
import type { Clock } from '../../core/base/time/clock'
import { ok } from '../../core/base/result'
import type { ConfirmationHandlers } from '../../shared/confirmation'
import type { ConfirmWindow } from './confirm-window'

/** After a wrong passphrase the question is shown again immediately, in the same window. */
const CLOSE_DELAY_MS = 500

/** Another source of questions than the queue. */
export interface QuestionSource {
  readonly view: () => QuestionView | null
  readonly answer: (token: string, typed: string | null) => Promise<ConfirmationAnswer>
  readonly dismiss: () => void
}

/**
 * The window that main owns: the only one whose page can answer a question. One question at a time; the front
 * one stays until it is answered. See docs/decisions/0023.
 */
export interface PromptWindow {
  /** Withdraws the question when `signal` aborts, which counts as a refusal. */
  readonly ask: (question: Question, signal?: AbortSignal) => ReturnType<Ask>
  /** Brings the open question to the front. */
  readonly showOpenQuestion: () => void
  /** Adds a source, whose question goes before those that wait; returns a function to call when it changed. */
  addSource(source: QuestionSource): () => void
  /** From now on no question is shown: the window of the next one would keep the app from ending. */
  prepareToQuit(): void
  /** The requests of its page. */
  readonly handlers: ConfirmationHandlers
  readonly shows: ConfirmWindow['shows']
}

export interface PromptWindowOptions {
  readonly clock: Clock
  /** Creates the window, hidden. `onClosed`: see `createConfirmWindow`. */
  readonly createWindow: (onClosed: () => void) => ConfirmWindow
}

export function createPromptWindow({ clock, createWindow }: PromptWindowOptions): PromptWindow {
  let source: QuestionSource = { view: () => null, answer: async () => NOT_OPEN, dismiss: () => {} }
  let shown: 'queue' | 'source' | null = null
  let shownToken: string | null = null
  let isQuitting = false
  let cancelClosing = (): void => {}
  const queue = createQuestionQueue({ newToken: randomUUID, onChange: showNext })
  const window = createWindow(() => {
    const open = view() === null ? null : shown
    if (open === 'queue') queue.dismiss()
    else if (open === 'source') {
      source.dismiss()
      showNext()
    }
  })

  /** Also decides which question is in front. */
  function view(): QuestionView | null {
    if (isQuitting) return null
    const queued = queue.view()
    if (shown === 'queue' && queued !== null && queued.token === shownToken) return queued
    const other = source.view()
    shown = other !== null ? 'source' : queued !== null ? 'queue' : null
    shownToken = queued?.token ?? null
    return other ?? queued
  }

  function showNext(): void {
    cancelClosing()
    const wasQueued = shown === 'queue'
    if (view() !== null) window.show()
    else if (wasQueued) cancelClosing = clock.schedule(CLOSE_DELAY_MS, () => window.close())
    else window.close()
  }

  function showOpenQuestion(): void {
    if (view() !== null) window.show()
  }

  const handlers: ConfirmationHandlers = {
    confirmation: () => ok(view()),
    async answerConfirmation(token, typed) {
      const answered = queue.answer(token, typed)
      if (answered === 'done') return ok({ kind: 'done' })
      if (answered !== 'not-open') return ok({ kind: 'refused', message: answered.refused })
      return ok(view() !== null && shown === 'source' ? await source.answer(token, typed) : NOT_OPEN)
    },
  }

  return {
    async ask(question, signal) {
      if (signal?.aborted === true) return ok(null)
      const request = queue.request(question)
      if (!request.ok) {
        // The request fails with the advice to answer the open ones.
        showOpenQuestion()
        return request
      }
      const { answer, cancel } = request.value
      signal?.addEventListener('abort', cancel, { once: true })
      try {
        return ok(await answer)
      } finally {
        signal?.removeEventListener('abort', cancel)
      }
    },
    handlers,
    shows: (contents) => window.shows(contents),
    showOpenQuestion,
    addSource(added) {
      source = added
      return showNext
    },
    prepareToQuit() {
      isQuitting = true
    },
  }
}

const NOT_OPEN: ConfirmationAnswer = { kind: 'refused', message: questionClosedText }
