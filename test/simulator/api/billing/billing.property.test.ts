import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { billedUntil, bills, handleBilling } from '../../../../src/simulator/api/billing/billing'
import { bucketAfter, bucketSizes, bucketStart } from '../../../../src/simulator/api/billing/buckets'
import { createFleet } from '../../../../src/simulator/create-fleet'
import { VirtualTime } from '../../../../src/simulator/world/virtual-time'
import { World } from '../../../../src/simulator/world/world'
import { FakeWallClock } from '../../../harness/simulator/simulator-fixture'

const actions = ['start', 'stop', 'restart', 'terminate'] as const

/** An account with random events at any speed, all less than 60 days old. */
const world = fc
  .record({
    seed: fc.integer({ min: 0, max: 1_000 }),
    factor: fc.constantFrom(1, 60, 600),
    happenings: fc.array(
      fc.tuple(fc.integer({ min: 0, max: 7_200 }), fc.nat(19), fc.constantFrom(...actions)),
      { maxLength: 8 },
    ),
  })
  .map(({ seed, factor, happenings }) => {
    const clock = new FakeWallClock()
    const made = new World({ seed, time: new VirtualTime(clock.now, factor), balanceUsd: 1e7 })
    for (const spec of createFleet(20, seed)) made.add(spec)
    for (const [passS, which, action] of happenings) {
      clock.advanceS(passS)
      const id = made.records()[which]?.id
      if (id !== undefined) made.act(id, action)
    }
    clock.advanceS(120)
    return made
  })

const SINCE_MS = Date.UTC(2026, 8, 1)
const micro = (usd: number) => Math.round(usd * 1_000_000)

function billOf(bill: keyof typeof bills, made: World, query: Record<string, string>): any {
  const reply = handleBilling(bills[bill], new URLSearchParams(query), made)
  return JSON.parse(reply.body!)
}

const everything = { startTime: new Date(SINCE_MS).toISOString() }

describe('the bills', () => {
  it.each(bucketSizes)('add up to the ledger, to the micro-dollar, in buckets of a %s', (bucketSize) => {
    fc.assert(
      fc.property(world, (made) => {
        const spent = made.ledger.totalMicroUsd(SINCE_MS, billedUntil(made.nowMs()))
        const { records, metadata } = billOf('total', made, { ...everything, bucketSize })
        const sum = records.reduce((total: number, each: any) => total + micro(each.totalAmount), 0)
        expect(sum).toBe(spent)
        expect(micro(metadata.totals.totalAmount)).toBe(spent)
      }),
      { numRuns: 25 },
    )
  })

  it("of pods, volumes and clusters add up to the account's bill", () => {
    fc.assert(
      fc.property(world, fc.constantFrom(...bucketSizes), (made, bucketSize) => {
        const totalOf = (bill: keyof typeof bills) =>
          micro(billOf(bill, made, { ...everything, bucketSize }).metadata.totals.totalAmount)
        expect(totalOf('pods') + totalOf('volumes') + totalOf('clusters')).toBe(totalOf('total'))
        expect(totalOf('serverless') + totalOf('endpoints')).toBe(0)
      }),
      { numRuns: 25 },
    )
  })

  it('of single pods add up to the bill of all pods, and every record is the sum of its parts', () => {
    fc.assert(
      fc.property(world, fc.constantFrom(...bucketSizes), (made, bucketSize) => {
        const all = billOf('pods', made, { ...everything, bucketSize })
        const ids = new Set<string>(all.records.map((each: any) => each.podId))
        const apart = [...ids].map((podId) => billOf('pods', made, { ...everything, bucketSize, podId }))
        expect(apart.flatMap(({ records }) => records)).toHaveLength(all.metadata.recordCount)
        expect(apart.reduce((sum, { metadata }) => sum + micro(metadata.totals.totalAmount), 0)).toBe(
          micro(all.metadata.totals.totalAmount),
        )
        for (const each of all.records) {
          expect(micro(each.gpuAmount) + micro(each.cpuAmount) + micro(each.diskAmount)).toBe(
            micro(each.totalAmount),
          )
        }
      }),
      { numRuns: 15 },
    )
  })
})

describe('billing buckets', () => {
  const moment = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2090, 0) })

  it.each(bucketSizes)('of a %s contain each time exactly once', (size) => {
    fc.assert(
      fc.property(moment, (atMs) => {
        const startMs = bucketStart(atMs, size)
        expect(startMs).toBeLessThanOrEqual(atMs)
        expect(bucketAfter(startMs, size)).toBeGreaterThan(atMs)
        expect(bucketStart(startMs, size)).toBe(startMs)
        expect(bucketAfter(bucketAfter(startMs, size, 3), size, -3)).toBe(startMs)
      }),
    )
  })

  it('begin on Mondays, on the first of a month and in January', () => {
    const at = Date.UTC(2026, 10, 24, 14, 5)
    const start = (size: (typeof bucketSizes)[number]) => new Date(bucketStart(at, size)).toISOString()
    expect(start('week')).toBe('2026-11-23T00:00:00.000Z')
    expect(start('month')).toBe('2026-11-01T00:00:00.000Z')
    expect(start('year')).toBe('2026-01-01T00:00:00.000Z')
    expect(new Date(bucketAfter(Date.UTC(2026, 11), 'month')).toISOString()).toBe('2027-01-01T00:00:00.000Z')
  })
})

describe('a balance of zero', () => {
  const looks = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 })

  it('is reached at the same second, however often the balance is read', () => {
    fc.assert(
      fc.property(looks, fc.integer({ min: 0, max: 20 }), fc.nat(200), (pauses, balanceUsd, seed) => {
        const endOf = (stops: readonly number[]) => {
          const clock = new FakeWallClock()
          const made = new World({ seed, time: new VirtualTime(clock.now, 60), balanceUsd })
          for (const spec of createFleet(3, seed)) made.add(spec)
          for (const pauseS of stops) {
            clock.advanceS(pauseS)
            made.records()
          }
          return { left: made.records().map(({ id, offAtMs }) => [id, offAtMs]), usd: made.balanceUsd() }
        }
        expect(endOf(pauses)).toEqual(endOf([pauses.reduce((sum, each) => sum + each, 0)]))
      }),
    )
  })
})
