import * as v from 'valibot'
import type { ContainerState } from './container-record'
import type { MissingGpus } from './readiness'

/** What windows and programs show of a running pod whose container is not simply up. Times in Unix ms. */
export type ContainerView =
  /** `isOverdue`: for longer than the limit. */
  | { readonly kind: 'starting'; readonly sinceMs: number; readonly isOverdue: boolean }
  /** It can't be told whether it is up. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'died'; readonly why: 'restarts' | 'gone'; readonly sinceMs: number }
  | ({ readonly kind: 'gpus-missing' } & MissingGpus)

/** Null: it is up, or nothing says otherwise. */
export function toContainerView(
  state: ContainerState | null,
  missingGpus: MissingGpus | null,
): ContainerView | null {
  if (state?.kind === 'died') return { kind: 'died', why: state.death.why, sinceMs: state.death.since.wallMs }
  if (missingGpus !== null) return { kind: 'gpus-missing', ...missingGpus }
  if (state?.kind === 'unknown') return { kind: 'unknown' }
  if (state?.kind !== 'starting') return null
  return { kind: 'starting', sinceMs: state.sinceMs, isOverdue: state.isOverdue }
}

const ms = v.pipe(v.number(), v.finite())
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** Parses what another program sends. */
export const containerViewSchema: v.GenericSchema<unknown, ContainerView> = v.variant('kind', [
  v.object({ kind: v.literal('starting'), sinceMs: ms, isOverdue: v.boolean() }),
  v.object({ kind: v.literal('unknown') }),
  v.object({ kind: v.literal('died'), why: v.picklist(['restarts', 'gone']), sinceMs: ms }),
  v.object({ kind: v.literal('gpus-missing'), gpus: count, expected: count }),
])
