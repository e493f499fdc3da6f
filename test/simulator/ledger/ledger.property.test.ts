import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BillingLedger,
  chargeKinds,
  type ChargeLine,
  chargeMicroUsd,
} from '../../../src/simulator/ledger/ledger'
import { accruedMicroUsd, hourlyRate } from '../../../src/simulator/ledger/rates'
import { DAY_MS } from '../../../src/core/base/time/time'

const rate = fc.record({
  microUsd: fc.integer({ min: 0, max: 400_000_000 }),
  perS: fc.constantFrom(3_600, 2_592_000),
})
const line: fc.Arbitrary<ChargeLine> = fc.record({ kind: fc.constantFrom(...chargeKinds), rate })
const moment = fc.integer({ min: 0, max: 40 * DAY_MS })

/** A ledger with charges recorded in any order, as when pods are created, stopped and removed. */
const ledger = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3 }), moment, fc.array(line, { maxLength: 3 })), {
    maxLength: 12,
  })
  .map((said) => {
    const made = new BillingLedger()
    for (const [who, atMs, lines] of said) {
      made.setRates({ kind: 'pod', id: `pod${who}`, clusterId: null }, atMs, lines)
    }
    return made
  })

describe('the ledger', () => {
  it('has whole micro-dollars, and the parts of any interval add up to the whole', () => {
    fc.assert(
      fc.property(ledger, fc.array(moment, { minLength: 2, maxLength: 10 }), (made, moments) => {
        const cuts = [...moments].sort((a, b) => a - b)
        const [first, last] = [cuts[0]!, cuts.at(-1)!]
        const parts = cuts.slice(1).map((cut, i) => made.totalMicroUsd(cuts[i]!, cut))
        expect(parts.every((part) => Number.isSafeInteger(part) && part >= 0)).toBe(true)
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(made.totalMicroUsd(first, last))
      }),
    )
  })

  it('has the same total over its charges as over its time', () => {
    fc.assert(
      fc.property(ledger, moment, moment, (made, a, b) => {
        const [fromMs, toMs] = [Math.min(a, b), Math.max(a, b)]
        const sum = made.charges().reduce((total, charge) => total + chargeMicroUsd(charge, fromMs, toMs), 0)
        expect(sum).toBe(made.totalMicroUsd(fromMs, toMs))
      }),
    )
  })

  it("differs from the exact amount by less than a second's cost and a micro-dollar", () => {
    fc.assert(
      fc.property(rate, fc.integer({ min: 0, max: 40 * DAY_MS }), (of, durationMs) => {
        const exact = (of.microUsd * durationMs) / (of.perS * 1_000)
        const kept = accruedMicroUsd(of, Math.floor(durationMs / 1_000))
        expect(exact - kept).toBeGreaterThanOrEqual(-0.001)
        expect(exact - kept).toBeLessThanOrEqual(1 + of.microUsd / of.perS)
      }),
    )
  })

  it('charges one rate at a time for one owner', () => {
    const made = new BillingLedger()
    const owner = { kind: 'pod', id: 'p', clusterId: null } as const
    made.setRates(owner, 0, [{ kind: 'gpu', rate: hourlyRate(3.6) }])
    made.setRates(owner, 10_000, [{ kind: 'gpu', rate: hourlyRate(7.2) }])
    expect(made.totalMicroUsd(0, 20_000)).toBe(10_000 + 20_000)
    made.setRates(owner, 5_000, [])
    expect(made.totalMicroUsd(0, 20_000)).toBe(5_000)
  })
})
