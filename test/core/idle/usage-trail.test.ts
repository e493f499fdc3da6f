import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import {
  createUsageTrail,
  MAX_GAP_MS,
  TRAIL_MS,
  TRAIL_STEP_MS,
  type TrailSample,
} from '../../../src/core/idle/usage-trail'

const START_MS = Date.UTC(2026, 10, 24, 9)
const trailOf = (samples: readonly TrailSample[]) => {
  const trail = createUsageTrail()
  for (const sample of samples) trail.add(sample)
  return trail
}
const sample = (
  minute: number,
  utilPercent: number | null,
  kind: TrailSample['kind'] = 'busy',
): TrailSample => ({
  atMs: START_MS + minute * MINUTE_MS,
  utilPercent,
  kind,
})
const known = (samples: readonly TrailSample[]) =>
  trailOf(samples)
    .points()
    .filter(({ utilPercent }) => utilPercent !== null)

/** Samples with any distance from seconds to hours between them. */
const samples = fc
  .array(
    fc.record({
      afterMs: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 1, max: MINUTE_MS }) },
        fc.integer({ min: MINUTE_MS, max: 2 * HOUR_MS }),
      ),
      utilPercent: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
      kind: fc.constantFrom('busy', 'idle', 'unknown' as const),
    }),
    { maxLength: 200 },
  )
  .map((all) => {
    let atMs = START_MS
    return all.map(({ afterMs, ...one }): TrailSample => ({ ...one, atMs: (atMs += afterMs) }))
  })

describe('the trail of a pod', () => {
  test('has the mean of each three minutes, rounded', () => {
    expect(known([sample(0, 10), sample(1, 20), sample(2, 31), sample(3, 90)])).toEqual([
      { atMs: START_MS + 1.5 * MINUTE_MS, utilPercent: 20, isIdle: false },
      { atMs: START_MS + 3 * MINUTE_MS, utilPercent: 90, isIdle: false },
    ])
  })

  test('calls three minutes idle only if the pod was idle in them and not busy as well', () => {
    const isIdle = (...kinds: TrailSample['kind'][]) =>
      known(kinds.map((kind, at) => sample(at / 2, 1, kind))).map((point) => point.isIdle)
    expect(isIdle('idle', 'unknown')).toEqual([true])
    expect(isIdle('idle', 'busy')).toEqual([false])
    expect(isIdle('unknown')).toEqual([false])
  })

  test('leaves out what was not observed, and joins nothing over it', () => {
    const gap = MAX_GAP_MS / MINUTE_MS
    const isJoined = (minutes: number) =>
      trailOf([sample(0, 5), sample(minutes, 5)])
        .points()
        .every(({ utilPercent }) => utilPercent !== null)
    expect(isJoined(gap - 0.1)).toBe(true)
    // So short a gap leaves no three minutes without any sample.
    expect(isJoined(gap + 0.1)).toBe(false)
    expect(isJoined(60)).toBe(false)
  })

  test('covers the last six hours, and no more', () => {
    const minutes = Array.from({ length: 8 * 60 }, (_, at) => sample(at, 50))
    const points = known(minutes)
    const endMs = minutes.at(-1)?.atMs ?? 0
    expect(points.at(-1)?.atMs).toBe(endMs)
    expect(points).toHaveLength(TRAIL_MS / TRAIL_STEP_MS)
    expect(endMs - (points[0]?.atMs ?? 0)).toBeLessThanOrEqual(TRAIL_MS)
  })

  test('ignores a sample that comes late, and starts anew when the clock is set back', () => {
    const trail = trailOf([sample(0, 10), sample(6, 20)])
    const before = trail.points()
    trail.add(sample(4, 99))
    expect(trail.points()).toEqual(before)
    trail.add(sample(-60, 30))
    trail.add(sample(-59, 30))
    expect(trail.points()).toEqual([{ atMs: START_MS - 59 * MINUTE_MS, utilPercent: 30, isIdle: false }])
  })

  test('is what its samples say, whenever they come', () => {
    fc.assert(
      fc.property(samples, (all) => {
        const points = trailOf(all).points()
        const endMs = all.at(-1)?.atMs ?? 0
        const stepOf = (atMs: number) => Math.floor(atMs / TRAIL_STEP_MS)
        const inReach = all.filter(({ atMs }) => stepOf(endMs) - stepOf(atMs) < TRAIL_MS / TRAIL_STEP_MS)
        expect(points.length).toBeLessThanOrEqual(2 * (TRAIL_MS / TRAIL_STEP_MS))
        expect([...points].sort((a, b) => a.atMs - b.atMs)).toEqual(points)
        const shown = points.filter(({ utilPercent }) => utilPercent !== null)
        const stepsKnown = new Set(
          inReach.filter((one) => one.utilPercent !== null).map(({ atMs }) => stepOf(atMs)),
        )
        expect(shown.map(({ atMs }) => stepOf(atMs))).toEqual([...stepsKnown])
        for (const point of shown) {
          const own = inReach.filter(({ atMs }) => stepOf(atMs) === stepOf(point.atMs))
          const utils = own.flatMap(({ utilPercent }) => utilPercent ?? [])
          const mean = utils.reduce((sum, util) => sum + util, 0) / utils.length
          expect(Math.abs((point.utilPercent ?? 0) - mean)).toBeLessThanOrEqual(0.501)
          const kinds = own.map(({ kind }) => kind)
          expect(point.isIdle).toBe(kinds.includes('idle') && !kinds.includes('busy'))
        }
        // No line crosses time that nobody observed.
        for (const [at, { atMs }] of all.entries()) {
          const next = all[at + 1]
          if (next === undefined || next.atMs - atMs <= MAX_GAP_MS) continue
          const isCut = points.some(
            (point) =>
              point.utilPercent === null && point.atMs > atMs - TRAIL_STEP_MS && point.atMs <= next.atMs,
          )
          const hasBefore = shown.some((point) => stepOf(point.atMs) <= stepOf(atMs))
          if (hasBefore) expect(isCut).toBe(true)
        }
      }),
    )
  })
})

