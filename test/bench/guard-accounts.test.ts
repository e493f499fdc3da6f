import { describe, expect, test } from 'vitest'
import { ACCOUNTS_PER_PROGRAM } from '../../bench/guard/measure-accounts'
import { runSimulations } from '../../bench/guard/run-simulations'

/** Takes seconds of CPU time, possibly on a busy machine. */
const LONG = { timeout: 400_000 }

describe('a program with three accounts whose pods have the same ids', () => {
  // `npm run bench -- guard/accounts` runs 200.
  test('keeps the rules of each account', LONG, async () => {
    const { tally } = await runSimulations(2_000_003, 3, 'short', ACCOUNTS_PER_PROGRAM)
    expect(tally.samples).toBeGreaterThan(1_000)
    expect(tally.idleAlertsDue).toBeGreaterThan(5)
  })
})
