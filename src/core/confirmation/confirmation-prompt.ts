import {
  confirm,
  type ConfirmationLine,
  type ConfirmationPurpose,
  confirmationText,
  type Confirmed,
  isUnchangedSinceShown,
  type ShownPod,
  shownPod,
} from './confirmation'
import type { AccountId, Pod, PodId } from '../pods/pod'
import type { Clock } from '../base/time/clock'
import { fail, ok, type Result } from '../base/result'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import { isActionAllowed } from '../pods/pod-capabilities'

/** While the prompt is open, the pod is read again if the last read is older than this. */
const REFRESH_AFTER_MS = MINUTE_MS

/** The prompt as its window shows it. */
export interface ConfirmationView {
  /** Identifies this prompt. The answer must include it and invalidates it. */
  readonly token: string
  /** Increases when the prompt changes, so that text typed earlier is discarded. */
  readonly revision: number
  readonly title: string
  readonly lines: readonly ConfirmationLine[]
  readonly label: string
  readonly confirmLabel: string
  /** Inputs that enable the button in the window; main validates the input itself. */
  readonly acceptedInputs: readonly string[]
  /** Why the prompt is shown again; otherwise null. */
  readonly changeNotice: string | null
}

export type ConfirmationAnswer =
  | { readonly kind: 'done' }
  /** Nothing was done; `message` is a sentence. The prompt may have changed. */
  | { readonly kind: 'refused'; readonly message: string }

/** The pods of the account as they were last observed. */
export interface AccountPods {
  readonly accountId: AccountId
  readonly pods: readonly Pod[]
}

export interface ConfirmationPromptOptions {
  readonly clock: Pick<Clock, 'now'>
  /** Must be unpredictable. */
  readonly newToken: () => string
  /** Null when no account is connected. */
  readonly accountPods: () => AccountPods | null
  /** Reads the pod again and updates the fleet; the error is a sentence. */
  readonly refreshPod: (podId: PodId) => Promise<Result<unknown, string>>
  /** Performs the confirmed action. */
  readonly execute: (purpose: ConfirmationPurpose, confirmed: Confirmed) => Result<void, string>
  /** Opens the window or brings it to the front. */
  readonly show: () => void
  readonly close: () => void
}

/** Asks the user before something is destroyed: one prompt at a time, about one pod as it was shown. */
export interface ConfirmationPrompt {
  /** Reads the pod, then opens the prompt. It replaces any open prompt. */
  request(podId: PodId, purpose: ConfirmationPurpose): Promise<Result<void, string>>
  /** The open prompt with the latest known state; null when none is open. */
  view(): ConfirmationView | null
  /** `typed` is null for a refusal, which needs no token. */
  answer(token: string, typed: string | null): Promise<ConfirmationAnswer>
  /** Called when the window was closed. */
  dismiss(): void
}

interface OpenPrompt {
  readonly purpose: ConfirmationPurpose
  shown: ShownPod
  token: string
  revision: number
  changeNotice: string | null
  /** When the last attempt to read the pod was made. */
  refreshedAt: Instant
  isRefreshing: boolean
}

/** The answer came too late, or is for another question. */
export const questionClosedText = 'This question is no longer open.'

const refused = (message: string): ConfirmationAnswer => ({ kind: 'refused', message })

