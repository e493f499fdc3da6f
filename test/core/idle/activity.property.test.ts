import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Activity, activityAt, addSample, emptyHistory } from '../../../src/core/idle/activity'
import { defaultActivityRules, type Sample } from '../../../src/core/idle/sample'
import { HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { gpus, instant, sample } from '../../harness/samples/pods'
import { START_MS } from '../../harness/base/fake-clock'

/** Samples may arrive in any order within these hours. */
const rules = { ...defaultActivityRules, keepSamplesMs: 7 * HOUR_MS }

type Kind = 'idle' | 'busy' | 'blind' | 'stale' | 'loud' | 'restarted'
interface PlannedSample {
  readonly kind: Kind
  readonly sample: Sample
}
interface SamplePlan {
  readonly kind: Kind
  readonly gapMs: number
  readonly jumpMs: number
}

const plan: fc.Arbitrary<SamplePlan> = fc.record({
  kind: fc.constantFrom<Kind>(
    ...(['idle', 'idle', 'idle', 'idle', 'busy', 'blind', 'stale', 'loud', 'restarted'] as const),
  ),
  gapMs: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(15 * SECOND_MS, MINUTE_MS, 2 * MINUTE_MS) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(4 * MINUTE_MS, 5 * MINUTE_MS, 5 * MINUTE_MS + 1, 20 * MINUTE_MS),
    },
  ),
  jumpMs: fc.oneof(
    { weight: 9, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(30_000, 30_001, -HOUR_MS, HOUR_MS) },
  ),
})
const plans = fc.array(plan, { minLength: 1, maxLength: 14 })

/** The samples that result from these plans in sequence. Figures are correct unless they are stale. */
function plannedSamplesOf(planned: readonly SamplePlan[]): PlannedSample[] {
  let atMs = 0
  let jumpedMs = 0
  let run = 0
  let readS = 0
  return planned.map(({ kind, gapMs, jumpMs }) => {
    atMs += gapMs
    jumpedMs += jumpMs
    if (kind === 'restarted') run += 1
    if (kind !== 'stale' && kind !== 'blind') readS = 3_600 + Math.floor(atMs / 1_000)
    const at = instant(atMs, { wallMs: START_MS + atMs + jumpedMs })
    const figures = {
      uptimeS: readS,
      ...(kind === 'busy' ? { gpus: gpus(90) } : {}),
      ...(kind === 'loud' ? { cpuUtilPercent: 50 } : {}),
    }
    return {
      kind: kind === 'stale' && readS === 0 ? 'blind' : kind,
      sample: sample(atMs, { at, startedAtMs: run, telemetry: kind === 'blind' ? null : figures }),
    }
  })
}

const isIdle = ({ kind }: PlannedSample): boolean =>
  kind === 'idle' || kind === 'loud' || kind === 'restarted'
/** At most 5 minutes apart, on clocks that agree within 30 s. */
function isNear(a: Instant, b: Instant): boolean {
  const apartMs = b.monotonicMs - a.monotonicMs
  return apartMs <= 5 * MINUTE_MS && Math.abs(b.wallMs - a.wallMs - apartMs) <= 30_000
}

function seen(samples: readonly Sample[], now: Instant, keepSamplesMs = rules.keepSamplesMs): Activity {
  const kept = { ...rules, keepSamplesMs }
  const history = samples.reduce((before, one) => addSample(before, one, kept), emptyHistory)
  return activityAt(history, now, kept)
}
const samplesOf = (looks: readonly PlannedSample[]): Sample[] => looks.map((look) => look.sample)
const lastAt = (looks: readonly PlannedSample[]): Instant => looks.at(-1)?.sample.at ?? instant(0)

/** `after` does not make the pod idle for longer than `before` did. */
function expectNoEarlier(before: Activity, after: Activity): void {
  if (after.kind !== 'idle') return
  expect(before.kind).toBe('idle')
  if (before.kind !== 'idle') return
  expect(after.idleForMs).toBeLessThanOrEqual(before.idleForMs)
  expect(after.quietForMs).toBeLessThanOrEqual(before.quietForMs)
  expect(after.evidence!.idleSamples).toBeLessThanOrEqual(before.evidence!.idleSamples)
}

/**
 * The samples of the episode that `sinceMs` identifies: everything from the last sample with that wall time.
 */
function episodeOf(looks: readonly PlannedSample[], sinceMs: number): readonly PlannedSample[] {
  const first = looks.map((look) => look.sample.at.wallMs === sinceMs && isIdle(look)).lastIndexOf(true)
  expect(first).toBeGreaterThanOrEqual(0)
  return looks.slice(first)
}

