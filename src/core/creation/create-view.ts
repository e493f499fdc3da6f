import { DAY_MS, elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import { type IntentPhase, isOpen, isUnsent } from '../intents/intent'
import type { AccountId, PodId } from '../pods/pod'
import { unkeptVariables } from './create-plan'
import { awaitsTabs, candidateOf, type CreateIntent, type CreateTry, undoCreate } from './create-intent'

/** A create as windows show it. */
export interface CreateView {
  readonly id: string
  readonly accountId: AccountId
  readonly name: string
  readonly phase: IntentPhase
  /** The pod, once it is known; its own state says how far it is. */
  readonly podId: PodId | null
  /** What is tried now, or next: "2 × H100 SXM". */
  readonly candidate: string
  readonly candidates: readonly { readonly label: string; readonly perHourUsd: number | null }[]
  /** What became of the ones before, oldest first. */
  readonly tries: readonly CreateTry[]
  readonly isWaitingForCapacity: boolean
  /** Unix ms; null unless it will be tried again. */
  readonly nextTryAtMs: number | null
  /** When it is given up, Unix ms; null unless it waits until something is free. */
  readonly expiresAtMs: number | null
  readonly maxPerHourUsd: number | null
  /** A request was sent, and whether it made a pod is not known yet. */
  readonly isUnclear: boolean
  readonly canCancel: boolean
  /** It ends with the program: it was to be tried once, or has values of variables, which are kept nowhere. */
  readonly endsWithProgram: boolean
  /** Nothing was free, so that waiting can be offered. */
  readonly canWaitForCapacity: boolean
  readonly message: string | null
  /** The pod that it is to replace; null: none. */
  readonly replacesPodId: PodId | null
  /** Terminal tabs of that pod become tabs of the new one, once it can be reached. */
  readonly awaitsTabs: boolean
  /** The draft of a window that it was made of; null: none. */
  readonly draftId: string | null
  readonly requestedAtMs: number
  /** When it reached this phase, Unix ms. */
  readonly atMs: number
}

/** How long an ended create remains visible. */
const ENDED_VISIBLE_MS = 10 * MINUTE_MS

/** How long a pod that replaces another one is remembered as that. */
const REPLACEMENT_VISIBLE_MS = DAY_MS

const visibleMs = ({ plan, podId }: CreateIntent): number =>
  plan.replacesPodId !== undefined && podId !== null ? REPLACEMENT_VISIBLE_MS : ENDED_VISIBLE_MS

/** The creates that are under way, or ended recently, oldest first. */
export function createViews(creates: readonly CreateIntent[], now: Instant): readonly CreateView[] {
  return creates
    .filter((create) => isOpen(create) || elapsedMs(create.phaseAt, now) < visibleMs(create))
    .map((create) => toCreateView(create, now))
}

export function toCreateView(create: CreateIntent, now: Instant): CreateView {
  const { id, accountId, plan, phase, podId, tries, isUnclear, message, requestedAt, phaseAt } = create
  return {
    id,
    accountId,
    name: plan.name,
    phase,
    podId,
    candidate: candidateOf(create).label,
    candidates: plan.candidates.map(({ label, perHourUsd }) => ({ label, perHourUsd })),
    tries,
    isWaitingForCapacity: phase === 'waiting',
    nextTryAtMs: isUnsent(create) ? phaseAt.wallMs + create.waitMs : null,
    expiresAtMs: plan.waitsForMs === null ? null : requestedAt.wallMs + plan.waitsForMs,
    maxPerHourUsd: plan.maxPerHourUsd,
    isUnclear: isUnclear && podId === null,
    endsWithProgram: isUnsent(create) && (plan.waitsForMs === null || unkeptVariables(plan).length > 0),
    canCancel: undoCreate(create, now) !== create,
    canWaitForCapacity: phase === 'failed' && create.lacksCapacity,
    message,
    replacesPodId: plan.replacesPodId ?? null,
    awaitsTabs: awaitsTabs(create),
    draftId: plan.draftId ?? null,
    requestedAtMs: requestedAt.wallMs,
    atMs: phaseAt.wallMs,
  }
}
