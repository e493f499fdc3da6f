import { formatDuration } from '../base/text/format'
import type { AccountId, Pod, PodAction, PodId } from '../pods/pod'
import { dataImpact, type HourlySaving, savingOfStop } from '../pods/data-impact'
import { clockDisagreementMs, elapsedMs, type Instant, longestElapsedMs, SECOND_MS } from '../base/time/time'
import type { IntentRules } from './intent-rules'

/*
 * An intent is a requested action. It is persisted before anything is sent. See docs/product-rules.md#41-intents.
 *
 *   scheduled ──due──▶ sent ──2xx──▶ accepted ──seen──▶ observed
 *     │    ▲           │▲│             │
 *     │    └────429────┘│├──seen───────┼───────────▶ observed
 *     │                 │├──refused────┼───────────▶ failed
 *     │   waiting ──due─┘└──deadline───┴───────────▶ did-not-happen
 *     │    │   ▲─────no GPU──┘
 *     └────┴──undone or obsolete──▶ cancelled
 *
 * A stop that did not happen by its deadline becomes `observed` if it is seen soon after.
 *
 * After no reply, a 5xx or an unreadable reply it stays `sent`: whether the action took effect is determined by
 * reading, never by sending again. Only two requests are repeated: one that got a 429, which did nothing, and a start
 * "when a GPU is free", once a read shows that the last attempt did nothing.
 *
 * The effect of replies is in intent-reply.ts, that of reads in intent-observation.ts. Intents are parsed in
 * parse-intent.ts.
 */

/** Why a pod would be stopped automatically. */
export const stopCauses = ['quiet', 'max-hours', 'stop-time', 'budget'] as const
export type StopCause = (typeof stopCauses)[number]

export type IntentAction = PodAction

/** Who requested it: the user, or a guard rule that the user set. */
export const intentOrigins = ['person', ...stopCauses] as const
export type IntentOrigin = (typeof intentOrigins)[number]

export const intentPhases = [
  'scheduled',
  'waiting',
  'sent',
  'accepted',
  'observed',
  'cancelled',
  'failed',
  'did-not-happen',
] as const
export type IntentPhase = (typeof intentPhases)[number]

export interface Intent {
  readonly id: string
  readonly accountId: AccountId
  readonly podId: PodId
  readonly podName: string
  readonly action: IntentAction
  readonly origin: IntentOrigin
  /** The user requested on the command line, which another program may have carried out. */
  readonly isFromCommandLine: boolean
  /** Who requested it on the command line, where sudo says so. Absent: the user. */
  readonly personName?: string
  /** The token of the Pods API that requested it. Absent: none. */
  readonly tokenName?: string
  /** The request of a job that it is for. Absent: none. */
  readonly jobRequestId?: string
  /** A person chose its time earlier. Absent: it was requested when it was to happen. */
  readonly isPlanned?: true
  /** What a stop saves, by the rate when it was requested. Absent: no stop, or the rate isn't known. */
  readonly saving?: HourlySaving
  readonly phase: IntentPhase
  readonly requestedAt: Instant
  /** When it reached its phase. */
  readonly phaseAt: Instant
  /**
   * While `scheduled` or `waiting`: how long after `phaseAt` it is sent, ms. For an action of a rule that got a
   * 429: how long the API asked to wait.
   */
  readonly waitMs: number
  /** When it was last sent. */
  readonly sentAt: Instant | null
  /**
   * The pod's start time when the action was requested; a different one means that the pod was restarted
   * since.
   */
  readonly podStartedAtMs: number | null
  /** The container's uptime in seconds when the action was requested; a restart makes it fall. */
  readonly podUptimeS: number | null
  /**
   * The error that the pod had when the action was requested, until it shows another state: a read that still
   * shows it says nothing about the action. Null: none.
   */
  readonly earlierError: { readonly reason: string | null } | null
  /** The API replied that the action is not valid now (409), so the next read of the pod decides. */
  readonly isDisputed: boolean
  /** A start that is retried until a GPU is free. */
  readonly waitsForGpu: boolean
  /** How many attempts found no GPU. */
  readonly gpuTries: number
  /** How many attempts got a 429. */
  readonly rateLimitedTries: number
  /** It was undone while an attempt was in flight, so that attempt is the last. */
  readonly isCalledOff: boolean
  /** It failed because no GPU was free. */
  readonly lacksGpu: boolean
  /** The API refused it, so that it did nothing; null: not refused, or its effect is unclear. */
  readonly refusal: 'forbidden' | 'other' | null
  /** For an action of a rule: how many tries on this pod failed in a row before this one. */
  readonly earlierFailures: number
  /** For display: why it failed, was canceled, or waits; the API's message where there is one. */
  readonly message: string | null
}

