import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { accountIdOf } from '../../../src/node/account-id'
import { FULL_KEY } from '../../../src/simulator/simulator'
import { newDataFolder, startCli, startSimulator } from '../../harness/cli/cli'

test.each([
  ['now', 0, /"by":"terminal"/],
  ['11 min ago', 11 * 60_000, /"kind":"(?:idle|unknown)"/],
])('a watch counts a pod by what was typed in a terminal of the app %s', async (_, agoMs, shown) => {
  const runpod = await startSimulator([{ name: 'a', id: 'a', mode: 'idle' }])
  const dataFolder = newDataFolder()
  const accountId = accountIdOf(new URL(runpod.url), FULL_KEY)
  const atMs = Date.now() - agoMs
  writeFileSync(join(dataFolder, 'terminal-input.json'), JSON.stringify([{ accountId, podId: 'a', atMs }]))
  const watch = startCli({ args: ['watch', '--log', 'json'], runpod, dataFolder })
  await watch.waitForOutput(/"event":"pod"/)
  expect(watch.stdout()).toMatch(shown)
  watch.child.kill('SIGTERM')
  await watch.exited
})
