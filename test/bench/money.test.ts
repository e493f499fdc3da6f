import { expect, test } from 'vitest'
import { runWrongClocks } from '../../bench/money/wrong-clocks'

// `npm run bench -- money/clocks` runs 300 accounts.
test(
  'six accounts with wrong clocks count no money that was not spent, and lose none',
  { timeout: 120_000 },
  () => {
    const outcomes = [1, 2, 3, 4, 5, 6].map((seed) => runWrongClocks(seed))
    for (const outcome of outcomes) {
      expect(outcome.overConfirmedUsd).toBeLessThanOrEqual(outcome.perPollUsd)
      expect(outcome.overUsd).toBeLessThanOrEqual(outcome.perPollUsd * (1 + outcome.stops / 2))
      expect(outcome.overIdleUsd).toBeLessThanOrEqual(outcome.perPollUsd)
      expect(outcome.underUsd).toBeLessThanOrEqual(outcome.perPollUsd * (1 + outcome.stops / 2))
      expect(outcome.idleUsd).toBeGreaterThan(10)
      expect(outcome).toMatchObject({ lostMonths: [], falseAlerts: [] })
    }
    // Proves that enough happened.
    expect(outcomes.reduce((sum, { jumps }) => sum + jumps, 0)).toBeGreaterThan(60)
    expect(outcomes.reduce((sum, { alerts }) => sum + alerts, 0)).toBeGreaterThan(6)
  },
)
