import * as v from 'valibot'
import { type PodProgress, stepStates } from './pod-progress'

const count = v.pipe(v.number(), v.finite())
const text = v.pipe(v.string(), v.maxLength(100_000))
const step = v.picklist(stepStates)

/** Parses the progress of a new pod that another program sends. */
export const progressSchema: v.GenericSchema<unknown, PodProgress> = v.object({
  steps: v.object({ machine: step, image: step, container: step, ssh: step }),
  pull: v.nullable(v.object({ layers: count, pulledLayers: count, percent: v.nullable(count) })),
  problem: v.nullable(
    v.variant('kind', [
      v.object({ kind: v.picklist(['pull-failed', 'start-failed']), words: text }),
      v.object({ kind: v.literal('crash-loop'), starts: count, forMs: count }),
      v.object({ kind: v.literal('silent'), forMs: count }),
    ]),
  ),
  lines: v.array(v.object({ atMs: v.nullable(count), text })),
  logProblem: v.nullable(text),
})
