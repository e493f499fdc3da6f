import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { mutations } from '../../bench/guard/mutation-list'
import { accountsUntilDetected } from '../../bench/guard/mutations'
import { formatStory, runSimulations } from '../../bench/guard/run-simulations'

/** Takes seconds of CPU time, possibly on a busy machine. */
const LONG = { timeout: 400_000 }

// `npm run bench -- guard` simulates 10,000, and 300 short accounts.
test('60 simulated pods break no rule of the guard', LONG, async () => {
  const lived = await runSimulations(1_000_035, 12, 'short')
  expect(lived.simulatedPods).toBe(60)
  // Proves that the simulations contained enough events.
  expect(lived.tally.idleAlertsDue).toBeGreaterThan(20)
  expect(lived.tally.automaticStopsDue).toBeGreaterThan(1)
  expect(lived.tally.idleAlertsDeferred).toBeGreaterThan(0)
  expect(lived.tally.stopsAtBudgetDue).toBeGreaterThan(0)
  expect(lived.tally.userActionsSent).toBeGreaterThan(0)
  expect(lived.tally.userActionsUndone).toBeGreaterThan(0)
  expect(lived.tally.longestDelayPolls).toBeLessThanOrEqual(1)
})

test('a seed generates the same simulation again', LONG, async () => {
  expect(await formatStory(5, 'short')).toBe(await formatStory(5, 'short'))
})

/** The first seed whose account detects each mutation; the benchmark searches all of them from seed 1 on. */
const soonSeen = [
  ['four minutes late', 1],
  ['nothing is kept on', 1],
  ['may lose its data', 10],
  ['quiet hours are not kept', 1],
] as const

test.each(soonSeen)('the oracle detects the mutation “%s”', LONG, async (words, first) => {
  const [fault, ...more] = mutations.filter(({ description }) => description.includes(words))
  if (fault === undefined || more.length > 0) throw new Error(`not one fault is about “${words}”`)
  expect(await accountsUntilDetected(fault, first + 9, first)).not.toBeNull()
})

test('every mutation still matches the code in core', async () => {
  for (const { file, from, description } of mutations) {
    const text = await readFile(resolve('src/core', file), 'utf8')
    expect(text.split(from), description).toHaveLength(2)
  }
})