describe('for any sequence of samples', () => {
  test('keeping few of them changes nothing, also where two neighbors come in the wrong order', () => {
    const longPlans = fc.array(plan, { minLength: 2, maxLength: 40 })
    fc.assert(
      fc.property(longPlans, fc.nat(39), (planned, swapped) => {
        const samples = samplesOf(plannedSamplesOf(planned))
        const at = swapped % (samples.length - 1)
        const [first, second] = [samples[at]!, samples[at + 1]!]
        const now = samples.at(-1)!.at
        const whole = seen(samples, now, 30 * HOUR_MS)
        const few = 5 * MINUTE_MS
        expect(seen(samples, now, few)).toEqual(whole)
        if (second.at.monotonicMs - first.at.monotonicMs > few) return
        const inWrongOrder = [...samples.slice(0, at), second, first, ...samples.slice(at + 2)]
        expect(seen(inWrongOrder, now, few)).toEqual(whole)
      }),
      { numRuns: 500 },
    )
  })

  test('idle time is exactly the time between idle samples up to a minute apart with no busy one between them', () => {
    fc.assert(
      fc.property(plans, (planned) => {
        const looks = plannedSamplesOf(planned)
        const activity = seen(samplesOf(looks), lastAt(looks))
        if (activity.kind !== 'idle') return
        const episode = episodeOf(looks, activity.sinceMs)
        const observedMs = episode.reduce((sum, look, index) => {
          const before = episode
            .slice(0, index)
            .filter((one) => isIdle(one) || one.kind === 'busy')
            .at(-1)
          if (!before || !isIdle(before) || !isIdle(look)) return sum
          const intervalMs = look.sample.at.monotonicMs - before.sample.at.monotonicMs
          return intervalMs <= MINUTE_MS ? sum + intervalMs : sum
        }, 0)
        expect(activity.idleForMs).toBe(observedMs)
        expect(activity.quietForMs).toBeLessThanOrEqual(activity.idleForMs)
      }),
    )
  })

  test('an episode contains no period of over 5 minutes that was unknown, unobserved or busy', () => {
    fc.assert(
      fc.property(plans, (planned) => {
        const looks = plannedSamplesOf(planned)
        const activity = seen(samplesOf(looks), lastAt(looks))
        if (activity.kind !== 'idle') return
        const idle = episodeOf(looks, activity.sinceMs).filter(isIdle)
        idle.slice(1).forEach((look, index) => {
          const before = idle[index]
          expect(before && isNear(before.sample.at, look.sample.at)).toBe(true)
          expect(look.kind).not.toBe('restarted')
        })
      }),
    )
  })

  test('a pod is idle only if its newest sample is', () => {
    fc.assert(
      fc.property(plans, (planned) => {
        const looks = plannedSamplesOf(planned)
        const newest = looks.at(-1)
        expect(seen(samplesOf(looks), lastAt(looks)).kind === 'idle').toBe(newest ? isIdle(newest) : false)
      }),
    )
  })

  test('two busy samples in a row end an episode', () => {
    fc.assert(
      fc.property(plans, plans, (before, after) => {
        const pair: SamplePlan[] = ['busy', 'busy'].map((kind) => ({
          kind: kind as Kind,
          gapMs: 15_000,
          jumpMs: 0,
        }))
        const looks = plannedSamplesOf([...before, ...pair, ...after.map((one) => ({ ...one, jumpMs: 0 }))])
        const activity = seen(samplesOf(looks), lastAt(looks))
        const second = looks[before.length + 1]
        if (activity.kind === 'idle' && second)
          expect(activity.sinceMs).toBeGreaterThan(second.sample.at.wallMs)
      }),
    )
  })

  test('the order and repetition of samples do not matter', () => {
    const shuffled = plans.chain((planned) => {
      const samples = samplesOf(plannedSamplesOf(planned))
      const many = fc.subarray(samples).map((again) => [...samples, ...again])
      return many.chain((all) =>
        fc.record({
          planned: fc.constant(planned),
          order: fc.shuffledSubarray(all, { minLength: all.length }),
        }),
      )
    })
    fc.assert(
      fc.property(shuffled, ({ planned, order }) => {
        const looks = plannedSamplesOf(planned)
        expect(seen(order, lastAt(looks))).toEqual(seen(samplesOf(looks), lastAt(looks)))
      }),
    )
  })
})

describe('a busy sample never makes a pod idle earlier', () => {
  // Without clock changes, so that `sinceMs` can be compared.
  const steady = plans.map((planned) => planned.map((one) => ({ ...one, jumpMs: 0 })))

  test('when it replaces any other sample', () => {
    fc.assert(
      fc.property(steady, fc.nat(), (planned, pick) => {
        const looks = plannedSamplesOf(planned)
        const at = pick % looks.length
        const before = seen(samplesOf(looks), lastAt(looks))
        const replaced = looks.map((look, index) => {
          if (index !== at) return look.sample
          const { monotonicMs } = look.sample.at
          const uptimeS = look.sample.telemetry?.uptimeS ?? 3_600 + Math.floor((monotonicMs - 5_000) / 1_000)
          const { at: moment, startedAtMs } = look.sample
          return sample(0, { at: moment, startedAtMs, telemetry: { uptimeS, gpus: gpus(90) } })
        })
        const after = seen(replaced, lastAt(looks))
        expectNoEarlier(before, after)
        if (before.kind === 'idle' && after.kind === 'idle')
          expect(after.sinceMs).toBeGreaterThanOrEqual(before.sinceMs)
      }),
    )
  })

  test('when it is inserted anywhere', () => {
    fc.assert(
      fc.property(steady, fc.nat(), fc.integer({ min: 1, max: 14_999 }), (planned, pick, laterMs) => {
        const looks = plannedSamplesOf(planned)
        const previous = looks[pick % looks.length]?.sample ?? sample(0)
        const now = instant(lastAt(looks).monotonicMs - 5_000 + 15_000)
        const atMs = previous.at.monotonicMs - 5_000 + laterMs
        const inserted = sample(atMs, { startedAtMs: previous.startedAtMs, telemetry: { gpus: gpus(90) } })
        const before = seen(samplesOf(looks), now)
        const after = seen([...samplesOf(looks), inserted], now)
        expectNoEarlier(before, after)
        if (before.kind === 'idle' && after.kind === 'idle')
          expect(after.sinceMs).toBeGreaterThanOrEqual(before.sinceMs)
      }),
    )
  })
})
