import * as v from 'valibot'
import type { ReadonlyOutput } from '../base/readonly-output'
import { formatDuration } from '../base/text/format'
import type { Result } from '../base/result'
import { elapsedMs, type Instant, longestElapsedMs, MINUTE_MS } from '../base/time/time'
import { type IntentPhase, intentPhases, isOpen, isUnsent } from '../intents/intent'
import { defaultIntentRules, type IntentRules } from '../intents/intent-rules'
import type { AccountId, PodId } from '../pods/pod'
import { isRunId, shortTextSchema } from '../pods/pod-request'
import { type CreateCandidate, type CreatePlan, createPlanSchema, unkeptVariables } from './create-plan'
import { instantSchema } from '../base/time/instant-schema'

/*
 * A create is a durable intent like the actions on pods, whose phases it has. See
 * docs/product-rules.md#113-the-create-intent.
 *
 *   scheduled ──due──▶ sent ──2xx──▶ accepted ──seen──▶ observed
 *     │    ▲           │▲│             │
 *     │    └─429, next─┘│├──seen───────┼───────────▶ observed
 *     │                 │├──refused────┼───────────▶ failed
 *     │   waiting ──due─┘└──deadline───┴───────────▶ did-not-happen
 *     │    │   ▲───none free──┘
 *     └────┴──undone or obsolete──▶ cancelled
 *
 * A pod costs money from the moment it exists, so a request whose effect is not known is never sent again, and no other
 * candidate is tried after it: the account is read, and the pod is adopted by the id in its environment, however late
 * it appears and whatever was made of the intent before.
 */

const count = v.pipe(v.number(), v.minValue(0), v.finite())
const podIdOrNull = v.nullable(shortTextSchema)

const trySchema = v.object({
  label: shortTextSchema,
  /** Unix ms. */
  atMs: v.number(),
  outcome: v.picklist(['no-capacity', 'not-allowed', 'too-expensive']),
})

/** What became of one candidate. */
export type CreateTry = ReadonlyOutput<typeof trySchema>

const createSchema = v.object({
  id: shortTextSchema,
  accountId: shortTextSchema,
  /** Unique: it is in the environment of the pod. */
  runId: v.custom<string>(isRunId),
  isFromCommandLine: v.boolean(),
  plan: createPlanSchema,
  phase: v.picklist(intentPhases),
  requestedAt: instantSchema,
  /** When it reached its phase. */
  phaseAt: instantSchema,
  /** While `scheduled` or `waiting`: how long after `phaseAt` it is sent, ms. */
  waitMs: count,
  /** When a request was last sent. */
  sentAt: v.nullable(instantSchema),
  /** The candidate that is tried, or that is next. */
  candidateIndex: v.pipe(count, v.integer()),
  /** The latest, oldest first. */
  tries: v.array(trySchema),
  /** How many times all candidates were tried. */
  rounds: count,
  rateLimitedTries: count,
  /** A request was sent, and whether it made a pod is not known. */
  isUnclear: v.boolean(),
  /** It was undone while a request was on its way, so that one is the last. */
  isCalledOff: v.boolean(),
  /** Nothing was free. */
  lacksCapacity: v.boolean(),
  refusal: v.nullable(v.picklist(['forbidden', 'other'])),
  /** The pod that it made. */
  podId: podIdOrNull,
  /** The pod does not say which request made it, and is the only one that it can be. It gets no rules. */
  isInferred: v.boolean(),
  /** A second pod with the id of this request, which should not be. */
  extraPodId: podIdOrNull,
  /** Whether the rules of the plan hold for the pod. */
  areRulesSet: v.boolean(),
  /** Whether the terminal tabs of the plan became tabs of the pod. It is written down before it is done. */
  areTabsMoved: v.boolean(),
  /** The pods that were listed before; null: not needed, because pods name their request. */
  earlierPodIds: v.nullable(v.array(shortTextSchema)),
  message: v.nullable(v.string()),
})