describe('what is put in front of a trail', () => {
  const stepOf = (one: { readonly atMs: number }) => Math.floor(one.atMs / TRAIL_STEP_MS)

  test('is as if the trail had taken it in from the start', () => {
    fc.assert(
      fc.property(samples, fc.nat(200), (all, at) => {
        const [earlier, later] = [all.slice(0, at), all.slice(at)]
        const [last, first] = [earlier.at(-1), later[0]]
        const trail = trailOf(later)
        trail.precede(earlier)
        const more = { atMs: (all.at(-1)?.atMs ?? 0) + SECOND_MS, utilPercent: 70, kind: 'busy' as const }
        const whole = trailOf(all)
        if (last === undefined || first === undefined || stepOf(last) !== stepOf(first)) {
          if (first !== undefined) expect(trail.points()).toEqual(whole.points())
          return
        }
        // The three minutes in which it begins are those of the trail.
        const isOther = (point: { readonly atMs: number }) => stepOf(point) !== stepOf(first)
        expect(trail.points().filter(isOther)).toEqual(whole.points().filter(isOther))
        trail.add(more)
        whole.add(more)
        expect(trail.points().filter(isOther)).toEqual(whole.points().filter(isOther))
      }),
    )
  })

  test('is joined to it only over observed time', () => {
    const after = (minutes: number) => {
      const trail = trailOf([sample(minutes, 5)])
      trail.precede([sample(0, 50)])
      return trail.points().map(({ utilPercent }) => utilPercent)
    }
    const gap = MAX_GAP_MS / MINUTE_MS
    expect(after(gap - 0.1)).toEqual([50, 5])
    expect(after(gap + 0.1)).toEqual([50, null, 5])
  })

  test('changes neither an empty trail nor what it knows itself', () => {
    const empty = createUsageTrail()
    empty.precede([sample(0, 50)])
    expect(empty.points()).toEqual([])
    const trail = trailOf([sample(0, 10), sample(6, 20)])
    const before = trail.points()
    trail.precede([sample(1, 99), sample(7, 99)])
    expect(trail.points()).toEqual(before)
  })
})

test('six hours of a pod are sent as less than 10 kB', () => {
  const trail = trailOf(
    Array.from({ length: 2_000 }, (_, at) => sample((at * 15 * SECOND_MS) / MINUTE_MS, 50)),
  )
  expect(JSON.stringify(trail.points()).length).toBeLessThan(10_000)
})
