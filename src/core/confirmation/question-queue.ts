import { fail, ok, type Result } from '../base/result'
import { CHOSEN, type ConfirmationLine, isAcceptedInput } from './confirmation'

/** Text that is typed as part of the answer. */
export interface QuestionField {
  readonly label: string
  /** Hidden while it is typed. */
  readonly isSecret: boolean
  /** It may stay empty, although it is hidden. */
  readonly isOptional?: true
  /** Inputs that enable the button in the window; null: any. Main validates the input itself. */
  readonly acceptedInputs: readonly string[] | null
}

/** What a yes may include, off at first. */
export interface QuestionChoice {
  readonly label: string
  /** What choosing it may cost, as a sentence. */
  readonly consequence: string
}

/** What the window shows. */
export interface QuestionText {
  readonly title: string
  readonly lines: readonly ConfirmationLine[]
  /** A command that is shown as it will run, in several lines; absent: none. */
  readonly script?: string
  /** What the box with the script is called for screen readers; absent: a command. */
  readonly scriptLabel?: string
  /** Why the question is shown again; otherwise null. */
  readonly warning: string | null
  /** Null: the button is the whole answer. */
  readonly field: QuestionField | null
  /** Without a field only. Absent: there is none. */
  readonly choice?: QuestionChoice
  readonly confirmLabel: string
  /** Absent: Cancel. */
  readonly cancelLabel?: string
  /** A careless yes does harm: Cancel has the focus, and Enter in the field does nothing. */
  readonly isHarmful: boolean
  /** A yes destroys or ends something, which the button's color says. */
  readonly isDestructive: boolean
}

/** A question as its window shows it. */
export interface QuestionView extends QuestionText {
  /** Identifies this question. The answer must include it and invalidates it. */
  readonly token: string
  /** Increases with each question, so that the window shows a new form. */
  readonly revision: number
}

/** The text is all that a yes decides: what is not in it, a yes doesn't cover. */
export interface Question {
  /** Open questions with the same name here are one, with one answer for all of them. Absent: a yes is for one request. */
  readonly sharedAs?: string
  readonly text: QuestionText
  /** Why an input is refused, as a sentence; null when it is accepted. By default `acceptedInputs` decide. */
  readonly problem?: (typed: string) => string | null
}

/**
 * Asks in the app's own window: what was typed, or null when refused. The error says in a sentence why nothing could be
 * asked.
 */
export type Ask = (question: Question) => Promise<Result<string | null, string>>

/** Asks a question whose answer is yes or no. */
export async function askWhether(ask: Ask, question: Question): Promise<Result<boolean, string>> {
  const asked = await ask(question)
  return asked.ok ? ok(asked.value !== null) : asked
}

export interface QuestionQueueOptions {
  /** Must be unpredictable. */
  readonly newToken: () => string
  /** Called when the front question changes or none is left. */
  readonly onChange: () => void
}

export interface QuestionRequest {
  /** What was typed, or an empty text where nothing has to be. Null when refused. */
  readonly answer: Promise<string | null>
  /** Withdraws the request, which counts as a refusal. */
  readonly cancel: () => void
}

/** The result of an answer; `refused` has the reason, and the question stays. */
export type QuestionAnswer = 'done' | 'not-open' | { readonly refused: string }

/** Asks questions one at a time. The input is passed on and not stored here. */
export interface QuestionQueue {
  /** The error says in a sentence why the question is not asked. */
  request(question: Question): Result<QuestionRequest, string>
  view(): QuestionView | null
  /** `typed` is null for a refusal. */
  answer(token: string, typed: string | null): QuestionAnswer
  /** Called when the window was closed: refuses the question that it showed. */
  dismiss(): void
}

interface PendingQuestion {
  readonly question: Question
  readonly view: QuestionView
  /** All requests that wait for this answer. */
  readonly resolvers: Set<(typed: string | null) => void>
}

/** More are refused at once, so that nobody has to click through a flood of them. */
const MAX_QUESTIONS = 10
const TOO_MANY_QUESTIONS = 'Too many questions are open, so nothing was done. Answer them, then try again.'
const ALREADY_ASKED = 'Podkeeper is asking about that already.'

export function createQuestionQueue({ newToken, onChange }: QuestionQueueOptions): QuestionQueue {
  const pending: PendingQuestion[] = []
  let revision = 0

  function settle(one: PendingQuestion, typed: string | null): void {
    const index = pending.indexOf(one)
    if (index < 0) return
    pending.splice(index, 1)
    for (const resolve of one.resolvers) resolve(typed)
    if (index === 0) onChange()
  }

  function enqueue(question: Question): PendingQuestion {
    const view = { ...question.text, token: newToken(), revision: (revision += 1) }
    const added: PendingQuestion = { question, view, resolvers: new Set() }
    pending.push(added)
    if (pending.length === 1) onChange()
    return added
  }

  return {
    request(question) {
      const known =
        question.sharedAs === undefined
          ? undefined
          : pending.find((each) => each.question.sharedAs === question.sharedAs)
      if (known === undefined && pending.some((each) => isSameText(each.question, question)))
        return fail(ALREADY_ASKED)
      if (known === undefined && pending.length >= MAX_QUESTIONS) return fail(TOO_MANY_QUESTIONS)
      const asked = known ?? enqueue(question)
      let resolveAnswer: (typed: string | null) => void = () => {}
      const answer = new Promise<string | null>((resolve) => {
        resolveAnswer = resolve
      })
      asked.resolvers.add(resolveAnswer)
      return ok({
        answer,
        cancel() {
          if (!asked.resolvers.delete(resolveAnswer)) return
          resolveAnswer(null)
          if (asked.resolvers.size === 0) settle(asked, null)
        },
      })
    },
    view: () => pending[0]?.view ?? null,
    answer(token, typed) {
      const front = pending[0]
      if (front === undefined || front.view.token !== token) return 'not-open'
      const problem = typed === null ? null : problemOf(front.question, typed)
      if (problem !== null) return { refused: problem }
      settle(front, typed)
      return 'done'
    },
    dismiss() {
      if (pending[0]) settle(pending[0], null)
    },
  }
}

export const isSameText = ({ text }: Question, other: Question): boolean =>
  JSON.stringify(text) === JSON.stringify(other.text)

function problemOf({ text, problem }: Question, typed: string): string | null {
  if (problem !== undefined) return problem(typed)
  if (text.field === null)
    return typed === '' || (text.choice !== undefined && typed === CHOSEN)
      ? null
      : 'Nothing has to be typed here.'
  const { acceptedInputs } = text.field
  return acceptedInputs === null || isAcceptedInput(acceptedInputs, typed)
    ? null
    : 'That doesn’t match. Nothing was done.'
}