/** If the two clocks disagree by more than this, the machine slept or a clock was set, and confirmations expire. */
const CLOCK_JUMP_MS = 10 * SECOND_MS

export interface IntentRequest
  extends
    Pick<
      Intent,
      'id' | 'accountId' | 'action' | 'origin' | 'personName' | 'tokenName' | 'jobRequestId' | 'isPlanned'
    >,
    Partial<Pick<Intent, 'waitsForGpu' | 'isFromCommandLine' | 'earlierFailures'>> {
  /** Sent at once, without time to undo it. */
  readonly isImmediate?: boolean
  /** How long it can be undone, ms. Absent: as the rules say. */
  readonly undoMs?: number
}

/**
 * Creates the intent for an action on `pod`. The user can undo a stop and a restart; a terminate was already
 * confirmed.
 */
export function scheduleIntent(request: IntentRequest, pod: Pod, now: Instant, rules: IntentRules): Intent {
  const { id, accountId, action, origin, waitsForGpu = false, earlierFailures = 0 } = request
  const { isFromCommandLine = false, personName, tokenName, jobRequestId, isPlanned } = request
  const isUndoable = origin === 'person' && (action === 'stop' || action === 'restart')
  const saving = action === 'stop' ? savingOfStop(pod, dataImpact(pod, 'stop')) : null
  const hasUndo = isUndoable && request.isImmediate !== true
  return {
    id,
    accountId,
    podId: pod.id,
    podName: pod.name,
    action,
    origin,
    phase: waitsForGpu ? 'waiting' : 'scheduled',
    requestedAt: now,
    phaseAt: now,
    waitMs: hasUndo ? (request.undoMs ?? rules.undoMs) : 0,
    sentAt: null,
    podStartedAtMs: pod.startedAtMs,
    podUptimeS: pod.telemetry?.uptimeS ?? null,
    earlierError: pod.phase === 'error' ? { reason: pod.statusReason } : null,
    isDisputed: false,
    waitsForGpu,
    gpuTries: 0,
    rateLimitedTries: 0,
    isCalledOff: false,
    lacksGpu: false,
    refusal: null,
    earlierFailures,
    isFromCommandLine,
    ...(personName !== undefined && { personName }),
    ...(tokenName !== undefined && { tokenName }),
    ...(jobRequestId !== undefined && { jobRequestId }),
    ...(isPlanned !== undefined && { isPlanned }),
    ...(saving !== null && { saving }),
    message: null,
  }
}

/** An open intent blocks other actions on its pod. */
export function isOpen({ phase }: Pick<Intent, 'phase'>): boolean {
  return isUnsent({ phase }) || phase === 'sent' || phase === 'accepted'
}

/** Whether it is still to be sent. */
export function isUnsent({ phase }: Pick<Intent, 'phase'>): boolean {
  return phase === 'scheduled' || phase === 'waiting'
}

/** Milliseconds until an unsent intent is due; 0 when it is. */
export function dueInMs(intent: Intent, now: Instant): number {
  return Math.max(0, intent.waitMs - elapsedMs(intent.phaseAt, now))
}

/**
 * Whether the pod must be read before this is sent: another run scheduled it, much time passed (a sleep), or
 * it waits for a GPU, which may take hours.
 */
export function isLate(intent: Intent, now: Instant, rules: IntentRules): boolean {
  const { phaseAt, waitMs, phase } = intent
  return (
    phase === 'waiting' ||
    phaseAt.runId !== now.runId ||
    longestElapsedMs(phaseAt, now) > waitMs + rules.lateAfterMs
  )
}

/**
 * Why a late intent must not be sent any more; null if the pod is as it was when the action was requested.
 */
export function staleReason(intent: Intent, pod: Pod): string | null {
  const isNewRun = intent.action !== 'start' && pod.startedAtMs !== intent.podStartedAtMs
  if (!isNewRun && pod.actions.includes(intent.action)) return null
  return `${intent.podName} changed before the ${intent.action} was sent, so nothing was sent.`
}

