import * as v from 'valibot'
import type { AutoStopView, PodGuardView } from './guard-view'
import { stopCauses } from '../intents/intent'
import { plainText } from '../base/text/plain-text'

/*
 * The automatic stop of a pod that comes next, as the Pods API serves it. Whoever shows the pods of a server makes the
 * view of it again. See docs/pods-api.md.
 */

const MAX_WHY = 500

export const nextStopSchema = v.object({
  /** `planned`: the owner was warned. `expected`: it comes if nothing changes. `held`: it is due, and something holds it. */
  state: v.picklist(['planned', 'expected', 'held', 'waiting']),
  cause: v.exactOptional(v.picklist(stopCauses)),
  action: v.picklist(['stop', 'terminate']),
  /** Unix ms. Null: it has no time. */
  at: v.nullable(v.pipe(v.number(), v.integer())),
  /** What holds it. */
  why: v.exactOptional(v.string()),
})
export type ServedNextStop = v.InferOutput<typeof nextStopSchema>

/** Null: no rule stops this pod. */
export function servedNextStop({ autoStop, rules }: PodGuardView): ServedNextStop | null {
  const actionOf = (cause: string | undefined): 'stop' | 'terminate' =>
    cause === 'max-hours' ? (rules.atMaxHours ?? 'stop') : 'stop'
  switch (autoStop.kind) {
    case 'off':
      return null
    case 'planned': {
      const { cause, action, atMs } = autoStop
      return { state: 'planned', cause, action, at: Math.round(atMs) }
    }
    case 'blocked': {
      const { cause, text } = autoStop
      return { state: 'held', cause, action: actionOf(cause), at: null, why: text }
    }
    case 'watching': {
      const { dueAtMs, held, cause = held?.cause } = autoStop
      return {
        state: dueAtMs === null ? 'waiting' : 'expected',
        ...(cause !== undefined && { cause }),
        action: actionOf(cause),
        at: dueAtMs === null ? null : Math.round(dueAtMs),
        ...(held && dueAtMs === null && { why: held.why }),
      }
    }
  }
}

/** The view of a stop that a server announced. Its text is that of another program. */
export function autoStopViewOf(stop: ServedNextStop | undefined): AutoStopView {
  if (stop === undefined) return { kind: 'off' }
  const { state, cause = 'quiet', action, at } = stop
  const why = plainText(stop.why ?? '').slice(0, MAX_WHY)
  if (state === 'planned' && at !== null) return { kind: 'planned', cause, action, atMs: at }
  if (state === 'held') return { kind: 'blocked', cause, conditions: [], text: why }
  return {
    kind: 'watching',
    dueAtMs: state === 'expected' ? at : null,
    cause,
    ...(why !== '' && { held: { cause, why } }),
  }
}
