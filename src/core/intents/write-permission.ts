import type { Intent } from './intent'
import type { Instant } from '../base/time/time'

/**
 * What the outcomes of actions say about the key. A 403 means that one action on one pod; only while every action of
 * this session was refused, the likely reason is that the key may not act at all. See
 * docs/product-rules.md#36-limits-retries-and-switches.
 */
export interface WritePermission {
  /** The first refusal, while every action was refused. */
  readonly refusedSince: Instant | null
  /** The first proof that the key may act. */
  readonly provenAt: Instant | null
}

export const unknownPermission: WritePermission = { refusedSince: null, provenAt: null }

/** The permission after a change of an intent. */
export function withIntentChange(permission: WritePermission, intent: Intent, now: Instant): WritePermission {
  const { refusedSince, provenAt } = permission
  if (provenAt !== null || intent.sentAt?.runId !== now.runId) return permission
  if (intent.refusal === 'forbidden') return { refusedSince: refusedSince ?? now, provenAt }
  return wasAllowed(intent) ? { refusedSince: null, provenAt: now } : permission
}

/** Whether the intent was refused before it turned out that the key may act. */
export function isRefusalLifted({ provenAt }: WritePermission, { refusal, phaseAt }: Intent): boolean {
  if (refusal !== 'forbidden' || provenAt === null) return false
  return phaseAt.runId !== provenAt.runId || phaseAt.monotonicMs < provenAt.monotonicMs
}

/** A refusal because of the pod's state or a missing GPU also means that the key was allowed to ask. */
function wasAllowed({ phase, isDisputed, lacksGpu }: Intent): boolean {
  return phase === 'accepted' || phase === 'observed' || isDisputed || lacksGpu
}
