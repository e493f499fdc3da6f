import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startProgram } from '../../bench/disk/faults'
import { buildProgram } from '../harness/setup/build-program'
import { newDataFolder, runCli, startCli, startSimulator } from '../harness/cli/cli'
import { useRealCli } from '../harness/cli/real-program'

useRealCli()

test('on a folder of a newer version a service ends with a code of its own and an alert, and a stop is refused', async () => {
  const runpod = await startSimulator([{ name: 'a', id: 'a', mode: 'training' }])
  const dataFolder = newDataFolder()
  writeFileSync(join(dataFolder, 'format.json'), '{"version":3}')
  const before = readdirSync(dataFolder)
  const options = { runpod, dataFolder }

  const watch = startCli({ ...options, args: ['watch', '--log', 'json'] })
  expect((await watch.exited).code).toBe(9)
  expect(watch.stdout()).toMatch(/"event":"alert".*Podkeeper stopped watching.*in format 3.*Update Podkeeper/)
  expect(watch.stderr()).toMatch(/in format 3/)
  expect(await runCli({ ...options, args: ['health', '--json'] })).toMatchObject({
    code: 9,
    stdout: expect.stringMatching(/"live":false,"acting":false,"reason":"The data folder is in format 3/),
  })

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
    'No running pod will be stopped automatically.\n',
  )
  expect(readdirSync(dataFolder)).toEqual(before)
  expect((await runCli({ ...options, args: ['serve', '--port', '0'] })).code).toBe(9)
})

const contentsOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]),
  )

test('an older watch acts until it ends, and then a newer program migrates the folder, which the older one only shows', async () => {
  const runpod = await startSimulator([{ name: 'a', id: 'a', mode: 'training' }])
  const newer = await buildProgram('bench/disk/migration-program.ts')
  const older = { runpod, args: ['watch', '--log', 'json'], dataFolder: newDataFolder() }
  const watch = startCli({ ...older, isRealProgram: true })
  await watch.waitForOutput(/"event":"pod"/)
  const waiting = startProgram({ program: newer, folder: older.dataFolder, args: ['next', 'newer', 'wait'] })
  expect(await waiting.becomes('passive')).toBe(true)
  runpod.setPod('a', { mode: 'stopped' })
  await watch.waitForOutput(/a is stopped/)
  expect(contentsOf(older.dataFolder)['/format.json']).toBe('{"version":2}')

  watch.child.kill('SIGKILL')
  expect(await waiting.becomes('active')).toBe(true)
  const after = contentsOf(older.dataFolder)
  expect(after['/format.json']).toBe('{"version":3}\n')

  const again = startCli(older)
  await again.waitForOutput(/in format 3, and this version of Podkeeper supports format 2/)
  expect((await again.exited).code).toBe(9)
  waiting.go()
  expect((await waiting.ended).confirmed).toHaveLength(3)
  const stop = await runCli({ ...older, args: ['start', 'a'] })
  expect(stop).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was done') })
  const journal = contentsOf(older.dataFolder)['/intents.jsonl']
  expect(contentsOf(older.dataFolder)).toEqual({ ...after, '/intents.jsonl': journal })
  expect(runpod.requests.filter(({ action }) => action !== undefined)).toEqual([])
})
