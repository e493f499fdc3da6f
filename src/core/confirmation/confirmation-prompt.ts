import {
  confirm,
  type ConfirmationLine,
  type ConfirmationPurpose,
  confirmationWords,
  type Confirmed,
  isAsShown,
  type ShownPod,
  shownPod,
} from './confirmation'
import type { AccountId, Pod, PodId } from '../pods/pod'
import type { Clock } from '../base/clock'
import { fail, ok, type Result } from '../base/result'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time'
import { canDo } from '../pods/pod-capabilities'

/** After so long without a fresh look the pod is read again while the question is open. */
const LOOK_AGAIN_MS = MINUTE_MS

/** The question as its window shows it. */
export interface ConfirmationView {
  /** Names this question once: the answer has to bring it, and uses it up. */
  readonly token: string
  /** Rises when the question became another one, so that what was typed counts no more. */
  readonly revision: number
  readonly title: string
  readonly lines: readonly ConfirmationLine[]
  readonly label: string
  readonly verb: string
  /** What completes the field, for lighting up the button; main compares for itself. */
  readonly accepts: readonly string[]
  /** Why it is asked again; else null. */
  readonly changed: string | null
}

export type ConfirmationAnswer =
  | { readonly kind: 'done' }
  /** Nothing was done; `message` is a sentence. The question may have become another one. */
  | { readonly kind: 'refused'; readonly message: string }

/** The account's pods as the picture shows them. */
export interface SeenAccount {
  readonly accountId: AccountId
  readonly pods: readonly Pod[]
}

export interface ConfirmationDeskOptions {
  readonly clock: Pick<Clock, 'now'>
  /** Not to be guessed. */
  readonly newToken: () => string
  /** Null: no account is connected. */
  readonly seen: () => SeenAccount | null
  /** Reads the pod afresh, into the picture; why it could not, in words. */
  readonly look: (podId: PodId) => Promise<Result<void, string>>
  /** Does what was confirmed. */
  readonly carryOut: (purpose: ConfirmationPurpose, confirmed: Confirmed) => Result<void, string>
  /** Opens the window, or brings it to the front. */
  readonly show: () => void
  readonly close: () => void
}

/** Asks a person before something is destroyed: one question at a time, about one pod as it was shown. */
export interface ConfirmationDesk {
  /** Opens the question once the pod was read; it takes the place of another one. */
  ask(podId: PodId, purpose: ConfirmationPurpose): Promise<Result<void, string>>
  /** The question that is open now, as true as it is known; null: none is. */
  view(): ConfirmationView | null
  /** `typed` null: no, which needs no token. */
  answer(token: string, typed: string | null): Promise<ConfirmationAnswer>
  /** Its window was closed. */
  drop(): void
}

interface Question {
  readonly purpose: ConfirmationPurpose
  shown: ShownPod
  token: string
  revision: number
  changed: string | null
  /** When it was last tried to read the pod. */
  lookedAt: Instant
  isLooking: boolean
}

const refused = (message: string): ConfirmationAnswer => ({ kind: 'refused', message })

export function createConfirmationDesk(options: ConfirmationDeskOptions): ConfirmationDesk {
  const { clock, newToken, seen, look, carryOut, show, close } = options
  let question: Question | null = null
  let revision = 0
  let asked = 0

  function end(): void {
    question = null
    close()
  }

  /** The pod as it is now; null when it cannot be terminated any more. */
  function present(
    podId: PodId,
  ): { readonly shown: ShownPod; readonly pod: Pod; readonly accountId: AccountId } | null {
    const account = seen()
    const pod = account?.pods.find(({ id }) => id === podId)
    if (!account || !pod || !canDo(pod, 'terminate')) return null
    return { pod, accountId: account.accountId, shown: shownPod(account.accountId, pod, account.pods) }
  }

  /** Makes the question one about the pod as it is now, if that is not what was shown. False: there is none any more. */
  function bringUpToDate(open: Question): boolean {
    const now = present(open.shown.podId)
    if (now === null || now.accountId !== open.shown.accountId) return false
    const { accepts } = now.shown
    if (isAsShown(open.shown, now.accountId, now.pod) && accepts.join() === open.shown.accepts.join())
      return true
    open.changed = `${open.shown.name} changed while you were asked. Look again, and type it anew.`
    open.shown = now.shown
    open.token = newToken()
    open.revision = revision += 1
    return true
  }

  async function lookAt(open: Question): Promise<Result<void, string>> {
    const at = clock.now()
    open.isLooking = true
    const looked = await look(open.shown.podId)
    open.isLooking = false
    open.lookedAt = at
    return looked
  }

  async function answerYes(open: Question, typed: string): Promise<ConfirmationAnswer> {
    // Whatever comes of it, it was an answer to the question as it stood.
    open.token = newToken()
    const confirmed = confirm(open.shown, typed)
    if (confirmed === null) return refused('That is not what has to be typed. Nothing was done.')
    const looked = await lookAt(open)
    if (question !== open) return refused('Meanwhile something else was asked. Nothing was done.')
    if (!looked.ok) return refused(`Nothing was done, since the pod could not be read: ${looked.error}`)
    const { revision: before } = open
    if (!bringUpToDate(open)) {
      end()
      return refused(`${confirmed.name} is gone, or cannot be terminated any more. Nothing was done.`)
    }
    if (open.revision !== before) return refused(open.changed ?? 'The pod changed. Nothing was done.')
    const done = carryOut(open.purpose, confirmed)
    if (!done.ok) return refused(done.error)
    end()
    return { kind: 'done' }
  }

  return {
    async ask(podId, purpose) {
      if (question?.shown.podId === podId && question.purpose === purpose && bringUpToDate(question)) {
        show()
        return ok(undefined)
      }
      const turn = (asked += 1)
      const at = clock.now()
      const looked = await look(podId)
      // A later question was asked for meanwhile, and that is the one which is wanted.
      if (turn !== asked) return ok(undefined)
      if (!looked.ok) return fail(`The pod could not be read, so nothing was asked: ${looked.error}`)
      const now = present(podId)
      if (now === null) return fail('That pod is gone, or does not allow a terminate now.')
      question = {
        purpose,
        shown: now.shown,
        token: newToken(),
        revision: (revision += 1),
        changed: null,
        lookedAt: at,
        isLooking: false,
      }
      show()
      return ok(undefined)
    },

    view() {
      if (question === null) return null
      const open = question
      if (!bringUpToDate(open)) {
        end()
        return null
      }
      if (!open.isLooking && elapsedMs(open.lookedAt, clock.now()) > LOOK_AGAIN_MS) void lookAt(open)
      const pod = present(open.shown.podId)?.pod
      if (pod === undefined) return null
      const { token, changed, shown } = open
      const words = confirmationWords(open.purpose, pod, shown, clock.now().wallMs)
      return { token, revision: open.revision, changed, accepts: shown.accepts, ...words }
    },

    async answer(token, typed) {
      const open = question
      if (open !== null && typed === null) {
        // A no is one whatever it was about.
        end()
        return { kind: 'done' }
      }
      if (open === null || typed === null || open.token !== token)
        return refused('This question is not open any more.')
      return answerYes(open, typed)
    },

    drop() {
      question = null
    },
  }
}
