import * as v from 'valibot'
import type { AccountId, Pod, PodId } from './pod'
import type { ProviderError } from './ports'
import type { Result } from './result'
import type { Instant } from './time'
import { elapsedMs, MINUTE_MS } from './time'

/*
 * An intent is an action that a person asked for. It is written down before anything is sent:
 *
 *   scheduled ──due──▶ sent ──2xx──▶ accepted ──seen──▶ observed
 *     │    ▲            │ │             │
 *     │    └────429─────┘ ├──seen───────┼───────────▶ observed
 *     │                   ├──refused────┼───────────▶ failed
 *     │                   └──deadline───┴───────────▶ did-not-happen
 *     └──undo, or Podkeeper ended──────────────────▶ cancelled
 *
 * No answer, a 5xx or an unreadable one leaves it `sent`: whether it took effect is found out by reading,
 * never by sending again. Only a 429, which did nothing, is sent again by itself.
 */

export type IntentAction = 'start' | 'stop'

const phases = ['scheduled', 'sent', 'accepted', 'observed', 'cancelled', 'failed', 'did-not-happen'] as const
export type IntentPhase = (typeof phases)[number]

export interface Intent {
  readonly id: string
  readonly accountId: AccountId
  readonly podId: PodId
  readonly podName: string
  readonly action: IntentAction
  readonly phase: IntentPhase
  readonly requestedAt: Instant
  /** When it got to its phase. */
  readonly phaseAt: Instant
  /** While `scheduled`: how long after `phaseAt` it is sent, ms. */
  readonly waitMs: number
  /** The last time that it was sent. */
  readonly sentAt: Instant | null
  /** The pod's start when the action was asked for: another one means another run of the pod. */
  readonly podStartedAtMs: number | null
  /** The API said that the action is not valid now (409): the next look at the pod decides. */
  readonly isDisputed: boolean
  /** For people: why it failed, was cancelled, or waits; the API's own words where it gave any. */
  readonly message: string | null
}

/** An intent as windows draw it. */
export interface IntentView {
  readonly id: string
  readonly podId: PodId
  readonly action: IntentAction
  readonly phase: IntentPhase
  /** Unix ms until which it can be undone; null unless `scheduled`. */
  readonly undoUntilMs: number | null
  readonly message: string | null
  /** When it got to this phase, Unix ms. */
  readonly atMs: number
}

/** Deadlines in milliseconds. Source: product rules, "Actions". */
export interface IntentRules {
  readonly undoMs: number
  readonly stopDeadlineMs: number
  readonly startDeadlineMs: number
  /** How long an action that Runpod puts off with 429 is tried again. */
  readonly retryForMs: number
  /** A scheduled action that is sent later than this after its time looks at the pod again first. */
  readonly lateMs: number
}

export const defaultIntentRules: IntentRules = {
  undoMs: 5_000,
  stopDeadlineMs: 2 * MINUTE_MS,
  startDeadlineMs: 15 * MINUTE_MS,
  retryForMs: 10 * MINUTE_MS,
  lateMs: 30_000,
}

export function scheduleIntent(
  id: string,
  accountId: AccountId,
  pod: Pod,
  action: IntentAction,
  now: Instant,
  rules: IntentRules,
): Intent {
  return {
    id,
    accountId,
    podId: pod.id,
    podName: pod.name,
    action,
    phase: 'scheduled',
    requestedAt: now,
    phaseAt: now,
    waitMs: action === 'stop' ? rules.undoMs : 0,
    sentAt: null,
    podStartedAtMs: pod.startedAtMs,
    isDisputed: false,
    message: null,
  }
}

/** Open intents occupy their pod: nothing else is sent for it. */
export function isOpen(intent: Pick<Intent, 'phase'>): boolean {
  return intent.phase === 'scheduled' || intent.phase === 'sent' || intent.phase === 'accepted'
}

/** Milliseconds until a scheduled intent is due; 0 when it is. */
export function dueInMs(intent: Intent, now: Instant): number {
  return Math.max(0, intent.waitMs - elapsedMs(intent.phaseAt, now))
}

/** Whether the pod must be read before this is sent: another run scheduled it, or much time passed (a sleep). */
export function isLate(intent: Intent, now: Instant, rules: IntentRules): boolean {
  const { phaseAt, waitMs } = intent
  const sincePhaseMs = Math.max(elapsedMs(phaseAt, now), now.wallMs - phaseAt.wallMs)
  return phaseAt.runId !== now.runId || sincePhaseMs > waitMs + rules.lateMs
}

/** Why a late intent must not be sent any more, or null: the pod is as it was when the action was asked for. */
export function staleReason(intent: Intent, pod: Pod): string | null {
  const isOtherRun = intent.action === 'stop' && pod.startedAtMs !== intent.podStartedAtMs
  if (!isOtherRun && pod.actions.includes(intent.action)) return null
  return `${intent.podName} changed before the ${intent.action} was sent, so nothing was sent.`
}

/** The undone intent; the intent itself when it is too late. */
export function undoIntent(intent: Intent, now: Instant): Intent {
  return intent.phase === 'scheduled' ? moveTo(intent, 'cancelled', now, null) : intent
}

export function cancelIntent(intent: Intent, now: Instant, message: string): Intent {
  return intent.phase === 'scheduled' ? moveTo(intent, 'cancelled', now, message) : intent
}

