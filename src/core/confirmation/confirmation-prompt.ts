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
import type { Clock } from '../base/clock'
import { fail, ok, type Result } from '../base/result'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time'
import { isActionAllowed } from '../pods/pod-capabilities'

/** After so long without a fresh look the pod is read again while the question is open. */
const REFRESH_AFTER_MS = MINUTE_MS

/** The question as its window shows it. */
export interface ConfirmationView {
  /** Names this question once: the answer has to bring it, and uses it up. */
  readonly token: string
  /** Rises when the question became another one, so that what was typed counts no more. */
  readonly revision: number
  readonly title: string
  readonly lines: readonly ConfirmationLine[]
  readonly label: string
  readonly confirmLabel: string
  /** What completes the field, for lighting up the button; main compares for itself. */
  readonly acceptedInputs: readonly string[]
  /** Why it is asked again; else null. */
  readonly changeNotice: string | null
}

export type ConfirmationAnswer =
  | { readonly kind: 'done' }
  /** Nothing was done; `message` is a sentence. The question may have become another one. */
  | { readonly kind: 'refused'; readonly message: string }

/** The account's pods as the picture shows them. */
export interface AccountPods {
  readonly accountId: AccountId
  readonly pods: readonly Pod[]
}

export interface ConfirmationPromptOptions {
  readonly clock: Pick<Clock, 'now'>
  /** Not to be guessed. */
  readonly newToken: () => string
  /** Null: no account is connected. */
  readonly accountPods: () => AccountPods | null
  /** Reads the pod afresh, into the picture; why it could not, in words. */
  readonly refreshPod: (podId: PodId) => Promise<Result<void, string>>
  /** Does what was confirmed. */
  readonly execute: (purpose: ConfirmationPurpose, confirmed: Confirmed) => Result<void, string>
  /** Opens the window, or brings it to the front. */
  readonly show: () => void
  readonly close: () => void
}

/** Asks a person before something is destroyed: one question at a time, about one pod as it was shown. */
export interface ConfirmationPrompt {
  /** Opens the question once the pod was read; it takes the place of another one. */
  request(podId: PodId, purpose: ConfirmationPurpose): Promise<Result<void, string>>
  /** The question that is open now, as true as it is known; null: none is. */
  view(): ConfirmationView | null
  /** `typed` null: no, which needs no token. */
  answer(token: string, typed: string | null): Promise<ConfirmationAnswer>
  /** Its window was closed. */
  dismiss(): void
}

interface PendingConfirmation {
  readonly purpose: ConfirmationPurpose
  shown: ShownPod
  token: string
  revision: number
  changeNotice: string | null
  /** When it was last tried to read the pod. */
  refreshedAt: Instant
  isRefreshing: boolean
}

const refused = (message: string): ConfirmationAnswer => ({ kind: 'refused', message })

export function createConfirmationPrompt(options: ConfirmationPromptOptions): ConfirmationPrompt {
  const { clock, newToken, accountPods, refreshPod, execute, show, close } = options
  let question: PendingConfirmation | null = null
  let revision = 0
  let requestCount = 0

  function closePrompt(): void {
    question = null
    close()
  }

  /** The pod as it is now; null when it cannot be terminated any more. */
  function findTerminablePod(
    podId: PodId,
  ): { readonly shown: ShownPod; readonly pod: Pod; readonly accountId: AccountId } | null {
    const account = accountPods()
    const pod = account?.pods.find(({ id }) => id === podId)
    if (!account || !pod || !isActionAllowed(pod, 'terminate')) return null
    return { pod, accountId: account.accountId, shown: shownPod(account.accountId, pod, account.pods) }
  }

  /** Makes the question one about the pod as it is now, if that is not what was shown. False: there is none any more. */
  function syncWithPod(open: PendingConfirmation): boolean {
    const current = findTerminablePod(open.shown.podId)
    if (current === null || current.accountId !== open.shown.accountId) return false
    const { acceptedInputs } = current.shown
    if (
      isUnchangedSinceShown(open.shown, current.accountId, current.pod) &&
      acceptedInputs.join() === open.shown.acceptedInputs.join()
    )
      return true
    open.changeNotice = `${open.shown.name} changed while you were asked. Look again, and type it anew.`
    open.shown = current.shown
    open.token = newToken()
    open.revision = revision += 1
    return true
  }

  async function refresh(open: PendingConfirmation): Promise<Result<void, string>> {
    const at = clock.now()
    open.isRefreshing = true
    const refreshed = await refreshPod(open.shown.podId)
    open.isRefreshing = false
    open.refreshedAt = at
    return refreshed
  }

  async function submit(open: PendingConfirmation, typed: string): Promise<ConfirmationAnswer> {
    // Whatever comes of it, it was an answer to the question as it stood.
    open.token = newToken()
    const confirmed = confirm(open.shown, typed)
    if (confirmed === null) return refused('That is not what has to be typed. Nothing was done.')
    const refreshed = await refresh(open)
    if (question !== open) return refused('Meanwhile something else was asked. Nothing was done.')
    if (!refreshed.ok) return refused(`Nothing was done, since the pod could not be read: ${refreshed.error}`)
    const { revision: before } = open
    if (!syncWithPod(open)) {
      closePrompt()
      return refused(`${confirmed.name} is gone, or cannot be terminated any more. Nothing was done.`)
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
      // A later question was asked for meanwhile, and that is the one which is wanted.
      if (requestNumber !== requestCount) return ok(undefined)
      if (!refreshed.ok) return fail(`The pod could not be read, so nothing was asked: ${refreshed.error}`)
      const current = findTerminablePod(podId)
      if (current === null) return fail('That pod is gone, or does not allow a terminate now.')
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
        // A no is one whatever it was about.
        closePrompt()
        return { kind: 'done' }
      }
      if (open === null || typed === null || open.token !== token)
        return refused('This question is not open any more.')
      return submit(open, typed)
    },

    dismiss() {
      question = null
    },
  }
}
