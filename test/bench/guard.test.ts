import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { mutations } from '../../bench/guard/mutation-list'
import { formatStory, runSimulations } from '../../bench/guard/run-simulations'

/** Takes seconds of CPU time, possibly on a busy machine. */
const LONG = { timeout: 400_000 }

// `npm run bench -- guard` simulates 10,000, and 300 short accounts.
test('35 simulated pods break no rule of the guard', LONG, async () => {
  const { tally, simulatedPods, liveness } = await runSimulations(1_000_055, 7, 'short')
  expect(simulatedPods).toBe(35)
  // Proves that the simulations contained enough events.
  expect(tally.idleAlertsDue).toBeGreaterThan(20)
  expect(tally.automaticStopsDue).toBeGreaterThan(1)
  expect(tally.stopsAtBudgetDue).toBeGreaterThan(0)
  expect(tally.stopsAfterLook).toBeGreaterThan(0)
  expect(tally.failedStops).toBeGreaterThan(0)
  expect(tally.userActionsSent).toBeGreaterThan(0)
  expect(tally.userActionsUndone).toBeGreaterThan(0)
  expect(tally.longestDelayPolls).toBeLessThanOrEqual(1)
  for (const { latestPolls, made, warnings } of Object.values(liveness)) {
    expect(latestPolls).toBeLessThanOrEqual(1)
    expect(warnings).toBeLessThanOrEqual(2 * made)
  }
})

test('a seed generates the same simulation again', LONG, async () => {
  expect(await formatStory(1_000_033, 'short')).toBe(await formatStory(1_000_033, 'short'))
})

test('every mutation still matches the code', async () => {
  for (const { file, from, description } of mutations) {
    const text = await readFile(resolve('src', file), 'utf8')
    expect(text.split(from), description).toHaveLength(2)
  }
})
