import { formatUsdPerHour } from '../../base/text/format'
import { MINUTE_MS } from '../../base/time/time'
import type { Result } from '../../base/result'
import type { PlannedStart } from '../../pod-rules/planned-start'
import type { PodPhase } from '../../pods/pod'

/** A planned start that is later than this is dropped, ms. */
export const START_WINDOW_MS = 15 * MINUTE_MS

export interface StartFacts {
  /** Unix ms as the service's replies confirm it; null: it isn't confirmed. */
  readonly nowMs: number | null
  /** Unix ms by this computer. */
  readonly wallMs: number
  readonly phase: PodPhase
  /** The service offers a start now. */
  readonly isStartOffered: boolean
  readonly hasOpenAction: boolean
  /** The start was recorded, whatever became of it. */
  readonly wasSent: boolean
  readonly hasMaxHours: boolean
  /** What it costs once it runs, USD per hour, read within the last minute; null: it was not read yet. */
  readonly price: Result<number, string> | null
}

/** `why`: a sentence. `over`: the plan has nothing left to do. */
export type StartStep =
  | { readonly kind: 'wait'; readonly why: string | null }
  | { readonly kind: 'over' }
  | { readonly kind: 'drop'; readonly why: string }
  | { readonly kind: 'read-price' }
  | { readonly kind: 'start' }

/**
 * What is to be done about a planned start. It is carried out once, within 15 min of its time, and only if the pod was
 * seen to be stopped, has maximum hours, and costs no more than was allowed. See docs/product-rules.md#31-rules.
 */
export function startStep({ atMs, maxPerHourUsd }: PlannedStart, facts: StartFacts): StartStep {
  const { nowMs, phase, price } = facts
  if (facts.wasSent) return { kind: 'over' }
  if (nowMs === null)
    return facts.wallMs - atMs > 2 * START_WINDOW_MS ? { kind: 'drop', why: unconfirmed } : wait(unconfirmed)
  if (nowMs < atMs) return wait(null)
  if (nowMs - atMs > START_WINDOW_MS) return { kind: 'drop', why: 'It was more than 15 min late.' }
  if (phase === 'running' || phase === 'creating') return { kind: 'over' }
  if (phase === 'terminated') return { kind: 'drop', why: 'The pod is gone.' }
  if (phase !== 'stopped') return wait('The pod was not seen to be stopped.')
  if (!facts.hasMaxHours) return { kind: 'drop', why: 'It no longer has maximum hours.' }
  if (facts.hasOpenAction) return wait('Another action on the pod was under way.')
  if (!facts.isStartOffered) return wait('The service offered no start of it.')
  if (price === null) return { kind: 'read-price' }
  if (!price.ok) return wait(price.error)
  return price.value <= maxPerHourUsd
    ? { kind: 'start' }
    : {
        kind: 'drop',
        why: `It costs ${formatUsdPerHour(price.value)} now, and you allowed ${formatUsdPerHour(maxPerHourUsd)}.`,
      }
}

const unconfirmed = 'The time could not be confirmed.'

const wait = (why: string | null): StartStep => ({ kind: 'wait', why })
