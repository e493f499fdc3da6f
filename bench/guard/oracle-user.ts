import type { PodAction } from '../../src/core/pods/pod'
import type { ProviderErrorKind } from '../../src/core/pods/provider'
import type { Settings } from '../../src/core/settings/settings'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import type { Observation } from './virtual-provider'

/*
 * Checks that what a user requested was sent and what was undone was not. Every action has an undo time, a crash during
 * it cancels the action, and only a 429 is retried. See docs/product-rules.md#41-intents.
 */

/** An undisturbed action is certainly sent within this time after its undo time. */
const SEND_DEADLINE_MS = MINUTE_MS
/** An action that the API postponed may be retried for about this long, and after a disturbance for longer. */
const POSTPONED_FOR_MS = 12 * MINUTE_MS
const POSTPONED_AND_DISTURBED_FOR_MS = 60 * MINUTE_MS
/** A stop that was accepted goes on for at least this long, or until the pod is seen stopped. */
const ACCEPTED_FOR_MS = 30 * SECOND_MS

export interface UserOracle {
  /** The program accepted the action. */
  onRequested(podId: string, action: 'stop' | 'restart'): void
  onUndone(podId: string): void
  onUndoRefused(podId: string): void
  /** A request is sent. Returns whether it is the one that a user requested. `failure`: how it will be answered. */
  onSending(podId: string, action: PodAction, failure: ProviderErrorKind | null): boolean
  /** Whether an action on the pod was undone and none was requested since. */
  isTakenBack(podId: string): boolean
  onObserved(observation: Observation): void
  /** It was said that the action failed, so what is sent later is not what was asked for. */
  onGivenUp(podId: string): void
  onDisturbance(): void
  onCrash(): void
  /** Whether a user's stop of the pod was accepted, and is not over. */
  isStopping(podId: string): boolean
  /** Whether a user's action on the pod may be waiting to be sent. */
  mayBeWaiting(podId: string): boolean
  /** Whether a user has requested any action on the pod yet. */
  wasRequested(podId: string): boolean
  readonly counts: PersonCounts
}

export interface PersonCounts {
  readonly userActionsSent: number
  readonly userActionsUndone: number
  /** The program crashed during the undo time. */
  readonly userActionsLostToCrash: number
}

interface UserAction {
  readonly action: 'stop' | 'restart'
  /** True time at which the undo time ends. */
  readonly dueMs: number
  readonly state: 'asked' | 'sent' | 'postponed' | 'undone'
  /** A disturbance may delay or prevent it. */
  readonly isUncertain: boolean
  readonly sentAtMs: number | null
  /** The API accepted it. */
  readonly isAccepted: boolean
}

export interface UserOracleOptions {
  readonly settings: () => Settings
  readonly now: () => { readonly trueMs: number }
  readonly reportViolation: (podId: string | null, rule: string, text: string) => void
}

export function createUserOracle({ settings, now, reportViolation }: UserOracleOptions): UserOracle {
  const userActions = new Map<string, UserAction>()
  const counts = { userActionsSent: 0, userActionsUndone: 0, userActionsLostToCrash: 0 }

  function change(podId: string, changes: Partial<UserAction>): void {
    const userAction = userActions.get(podId)
    if (userAction) userActions.set(podId, { ...userAction, ...changes })
  }
  const isUnsent = ({ state }: UserAction): boolean => state === 'asked' || state === 'postponed'

  return {
    counts,
    onRequested(podId, action) {
      const dueMs = now().trueMs + settings().undoS * SECOND_MS
      userActions.set(podId, {
        action,
        dueMs,
        state: 'asked',
        isUncertain: false,
        sentAtMs: null,
        isAccepted: false,
      })
    },
    onUndone(podId) {
      const userAction = userActions.get(podId)
      if (!userAction || !isUnsent(userAction))
        reportViolation(
          podId,
          'only what was not sent can be taken back',
          `it was ${userAction?.state ?? 'never asked for'}`,
        )
      change(podId, { state: 'undone' })
      counts.userActionsUndone += 1
    },
    onUndoRefused(podId) {
      const userAction = userActions.get(podId)
      if (userAction?.state === 'asked' && !userAction.isUncertain && now().trueMs < userAction.dueMs)
        reportViolation(podId, 'a person has some seconds to take it back', 'the undo was refused in them')
    },
    onSending(podId, action, failure) {
      const userAction = userActions.get(podId)
      const { trueMs } = now()
      if (userAction === undefined || userAction.action !== action || !isUnsent(userAction)) return false
      const retriedForMs = userAction.isUncertain ? POSTPONED_AND_DISTURBED_FOR_MS : POSTPONED_FOR_MS
      if (userAction.state === 'postponed' && trueMs - (userAction.sentAtMs ?? 0) > retriedForMs) return false
      if (trueMs < userAction.dueMs)
        reportViolation(
          podId,
          'a person has some seconds to take it back',
          `it was sent ${userAction.dueMs - trueMs} ms before their end`,
        )
      const state = failure === 'rate-limited' ? 'postponed' : 'sent'
      change(podId, { state, sentAtMs: userAction.sentAtMs ?? trueMs, isAccepted: failure === null })
      counts.userActionsSent += 1
      return true
    },
    onGivenUp(podId) {
      if (userActions.get(podId)?.state === 'postponed') change(podId, { state: 'sent' })
    },
    isTakenBack: (podId) => userActions.get(podId)?.state === 'undone',
    onObserved({ podId, pod }) {
      const userAction = userActions.get(podId)
      if (userAction?.state !== 'asked' || now().trueMs - userAction.dueMs < SEND_DEADLINE_MS) return
      if (!userAction.isUncertain)
        reportViolation(
          podId,
          'what a person asked for is sent',
          `its ${userAction.action} was not, a minute after its seconds`,
        )
      // A late request is sent only if the pod's state is unchanged.
      else if (pod.phase !== 'running') change(podId, { state: 'undone' })
    },
    onDisturbance() {
      for (const podId of userActions.keys()) change(podId, { isUncertain: true })
    },
    onCrash() {
      for (const [podId, { state }] of userActions) {
        if (state !== 'asked') continue
        counts.userActionsLostToCrash += 1
        change(podId, { state: 'undone' })
      }
    },
    isStopping(podId) {
      const userAction = userActions.get(podId)
      if (userAction?.action !== 'stop' || !userAction.isAccepted || userAction.isUncertain) return false
      return now().trueMs - (userAction.sentAtMs ?? -Infinity) < ACCEPTED_FOR_MS
    },
    mayBeWaiting(podId) {
      const userAction = userActions.get(podId)
      return userAction !== undefined && isUnsent(userAction)
    },
    wasRequested: (podId) => userActions.has(podId),
  }
}