/**
 * The intent as expired, or null if it may still be sent. A terminate is valid as long as its confirmation,
 * which survives neither a sleep nor a restart of Podkeeper; a restart survives no sleep either. What should
 * have been sent more than two minutes ago is asked for again. A start that waits for a GPU has a maximum wait.
 * See docs/product-rules.md#43-stop.
 */
export function expiredIntent(intent: Intent, now: Instant, rules: IntentRules): Intent | null {
  const { action, requestedAt, phaseAt, waitMs } = intent
  if (!isUnsent(intent)) return null
  if (intent.waitsForGpu) {
    if (longestElapsedMs(requestedAt, now) < rules.gpuGiveUpMs) return null
    const message = `No GPU was free for ${formatDuration(rules.gpuGiveUpMs)}.`
    return toPhase(intent, 'did-not-happen', now, message)
  }
  const isOtherRun = requestedAt.runId !== now.runId
  // What an earlier run left is decided when it is recovered.
  if (isOtherRun && action !== 'terminate') return null
  const overdueMs =
    action === 'terminate' ? longestElapsedMs(requestedAt, now) : longestElapsedMs(phaseAt, now) - waitMs
  const isAfterSleep =
    (action === 'terminate' || action === 'restart') && clockDisagreementMs(requestedAt, now) > CLOCK_JUMP_MS
  const isStale = isOtherRun || isAfterSleep || overdueMs > rules.confirmationValidMs
  return isStale ? toPhase(intent, 'cancelled', now, askAgainText(intent)) : null
}

/** Why an action that expired, or that a sleep ended, was canceled. */
export const askAgainText = ({ action, podName }: Intent): string =>
  action === 'terminate'
    ? `Terminating ${podName} was postponed and has to be confirmed again. Nothing more was sent.`
    : `The ${action} of ${podName} could not be sent in time and has to be requested again. Nothing was done.`

/**
 * What happens to an action when the computer goes to sleep or shuts down: a stop that only waits for its undo is
 * sent, a restart and a terminate are asked for again. See docs/product-rules.md#43-stop.
 */
export function beforeSleep(intent: Intent, now: Instant, rules: IntentRules): 'send' | 'cancel' | 'keep' {
  const { action, phase, sentAt } = intent
  if (!isUnsent(intent)) return 'keep'
  if (action === 'terminate' || action === 'restart') return 'cancel'
  const isWaitingForUndo = action === 'stop' && phase === 'scheduled' && sentAt === null
  return isWaitingForUndo && !isLate(intent, now, rules) ? 'send' : 'keep'
}

/** The undone intent; the unchanged intent when it is too late. */
export function undoIntent(intent: Intent, now: Instant): Intent {
  if (isUnsent(intent)) return toPhase(intent, 'cancelled', now, null)
  const isSending = intent.waitsForGpu && intent.phase === 'sent' && !intent.isCalledOff
  return isSending ? { ...intent, isCalledOff: true } : intent
}

export function cancelIntent(intent: Intent, now: Instant, message: string): Intent {
  return isUnsent(intent) ? toPhase(intent, 'cancelled', now, message) : intent
}

export function markSent(intent: Intent, now: Instant): Intent {
  return isUnsent(intent) ? { ...toPhase(intent, 'sent', now, null), sentAt: now } : intent
}

/**
 * The state in which an open intent of an earlier run is resumed, mainly after a crash. What was never sent
 * is canceled with a message, except a start that waits for a GPU.
 */
export function recoverIntent(intent: Intent, now: Instant, rules: IntentRules): Intent {
  if (!isUnsent(intent)) return intent
  const { action, podName } = intent
  if (intent.phase === 'waiting') return expiredIntent(intent, now, rules) ?? intent
  if (intent.sentAt === null)
    return cancelIntent(
      intent,
      now,
      `Podkeeper quit before the ${action} of ${podName} was sent, so nothing was sent.`,
    )
  const expired = expiredIntent(intent, now, rules)
  if (expired !== null) return expired
  if (elapsedMs(intent.requestedAt, now) <= rules.retryWindowMs) return intent
  return cancelIntent(
    intent,
    now,
    `Podkeeper quit while the ${action} of ${podName} was postponed; it was not carried out.`,
  )
}

export function toPhase(intent: Intent, phase: IntentPhase, now: Instant, message: string | null): Intent {
  return { ...intent, phase, phaseAt: now, message, isDisputed: false }
}
