import { expect, test } from 'vitest'
import { mutations } from '../../../bench/guard/mutation-list'
import { accountsUntilDetected } from '../../../bench/guard/mutations'

/** Takes seconds of CPU time, possibly on a busy machine. */
const LONG = { timeout: 400_000 }

/**
 * Tests that the guard bench detects faults, each by words of its description, in a short account. The benchmark
 * searches whole accounts, from seed 1 on.
 */
export function testDetection(soonSeen: readonly (readonly [words: string, seed: number])[]): void {
  test.each(soonSeen)('the oracle detects the mutation “%s”', LONG, async (words, seed) => {
    const [fault, ...more] = mutations.filter(({ description }) => description.includes(words))
    if (fault === undefined || more.length > 0) throw new Error(`not one fault is about “${words}”`)
    expect(await accountsUntilDetected(fault, seed, seed, 'short')).toBe(seed)
  })
}