export function createConfirmationPrompt(options: ConfirmationPromptOptions): ConfirmationPrompt {
  const { clock, newToken, accountPods, refreshPod, execute, show, close } = options
  let question: OpenPrompt | null = null
  let revision = 0
  let requestCount = 0

  function closePrompt(): void {
    question = null
    close()
  }

  /** The pod as it is now; null when it can no longer be terminated. */
  function findTerminablePod(
    podId: PodId,
  ): { readonly shown: ShownPod; readonly pod: Pod; readonly accountId: AccountId } | null {
    const account = accountPods()
    const pod = account?.pods.find(({ id }) => id === podId)
    if (!account || !pod || !isActionAllowed(pod, 'terminate')) return null
    return { pod, accountId: account.accountId, shown: shownPod(account.accountId, pod, account.pods) }
  }

  /**
   * Updates the prompt if the pod changed since it was shown. False when the pod can no longer be terminated.
   */
  function syncWithPod(open: OpenPrompt): boolean {
    const current = findTerminablePod(open.shown.podId)
    if (current === null || current.accountId !== open.shown.accountId) return false
    const { acceptedInputs } = current.shown
    if (
      isUnchangedSinceShown(open.shown, current.accountId, current.pod) &&
      acceptedInputs.join() === open.shown.acceptedInputs.join()
    )
      return true
    open.changeNotice = `${open.shown.name} changed while this was open. Review it, and type the confirmation again.`
    open.shown = current.shown
    open.token = newToken()
    open.revision = revision += 1
    return true
  }

  async function refresh(open: OpenPrompt): Promise<Result<unknown, string>> {
    const at = clock.now()
    open.isRefreshing = true
    const refreshed = await refreshPod(open.shown.podId)
    open.isRefreshing = false
    open.refreshedAt = at
    return refreshed
  }

  async function submit(open: OpenPrompt, typed: string): Promise<ConfirmationAnswer> {
    // Whatever the result, this token has been used.
    open.token = newToken()
    const confirmed = confirm(open.shown, typed)
    if (confirmed === null) return refused('That doesn’t match. Nothing was done.')
    const refreshed = await refresh(open)
    if (question !== open) return refused('Another question has replaced this one. Nothing was done.')
    if (!refreshed.ok) return refused(`Nothing was done, since the pod could not be read: ${refreshed.error}`)
    const { revision: before } = open
    if (!syncWithPod(open)) {
      closePrompt()
      return refused(`${confirmed.name} is gone, or can no longer be terminated. Nothing was done.`)
    }
    if (open.revision !== before) return refused(open.changeNotice ?? 'The pod changed. Nothing was done.')
    const done = execute(open.purpose, confirmed)
    if (!done.ok) return refused(done.error)
    closePrompt()
    return { kind: 'done' }
  }

  return {
    async request(podId, purpose) {
      if (question?.shown.podId === podId && question.purpose === purpose && syncWithPod(question)) {
        show()
        return ok(undefined)
      }
      const requestNumber = (requestCount += 1)
      const at = clock.now()
      const refreshed = await refreshPod(podId)
      // A later request replaced this one while the pod was read.
      if (requestNumber !== requestCount) return ok(undefined)
      if (!refreshed.ok) return fail(`The pod could not be read, so nothing was asked: ${refreshed.error}`)
      const current = findTerminablePod(podId)
      if (current === null) return fail('That pod is gone, or can’t be terminated now.')
      question = {
        purpose,
        shown: current.shown,
        token: newToken(),
        revision: (revision += 1),
        changeNotice: null,
        refreshedAt: at,
        isRefreshing: false,
      }
      show()
      return ok(undefined)
    },

    view() {
      if (question === null) return null
      const open = question
      if (!syncWithPod(open)) {
        closePrompt()
        return null
      }
      if (!open.isRefreshing && elapsedMs(open.refreshedAt, clock.now()) > REFRESH_AFTER_MS)
        void refresh(open)
      const pod = findTerminablePod(open.shown.podId)?.pod
      if (pod === undefined) return null
      const { token, changeNotice, shown } = open
      const text = confirmationText(open.purpose, pod, shown, clock.now().wallMs)
      return { token, revision: open.revision, changeNotice, acceptedInputs: shown.acceptedInputs, ...text }
    },

    async answer(token, typed) {
      const open = question
      if (open !== null && typed === null) {
        // A refusal applies to any prompt.
        closePrompt()
        return { kind: 'done' }
      }
      if (open === null || typed === null || open.token !== token) return refused(questionClosedText)
      return submit(open, typed)
    },

    dismiss() {
      question = null
    },
  }
}