export function markSent(intent: Intent, now: Instant): Intent {
  if (intent.phase !== 'scheduled') return intent
  return { ...moveTo(intent, 'sent', now, null), sentAt: now }
}

/** The intent after the answer to its request. */
export function withReply(
  intent: Intent,
  reply: Result<Pod | null, ProviderError>,
  now: Instant,
  rules: IntentRules,
): Intent {
  if (intent.phase !== 'sent') return intent
  if (reply.ok) return moveTo(intent, 'accepted', now, null)
  const { error } = reply
  switch (error.kind) {
    case 'rate-limited': {
      const waitMs = error.retryAfterMs ?? rules.undoMs
      if (elapsedMs(intent.requestedAt, now) + waitMs > rules.retryForMs)
        return moveTo(intent, 'failed', now, `Runpod kept putting it off: ${error.message}`)
      return { ...moveTo(intent, 'scheduled', now, `Runpod asks to wait. ${error.message}`), waitMs }
    }
    case 'conflict':
      return { ...intent, isDisputed: true, message: error.message }
    case 'unreachable':
    case 'unreadable':
      return { ...intent, message: `No clear answer, so its effect is being checked. ${error.message}` }
    default:
      return moveTo(intent, 'failed', now, error.message)
  }
}

/**
 * The intent after a look at its pod (null: gone, confirmed). A look that was asked for before the action
 * was sent says nothing. "Did not happen" is said only after a look from past the deadline.
 */
export function withLook(
  intent: Intent,
  pod: Pod | null,
  lookedAt: Instant,
  now: Instant,
  rules: IntentRules,
): Intent {
  if (!isOpen(intent) || intent.sentAt === null || intent.phase === 'scheduled') return intent
  if (!isAfter(lookedAt, intent.sentAt)) return intent
  if (pod === null || pod.phase === 'terminated') return moveTo(intent, 'failed', now, 'The pod is gone.')
  if (intent.action === 'stop' && pod.phase === 'stopped') return moveTo(intent, 'observed', now, null)
  if (intent.action === 'stop' && isAnotherRun(intent, pod))
    return moveTo(intent, 'observed', now, 'It stopped, and was started again since.')
  if (intent.action === 'start' && pod.phase === 'running') return moveTo(intent, 'observed', now, null)
  if (intent.action === 'start' && pod.phase === 'error')
    return moveTo(intent, 'failed', now, pod.statusReason ?? 'Runpod reports an error for this pod.')
  if (intent.isDisputed && !(intent.action === 'start' && pod.phase === 'creating'))
    return moveTo(intent, 'failed', now, intent.message)
  const deadlineMs = intent.action === 'stop' ? rules.stopDeadlineMs : rules.startDeadlineMs
  if (elapsedMs(intent.sentAt, lookedAt) < deadlineMs) return intent
  const words = intent.message === null ? '' : ` ${intent.message}`
  return moveTo(intent, 'did-not-happen', now, `The pod is still ${pod.phase}.${words}`)
}

/** An open intent as it is found when its account is connected again, after a crash most of all. What was never sent is cancelled, and says so. */
export function recoverIntent(intent: Intent, now: Instant, rules: IntentRules): Intent {
  if (intent.phase !== 'scheduled') return intent
  if (intent.sentAt === null)
    return cancelIntent(
      intent,
      now,
      `Podkeeper ended before the ${intent.action} of ${intent.podName} was sent, so nothing was sent.`,
    )
  if (elapsedMs(intent.requestedAt, now) <= rules.retryForMs) return intent
  return cancelIntent(
    intent,
    now,
    `Podkeeper ended while Runpod was putting off the ${intent.action} of ${intent.podName}; it did not happen.`,
  )
}

export function viewOfIntent(intent: Intent): IntentView {
  const { id, podId, action, phase, message, phaseAt } = intent
  const undoUntilMs = phase === 'scheduled' ? phaseAt.wallMs + intent.waitMs : null
  return { id, podId, action, phase, undoUntilMs, message, atMs: phaseAt.wallMs }
}

const instantSchema = v.object({ wallMs: v.number(), monotonicMs: v.number(), runId: v.string() })
const intentSchema = v.object({
  id: v.string(),
  accountId: v.string(),
  podId: v.string(),
  podName: v.string(),
  action: v.picklist(['start', 'stop']),
  phase: v.picklist(phases),
  requestedAt: instantSchema,
  phaseAt: instantSchema,
  waitMs: v.pipe(v.number(), v.minValue(0)),
  sentAt: v.nullable(instantSchema),
  podStartedAtMs: v.nullable(v.number()),
  isDisputed: v.boolean(),
  message: v.nullable(v.string()),
})

/** An intent read back from a journal; null when it is not one. */
export function parseIntent(value: unknown): Intent | null {
  const parsed = v.safeParse(intentSchema, value)
  return parsed.success ? parsed.output : null
}

function moveTo(intent: Intent, phase: IntentPhase, now: Instant, message: string | null): Intent {
  return { ...intent, phase, phaseAt: now, message, isDisputed: false }
}

function isAnotherRun(intent: Intent, pod: Pod): boolean {
  return intent.podStartedAtMs !== null && pod.startedAtMs !== null && pod.startedAtMs > intent.podStartedAtMs
}

/** Whether the look at `a` came after the sending at `b`. A look is always of the present run. */
function isAfter(a: Instant, b: Instant): boolean {
  return a.runId !== b.runId || a.monotonicMs >= b.monotonicMs
}
