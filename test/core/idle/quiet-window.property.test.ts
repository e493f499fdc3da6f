import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { activityAt, addSample, emptyHistory } from '../../../src/core/idle/activity'
import { defaultActivityRules as rules } from '../../../src/core/idle/sample'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { instant, sample } from '../../harness/samples/pods'

interface Figures {
  readonly host: number
  readonly gpu: number
  readonly cpu: number
}

/** Hours of memory that drifts, jumps and jitters: far more samples than are kept. */
const creeping = fc
  .array(
    fc.record({
      moveHost: fc.constantFrom(0, 0, 0.01, -0.01, 0.3, -0.3, 1.9, -1.9),
      moveGpu: fc.constantFrom(0, 0, 0, 0.02, 1, -1),
      cpu: fc.constantFrom(1, 1, 1, 1, 1, 1, 1, 1, 1, 50),
      times: fc.integer({ min: 1, max: 90 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((phases) => {
    const figures: Figures[] = []
    let [host, gpu] = [50, 50]
    for (const { moveHost, moveGpu, cpu, times } of phases)
      for (let count = 0; count < times; count++) {
        host = Math.min(100, Math.max(0, host + moveHost))
        gpu = Math.min(100, Math.max(0, gpu + moveGpu))
        figures.push({ host, gpu, cpu: count === 0 ? cpu : 1 })
      }
    return figures
  })

/** The longest unchanged run up to the newest sample, computed from all samples, in milliseconds. */
function lookedBack(all: readonly Figures[]): number {
  const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values)
  for (let first = 0; first < all.length; first++) {
    const window = all.slice(first)
    const isStill = spread(window.map(({ host }) => host)) < 2 && spread(window.map(({ gpu }) => gpu)) < 2
    if (isStill && window.every(({ cpu }) => cpu < 3)) return (window.length - 1) * MINUTE_MS
  }
  return 0
}

function quietForMs(all: readonly Figures[]): number {
  const history = all.reduce((before, { host, gpu, cpu }, minute) => {
    const figures = {
      memoryUtilPercent: host,
      cpuUtilPercent: cpu,
      gpus: [{ utilPercent: 0, memoryUtilPercent: gpu }],
    }
    return addSample(before, sample(minute * MINUTE_MS, { telemetry: figures }), rules)
  }, emptyHistory)
  const activity = activityAt(history, instant((all.length - 1) * MINUTE_MS), rules)
  return activity.kind === 'idle' ? activity.quietForMs : 0
}

describe('the quiet window', () => {
  test('is never longer than the one computed from all samples', () => {
    fc.assert(
      fc.property(creeping, (all) => {
        expect(quietForMs(all)).toBeLessThanOrEqual(lookedBack(all))
      }),
    )
  })

  test('is exactly that long while the figures have few values', () => {
    const coarse = creeping.map((all) =>
      all.map((one) => ({ ...one, host: Math.round(one.host), gpu: Math.round(one.gpu) })),
    )
    fc.assert(
      fc.property(coarse, (all) => {
        expect(quietForMs(all)).toBe(lookedBack(all))
      }),
    )
  })
})
