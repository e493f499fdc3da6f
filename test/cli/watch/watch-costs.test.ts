import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { newDataFolder, runCli, startCli, startSimulator } from '../../harness/cli/cli'
import { useRealCli } from '../../harness/cli/real-program'

useRealCli()

const WAIT = { timeout: 60_000, interval: 20 }
const watch = ['watch', '--log', 'json']

/** The files of months, each of which is written after its days. */
function monthsIn(dataFolder: string): string[] {
  const costs = join(dataFolder, 'costs')
  return existsSync(costs)
    ? readdirSync(costs).flatMap((account) =>
        readdirSync(join(costs, account))
          .filter((name) => /^\d{4}-\d\d\.json$/.test(name))
          .map((name) => join(costs, account, name)),
      )
    : []
}

test('a watch records what the account costs, and the next one continues', async () => {
  const runpod = await startSimulator([
    {
      name: 'a',
      id: 'a',
      mode: 'training',
      costPerHourUsd: 3_600,
      startedAgoMin: 0,
      provisioningS: 0,
      startingS: 0,
    },
  ])
  const dataFolder = newDataFolder()
  const one = startCli({ args: watch, runpod, dataFolder })
  await one.waitForOutput(/"event":"pod"/)
  await vi.waitFor(() => expect(monthsIn(dataFolder)).toHaveLength(1), WAIT)
  one.child.kill('SIGTERM')
  await one.exited
  const [file = ''] = monthsIn(dataFolder)
  const bookedMs = (): number => JSON.parse(readFileSync(file, 'utf8')).last.podsAtMs
  const bookedByOne = bookedMs()
  const two = startCli({ args: watch, runpod, dataFolder })
  await two.waitForOutput(/"event":"pod"/)
  two.child.kill('SIGTERM')
  await two.exited
  expect(monthsIn(dataFolder)).toEqual([file])
  expect(bookedMs()).toBeGreaterThan(bookedByOne)
  const costs = await runCli({ args: ['costs', '--json'], runpod, dataFolder })
  expect(JSON.stringify(JSON.parse(costs.stdout))).toContain('"a"')
})

test('a read-only watch records no costs', async () => {
  const runpod = await startSimulator([{ name: 'a', id: 'a', mode: 'training' }])
  const dataFolder = newDataFolder()
  const acting = startCli({ isRealProgram: true, args: watch, runpod, dataFolder })
  await acting.waitForOutput(/"event":"pod"/)
  await vi.waitFor(() => expect(monthsIn(dataFolder)).toHaveLength(1), WAIT)
  const looking = startCli({ args: watch, runpod, dataFolder })
  await looking.waitForOutput(/"role":"reading"/)
  await looking.waitForOutput(/"event":"pod"/)
  acting.child.kill('SIGSTOP')
  const [file = ''] = monthsIn(dataFolder)
  const before = readFileSync(file, 'utf8')
  looking.child.kill('SIGTERM')
  await looking.exited
  expect(readFileSync(file, 'utf8')).toBe(before)
  acting.child.kill('SIGKILL')
})
