import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { mutations } from '../../bench/guard/mutation-list'
import { accountsUntilDetected } from '../../bench/guard/mutations'
import { formatStory, runSimulations } from '../../bench/guard/run-simulations'

/** Seconds of work, on a machine that may have other things to do. */
const LONG = { timeout: 400_000 }

test('300 pods live and no rule of the guard is broken', LONG, async () => {
  const lived = await runSimulations(1_000_001, 60, 'short')
  expect(lived.simulatedPods).toBe(300)
  // Not because nothing happened.
  expect(lived.idleAlertsDue).toBeGreaterThan(100)
  expect(lived.automaticStopsDue).toBeGreaterThan(5)
  expect(lived.idleAlertsDeferred).toBeGreaterThan(0)
  expect(lived.stopsAtBudgetDue).toBeGreaterThan(0)
  expect(lived.userActionsSent).toBeGreaterThan(0)
  expect(lived.userActionsUndone).toBeGreaterThan(0)
  expect(lived.longestDelayPolls).toBeLessThanOrEqual(1)
})

test('a seed makes the same life again', LONG, async () => {
  expect(await formatStory(5, 'short')).toBe(await formatStory(5, 'short'))
})

const soonSeen = ['four minutes late', 'nothing is kept on', 'may lose its data', 'quiet hours are not kept']

test.each(mutations.filter(({ description }) => soonSeen.some((words) => description.includes(words))))(
  'the judge notices when $says',
  LONG,
  async (fault) => {
    expect(await accountsUntilDetected(fault, 20)).not.toBeNull()
  },
)

test('every deliberate fault still finds its place in core', async () => {
  for (const { file, from, description } of mutations) {
    const text = await readFile(resolve('src/core', file), 'utf8')
    expect(text.split(from), description).toHaveLength(2)
  }
})