export type CreateIntent = ReadonlyOutput<typeof createSchema>

/** Parses a create read from a journal; null when it is invalid. */
export function parseCreate(value: unknown): CreateIntent | null {
  const parsed = v.safeParse(createSchema, value)
  return parsed.success ? parsed.output : null
}

/** Milliseconds. */
export interface CreateRules extends Pick<
  IntentRules,
  'retryWindowMs' | 'lateAfterMs' | 'confirmationValidMs' | 'gpuRetryMs' | 'gpuRetryMaxMs'
> {
  /** How long after it was sent a pod that is not seen counts as not made. */
  readonly createDeadlineMs: number
  /** When the account is read after a request without a clear reply. */
  readonly readAfterMs: readonly number[]
}

export const defaultCreateRules: CreateRules = {
  ...defaultIntentRules,
  createDeadlineMs: 15 * MINUTE_MS,
  readAfterMs: [5_000, 15_000],
}

export interface CreateRequest {
  readonly id: string
  readonly accountId: AccountId
  readonly runId: string
  readonly plan: CreatePlan
  readonly isFromCommandLine: boolean
  /** The pods that are listed now. */
  readonly listedPodIds: readonly PodId[]
}

export function scheduleCreate(request: CreateRequest, now: Instant): CreateIntent {
  const { id, accountId, runId, plan, isFromCommandLine, listedPodIds } = request
  return {
    id,
    accountId,
    runId,
    isFromCommandLine,
    plan,
    phase: 'scheduled',
    requestedAt: now,
    phaseAt: now,
    waitMs: 0,
    sentAt: null,
    candidateIndex: 0,
    tries: [],
    rounds: 0,
    rateLimitedTries: 0,
    isUnclear: false,
    isCalledOff: false,
    lacksCapacity: false,
    refusal: null,
    podId: null,
    isInferred: false,
    extraPodId: null,
    areRulesSet: false,
    areTabsMoved: false,
    // Labs don't say by which request a pod was made.
    earlierPodIds: plan.candidates.some(({ pod }) => pod.kind === 'lab') ? listedPodIds : null,
    message: null,
  }
}

export function candidateOf({ plan, candidateIndex }: CreateIntent): CreateCandidate {
  const candidate = plan.candidates[candidateIndex] ?? plan.candidates[0]
  if (candidate === undefined) throw new Error('A plan has at least one candidate.')
  return candidate
}

export function toCreatePhase(
  create: CreateIntent,
  phase: IntentPhase,
  now: Instant,
  message: string | null,
): CreateIntent {
  return { ...create, phase, phaseAt: now, message }
}

export function markCreateSent(create: CreateIntent, now: Instant): CreateIntent {
  return isUnsent(create) ? { ...toCreatePhase(create, 'sent', now, null), sentAt: now, waitMs: 0 } : create
}

/** Milliseconds until an unsent create is due; 0 when it is. */
export const createDueInMs = ({ waitMs, phaseAt }: CreateIntent, now: Instant): number =>
  Math.max(0, waitMs - elapsedMs(phaseAt, now))

/**
 * Whether price and money must be looked at again before it is sent: nobody watches, another run scheduled it, or much
 * time passed since it was confirmed.
 */
export function isLateCreate(create: CreateIntent, now: Instant, rules: CreateRules): boolean {
  const { phase, phaseAt, rounds, requestedAt, waitMs } = create
  return (
    phase === 'waiting' ||
    rounds > 0 ||
    phaseAt.runId !== now.runId ||
    longestElapsedMs(requestedAt, now) > waitMs + rules.lateAfterMs
  )
}

/**
 * The create as expired, or null if it may still be sent. One that should have been sent more than two minutes ago, as
 * before a sleep, is asked for again, unless it was confirmed up to a price, which is looked at again instead. See
 * docs/product-rules.md#43-stop.
 */
