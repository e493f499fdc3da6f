import { randomUUID } from 'node:crypto'
import {
  type ConfirmationPrompt,
  type ConfirmationView,
  createConfirmationPrompt,
} from '../../core/confirmation/confirmation-prompt'
import { accountLine } from '../../core/confirmation/pod-questions'
import type { QuestionView } from '../../core/confirmation/question-queue'
import type { Clock } from '../../core/base/time/clock'
import type { ConfirmationPurpose } from '../../core/confirmation/confirmation'
import { type AccountId, parsePodKey, type PodKey } from '../../core/pods/pod'
import { fail, ok } from '../../core/base/result'
import type { AccountSession } from '../account/account-session-types'
import type { PromptWindow } from './prompt-window'
import { windowsText } from './windows-text'

export interface TerminateConfirmationOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly session: Pick<AccountSession, 'withMonitor' | 'monitor'>
  readonly promptWindow: Pick<PromptWindow, 'addSource'>
  /** What a person calls the account; null where there is only one. */
  readonly nameOf?: (accountId: AccountId) => string | null
}

/** Asks for the pod's name in main's own window, and terminates the pod. See docs/decisions/0013. */
export interface TerminateConfirmation {
  /** See `ConfirmationPrompt.request`. */
  request(podKey: PodKey, purpose: ConfirmationPurpose): ReturnType<ConfirmationPrompt['request']>
  /** The same for an API token, which never takes the place of another question. */
  requestForToken(podKey: PodKey, tokenName: string): ReturnType<ConfirmationPrompt['request']>
}

export function createTerminateConfirmation(options: TerminateConfirmationOptions): TerminateConfirmation {
  const { clock, session, promptWindow } = options
  /** The account of the pod that is asked about. */
  let accountId: AccountId = ''
  /** The API token that asked; null: a person did. */
  let askedBy: string | null = null
  /** How many questions are about to be asked, once their pods are read. */
  let requests = 0
  const prompt = createConfirmationPrompt({
    clock,
    newToken: randomUUID,
    accountPods: () => session.monitor(accountId)?.accountPods() ?? null,
    async refreshPod(podId) {
      const refreshed = session.withMonitor(accountId, (monitor) => ok(monitor.refreshPod(podId)))
      return refreshed.ok ? refreshed.value : refreshed
    },
    execute: (purpose, confirmed) =>
      session.withMonitor(accountId, (monitor) =>
        purpose === 'terminate' ? monitor.terminate(confirmed) : monitor.terminateAtMaxHours(confirmed),
      ),
    show: () => onChange(),
    close: () => onChange(),
  })
  const onChange = promptWindow.addSource({
    view() {
      const view = prompt.view()
      return view === null ? null : toQuestionView(view, options.nameOf?.(accountId) ?? null, askedBy)
    },
    answer: (token, typed) => prompt.answer(token, typed),
    dismiss: () => prompt.dismiss(),
  })

  async function request(podKey: PodKey, purpose: ConfirmationPurpose, tokenName: string | null) {
    const pod = parsePodKey(podKey)
    // The open question was about a pod of another account, or another window asked it.
    if (pod.accountId !== accountId || askedBy !== tokenName) prompt.dismiss()
    accountId = pod.accountId
    askedBy = tokenName
    requests += 1
    try {
      return await prompt.request(pod.podId, purpose)
    } finally {
      requests -= 1
      // A question that was dismissed and not replaced is not shown any longer.
      if (prompt.view() === null) onChange()
    }
  }

  return {
    request: (podKey, purpose) => request(podKey, purpose, null),
    requestForToken: (podKey, tokenName) =>
      prompt.view() === null && requests === 0
        ? request(podKey, 'terminate', tokenName)
        : Promise.resolve(fail(windowsText.otherQuestion)),
  }
}

function toQuestionView(
  view: ConfirmationView,
  accountName: string | null,
  askedBy: string | null,
): QuestionView {
  const asked = askedBy === null ? [] : [{ tone: 'plain' as const, text: windowsText.askedByToken(askedBy) }]
  const { token, revision, title, lines, changeNotice, label, acceptedInputs, confirmLabel } = view
  return {
    token,
    revision,
    title,
    lines: [...accountLine(accountName), ...asked, ...lines],
    warning: changeNotice,
    field: { label, isSecret: false, acceptedInputs },
    confirmLabel,
    isHarmful: true,
    isDestructive: true,
  }
}
