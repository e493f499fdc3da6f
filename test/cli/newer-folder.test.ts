import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildCli, newDataFolder, runCli, startCli, startSimulator } from '../harness/cli/cli'

const program = buildCli()

test('on a folder of a newer version a watch shows and says why it does not act, and a stop is refused', async () => {
  const runpod = await startSimulator([{ name: 'a', id: 'a', mode: 'training' }])
  const dataFolder = newDataFolder()
  writeFileSync(join(dataFolder, 'format.json'), '{"version":2}')
  const before = readdirSync(dataFolder)
  const options = { program: program(), runpod, dataFolder }

  const watch = startCli({ ...options, args: ['watch', '--log', 'json'] })
  await watch.waitForOutput(/"event":"pod"/)
  expect(watch.stdout()).toMatch(/in format 2.*Update Podkeeper.*"role":"reading"/)
  watch.child.kill('SIGTERM')
  await watch.exited

  const stop = await runCli({ ...options, args: ['stop', 'a', '--yes'] })
  expect(stop.code).not.toBe(0)
  expect(stop.stderr).toMatch(/Nothing was done: .*Update Podkeeper/)
  for (const args of [
    ['settings', 'set', 'undoS', '9'],
    ['keep', 'a', '1h'],
  ])
    expect(await runCli({ ...options, args })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Nothing was done: .*Update Podkeeper/),
    })
  expect((await runCli({ ...options, args: ['settings', 'get', 'undoS'] })).stdout).toBe('1\n')
  expect((await runCli({ ...options, args: ['next'] })).stdout).toBe(
    'No running pod is stopped automatically.\n',
  )
  expect(readdirSync(dataFolder)).toEqual(before)
})
