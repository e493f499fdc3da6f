import { randomUUID } from 'node:crypto'
import {
  type ConfirmationPrompt,
  type ConfirmationView,
  createConfirmationPrompt,
} from '../../core/confirmation/confirmation-prompt'
import type { QuestionView } from '../../core/confirmation/question-queue'
import type { Clock } from '../../core/base/clock'
import { ok } from '../../core/base/result'
import type { AccountSession } from '../account/account-session-types'
import type { PromptWindow } from './prompt-window'

export interface TerminateConfirmationOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly session: Pick<AccountSession, 'withMonitor'>
  readonly promptWindow: Pick<PromptWindow, 'addSource'>
}

/** Asks for the pod's name in main's own window, and terminates the pod. See docs/decisions/0013. */
export type TerminateConfirmation = Pick<ConfirmationPrompt, 'request'>

export function createTerminateConfirmation(options: TerminateConfirmationOptions): TerminateConfirmation {
  const { clock, session, promptWindow } = options
  const prompt = createConfirmationPrompt({
    clock,
    newToken: randomUUID,
    accountPods() {
      const account = session.withMonitor((monitor) => ok(monitor.accountPods()))
      return account.ok ? account.value : null
    },
    async refreshPod(podId) {
      const refreshed = session.withMonitor((monitor) => ok(monitor.refreshPod(podId)))
      return refreshed.ok ? refreshed.value : refreshed
    },
    execute: (purpose, confirmed) =>
      session.withMonitor((monitor) =>
        purpose === 'terminate' ? monitor.terminate(confirmed) : monitor.terminateAtMaxHours(confirmed),
      ),
    show: () => onChange(),
    close: () => onChange(),
  })
  const onChange = promptWindow.addSource({
    view() {
      const view = prompt.view()
      return view === null ? null : toQuestionView(view)
    },
    answer: (token, typed) => prompt.answer(token, typed),
    dismiss: () => prompt.dismiss(),
  })
  return { request: (podId, purpose) => prompt.request(podId, purpose) }
}

function toQuestionView(view: ConfirmationView): QuestionView {
  const { token, revision, title, lines, changeNotice, label, acceptedInputs, confirmLabel } = view
  return {
    token,
    revision,
    title,
    lines,
    warning: changeNotice,
    field: { label, isSecret: false, acceptedInputs },
    confirmLabel,
    isHarmful: true,
    isDestructive: true,
  }
}
