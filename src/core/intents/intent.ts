import { formatDuration } from '../base/format'
import type { AccountId, Pod, PodAction, PodId } from '../pods/pod'
import { clockDisagreementMs, elapsedMs, HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from '../base/time'

/*
 * An intent is an action that was asked for. It is written down before anything is sent:
 *
 *   scheduled ──due──▶ sent ──2xx──▶ accepted ──seen──▶ observed
 *     │    ▲           │▲│             │
 *     │    └────429────┘│├──seen───────┼───────────▶ observed
 *     │                 │├──refused────┼───────────▶ failed
 *     │   waiting ──due─┘└──deadline───┴───────────▶ did-not-happen
 *     │    │   ▲─────no GPU──┘
 *     └────┴──undo, or what was asked for makes no sense any more──▶ cancelled
 *
 * No answer, a 5xx or an unreadable one leaves it `sent`: whether it took effect is found out by reading,
 * never by sending again. Only a 429, which did nothing, is sent again by itself; and a start that somebody asked for
 * "when a GPU is free", once a look shows that the last try did nothing.
 *
 * What answers and looks make of an intent is in intent-reply.ts and intent-look.ts, how it is read back from a journal in
 * parse-intent.ts.
 */

/** Why a pod would be stopped by itself. */
export const stopCauses = ['quiet', 'max-hours', 'budget'] as const

export type StopCause = (typeof stopCauses)[number]

export type IntentAction = PodAction

/** Who asked: a person, or a rule of the guard that a person set. */
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
  readonly phase: IntentPhase
  readonly requestedAt: Instant
  /** When it got to its phase. */
  readonly phaseAt: Instant
  /** While `scheduled` or `waiting`: how long after `phaseAt` it is sent, ms. */
  readonly waitMs: number
  /** The last time that it was sent. */
  readonly sentAt: Instant | null
  /** The pod's start when the action was asked for: another one means another run of the pod. */
  readonly podStartedAtMs: number | null
  /** Seconds that its container was up when the action was asked for; a restart makes them fall. */
  readonly podUptimeS: number | null
  /** The API said that the action is not valid now (409): the next look at the pod decides. */
  readonly isDisputed: boolean
  /** A start that is tried again until a GPU is free. */
  readonly waitsForGpu: boolean
  /** How often it found no GPU. */
  readonly gpuTries: number
  /** It was undone while a try was on its way: that try is the last. */
  readonly isCalledOff: boolean
  /** It failed because no GPU was free. */
  readonly lacksGpu: boolean
  /** For people: why it failed, was cancelled, or waits; the API's own words where it gave any. */
  readonly message: string | null
}

/** An intent as windows draw it. */
export interface IntentView {
  readonly id: string
  readonly podId: PodId
  readonly action: IntentAction
  readonly origin: IntentOrigin
  readonly phase: IntentPhase
  /** Unix ms until which it can be undone; null unless `scheduled`. While `waiting` it can be undone at any time. */
  readonly undoUntilMs: number | null
  /** A start that is tried again until a GPU is free. */
  readonly waitsForGpu: boolean
  /** Unix ms at which a waiting start is tried next; else null. */
  readonly nextTryAtMs: number | null
  /** It failed for want of a GPU, so that a start when one is free can be offered. */
  readonly canWaitForGpu: boolean
  readonly message: string | null
  /** When it got to this phase, Unix ms. */
  readonly atMs: number
}

/** Milliseconds. Source: product rules, "Actions". */
export interface IntentRules {
  readonly undoMs: number
  readonly stopDeadlineMs: number
  readonly restartDeadlineMs: number
  readonly startDeadlineMs: number
  readonly terminateDeadlineMs: number
  /** How long an action that Runpod puts off with 429 is tried again. */
  readonly retryForMs: number
  /** The same of a terminate: as long as its confirmation holds. */
  readonly confirmedForMs: number
  /** A scheduled action that is sent later than this after its time looks at the pod again first. */
  readonly lateMs: number
  /** A waiting start is tried again after this, ever more slowly, */
  readonly gpuRetryMs: number
  /** at last only this often, */
  readonly gpuRetrySlowestMs: number
  /** and given up after this. */
  readonly gpuGiveUpMs: number
}

export const defaultIntentRules: IntentRules = {
  undoMs: 5_000,
  stopDeadlineMs: 2 * MINUTE_MS,
  restartDeadlineMs: 3 * MINUTE_MS,
  startDeadlineMs: 15 * MINUTE_MS,
  terminateDeadlineMs: 2 * MINUTE_MS,
  retryForMs: 10 * MINUTE_MS,
  confirmedForMs: 2 * MINUTE_MS,
  lateMs: 30_000,
  gpuRetryMs: MINUTE_MS,
  gpuRetrySlowestMs: 5 * MINUTE_MS,
  gpuGiveUpMs: 8 * HOUR_MS,
}

/** When the two clocks disagree by more than this, the machine slept or a clock was set: a confirmation ends with it. */
const SLEEP_MS = 10 * SECOND_MS

export interface IntentRequest {
  readonly id: string
  readonly accountId: AccountId
  readonly action: IntentAction
  readonly origin: IntentOrigin
  /** Of a start: tried again until a GPU is free. */
  readonly waitsForGpu?: boolean
}

/** The intent of doing something with `pod`. A person can undo a stop and a restart; a terminate was confirmed before. */
export function scheduleIntent(
  { id, accountId, action, origin, waitsForGpu = false }: IntentRequest,
  pod: Pod,
  now: Instant,
  rules: IntentRules,
): Intent {
  const hasUndo = origin === 'person' && (action === 'stop' || action === 'restart')
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
    waitMs: hasUndo ? rules.undoMs : 0,
    sentAt: null,
    podStartedAtMs: pod.startedAtMs,
    podUptimeS: pod.telemetry?.uptimeS ?? null,
    isDisputed: false,
    waitsForGpu,
    gpuTries: 0,
    isCalledOff: false,
    lacksGpu: false,
    message: null,
  }
}