export function expiredCreate(create: CreateIntent, now: Instant, rules: CreateRules): CreateIntent | null {
  const { waitsForMs, maxPerHourUsd, name } = create.plan
  if (!isUnsent(create)) return null
  if (waitsForMs === null) {
    // What an earlier run left is decided when it is recovered.
    const isOfThisRun = create.phaseAt.runId === now.runId
    const overdueMs = longestElapsedMs(create.phaseAt, now) - create.waitMs
    if (maxPerHourUsd !== null || !isOfThisRun || overdueMs <= rules.confirmationValidMs) return null
    return cancelCreate(
      create,
      now,
      `${name} could not be requested in time. Create it again if you still want it. Nothing was created.`,
    )
  }
  if (longestElapsedMs(create.requestedAt, now) < waitsForMs) return null
  const message = `Nothing was free for ${formatDuration(waitsForMs)}, so ${name} was not created.`
  return toCreatePhase(create, 'did-not-happen', now, message)
}

/** The undone create; the unchanged one when it is too late, or when nothing more would be sent. */
export function undoCreate(create: CreateIntent, now: Instant): CreateIntent {
  if (isUnsent(create)) return toCreatePhase(create, 'cancelled', now, null)
  const { plan, candidateIndex } = create
  const hasMore = plan.waitsForMs !== null || candidateIndex + 1 < plan.candidates.length
  const canCallOff = create.phase === 'sent' && !create.isUnclear && !create.isCalledOff && hasMore
  return canCallOff ? { ...create, isCalledOff: true } : create
}

export function cancelCreate(create: CreateIntent, now: Instant, message: string): CreateIntent {
  return isUnsent(create) ? toCreatePhase(create, 'cancelled', now, message) : create
}

/**
 * The state in which an open create of an earlier run is resumed. Values of variables are kept nowhere, so only one
 * without any can go on; what was sent is found out by reading.
 */
export function recoverCreate(create: CreateIntent, now: Instant, rules: CreateRules): CreateIntent {
  if (create.phase === 'sent') return { ...create, isUnclear: true }
  if (!isUnsent(create)) return create
  const expired = expiredCreate(create, now, rules)
  if (expired !== null) return expired
  const { plan, requestedAt } = create
  const continues =
    plan.waitsForMs !== null ||
    (create.sentAt !== null && longestElapsedMs(requestedAt, now) <= rules.retryWindowMs)
  if (!continues)
    return cancelCreate(
      create,
      now,
      `Podkeeper quit before creating ${plan.name}. Create it again if you still want it.`,
    )
  const unkept = unkeptVariables(plan)
  if (unkept.length === 0) return create
  const names = unkept.slice(0, 5).join(', ') + (unkept.length > 5 ? ', …' : '')
  return cancelCreate(
    create,
    now,
    `Podkeeper quit before creating ${plan.name}, and it doesn’t store the values of variables (${names}). Create the pod again; with account secrets, creation continues after a restart.`,
  )
}

/** Whether a pod of this create may still appear, so that lists are searched for it. */
export const awaitsPod = ({ podId, sentAt }: CreateIntent): boolean => podId === null && sentAt !== null

/** Whether it must be kept although it ended: its pod may appear however late. */
export const mayAppearLate = (create: CreateIntent): boolean =>
  !isOpen(create) && create.isUnclear && create.podId === null

/** Whether the pod is known, and its rules don't hold yet. */
export const lacksRules = ({ podId, areRulesSet, isInferred, plan }: CreateIntent): boolean =>
  podId !== null && !areRulesSet && !isInferred && Object.keys(plan.rules).length > 0

/** Whether terminal tabs become tabs of its pod, once that can be reached. */
export const awaitsTabs = ({ podId, areTabsMoved, isInferred, plan }: CreateIntent): boolean =>
  podId !== null && !areTabsMoved && !isInferred && plan.terminalTabs !== undefined

/** Persists creates before anything is sent. */
export interface CreateJournal {
  /** Ok means that it is on disk, fsynced; the error is a sentence. */
  record(create: CreateIntent): Result<void, string>
}