/** Open intents occupy their pod: nothing else is sent for it. */
export function isOpen({ phase }: Pick<Intent, 'phase'>): boolean {
  return isUnsent({ phase }) || phase === 'sent' || phase === 'accepted'
}

/** Whether it is still to be sent, at its time. */
export function isUnsent({ phase }: Pick<Intent, 'phase'>): boolean {
  return phase === 'scheduled' || phase === 'waiting'
}

/** Milliseconds until an unsent intent is due; 0 when it is. */
export function dueInMs(intent: Intent, now: Instant): number {
  return Math.max(0, intent.waitMs - elapsedMs(intent.phaseAt, now))
}

/**
 * Whether the pod must be read before this is sent: another run scheduled it, much time passed (a sleep), or it waits for
 * a GPU, which may take hours.
 */
export function isLate(intent: Intent, now: Instant, rules: IntentRules): boolean {
  const { phaseAt, waitMs, phase } = intent
  return phase === 'waiting' || phaseAt.runId !== now.runId || sinceMs(phaseAt, now) > waitMs + rules.lateMs
}

/** Why a late intent must not be sent any more, or null: the pod is as it was when the action was asked for. */
export function staleReason(intent: Intent, pod: Pod): string | null {
  const isOtherRun = intent.action !== 'start' && pod.startedAtMs !== intent.podStartedAtMs
  if (!isOtherRun && pod.actions.includes(intent.action)) return null
  return `${intent.podName} changed before the ${intent.action} was sent, so nothing was sent.`
}

/**
 * Why an unsent intent must not be sent whatever its pod is like, or null. A terminate holds as long as its
 * confirmation, which neither a sleep nor a restart of Podkeeper survives; a start waits for a GPU so long and no longer.
 */
export function expiry(intent: Intent, now: Instant, rules: IntentRules): Intent | null {
  const { action, requestedAt } = intent
  if (!isUnsent(intent)) return null
  if (action === 'terminate') {
    const isStale =
      requestedAt.runId !== now.runId ||
      sinceMs(requestedAt, now) > rules.confirmedForMs ||
      clockDisagreementMs(requestedAt, now) > SLEEP_MS
    if (!isStale) return null
    return moveTo(intent, 'cancelled', now, confirmAgain(intent))
  }
  if (!intent.waitsForGpu || sinceMs(requestedAt, now) < rules.gpuGiveUpMs) return null
  const words = `No GPU was free for ${formatDuration(rules.gpuGiveUpMs)}.`
  return moveTo(intent, 'did-not-happen', now, words)
}

export const confirmAgain = ({ podName }: Intent): string =>
  `The terminate of ${podName} was put off, and has to be confirmed again. Nothing more was sent.`

/** The undone intent; the intent itself when it is too late. */
export function undoIntent(intent: Intent, now: Instant): Intent {
  if (isUnsent(intent)) return moveTo(intent, 'cancelled', now, null)
  const isTrying = intent.waitsForGpu && intent.phase === 'sent' && !intent.isCalledOff
  return isTrying ? { ...intent, isCalledOff: true } : intent
}

export function cancelIntent(intent: Intent, now: Instant, message: string): Intent {
  return isUnsent(intent) ? moveTo(intent, 'cancelled', now, message) : intent
}

export function markSent(intent: Intent, now: Instant): Intent {
  return isUnsent(intent) ? { ...moveTo(intent, 'sent', now, null), sentAt: now } : intent
}

/**
 * An open intent as it is found when its account is connected again, after a crash most of all. What was never sent is
 * cancelled, and says so; but a start that waits for a GPU waits on.
 */
export function recoverIntent(intent: Intent, now: Instant, rules: IntentRules): Intent {
  if (!isUnsent(intent)) return intent
  const { action, podName } = intent
  if (intent.phase === 'waiting') return expiry(intent, now, rules) ?? intent
  if (intent.sentAt === null)
    return cancelIntent(
      intent,
      now,
      `Podkeeper ended before the ${action} of ${podName} was sent, so nothing was sent.`,
    )
  const expired = expiry(intent, now, rules)
  if (expired !== null) return expired
  if (elapsedMs(intent.requestedAt, now) <= rules.retryForMs) return intent
  return cancelIntent(
    intent,
    now,
    `Podkeeper ended while Runpod was putting off the ${action} of ${podName}; it did not happen.`,
  )
}

export function viewOfIntent(intent: Intent): IntentView {
  const { id, podId, action, origin, phase, message, phaseAt } = intent
  const dueAtMs = phaseAt.wallMs + intent.waitMs
  return {
    id,
    podId,
    action,
    origin,
    phase,
    waitsForGpu: intent.waitsForGpu,
    undoUntilMs: phase === 'scheduled' ? dueAtMs : null,
    nextTryAtMs: phase === 'waiting' ? dueAtMs : null,
    canWaitForGpu: phase === 'failed' && intent.lacksGpu,
    message,
    atMs: phaseAt.wallMs,
  }
}

export function moveTo(intent: Intent, phase: IntentPhase, now: Instant, message: string | null): Intent {
  return { ...intent, phase, phaseAt: now, message, isDisputed: false }
}

/** By either clock, so that a sleep in which one stood still counts. */
export function sinceMs(from: Instant, to: Instant): number {
  return Math.max(elapsedMs(from, to), to.wallMs - from.wallMs)
}
