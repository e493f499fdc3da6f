import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { Simulator } from '../../../src/simulator/simulator'
import { newDataFolder, runCli, startCli, startSimulator } from '../../harness/cli/cli'
import { useRealCli } from '../../harness/cli/real-program'

useRealCli()

const pod = (id: string, more: object = {}) =>
  ({
    name: id,
    id,
    mode: 'training',
    stoppingS: 0.2,
    startingS: 0.2,
    provisioningS: 0.1,
    restartingS: 0.2,
    ...more,
  }) as const
const sent = ({ requests }: Simulator): string[] =>
  requests.flatMap(({ action, podId }) => (action === undefined ? [] : [`${action} ${podId}`]))
const lastIntent = (folder: string): { phase: string } =>
  JSON.parse(readFileSync(join(folder, 'intents.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? '')

test('restart says what is interrupted, can be undone, and ends once the uptime has been reset', async () => {
  const runpod = await startSimulator([pod('a')])
  const { code, stdout, stderr } = await runCli({ args: ['restart', 'a'], runpod })
  expect([code, stdout]).toEqual([0, 'a restarted.\n'])
  expect(stderr).toContain('Running work will be interrupted.')
  expect(stderr).toMatch(/Restarting a in 1 s · \^C to undo/)
  expect(sent(runpod)).toEqual(['restart a'])
  const stopped = await startSimulator([pod('off', { mode: 'stopped' })])
  const refused = await runCli({ args: ['restart', 'off'], runpod: stopped })
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Start it with podkeeper start off'),
  })
})

test('a stop after which nothing survives takes --yes without a terminal', async () => {
  const runpod = await startSimulator([pod('a')])
  const stop = (...args: string[]) => runCli({ args: ['stop', 'a', ...args], runpod })
  expect(await stop()).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('confirm with --yes'),
  })
  expect(sent(runpod)).toEqual([])
  const { code, stderr } = await stop('--yes')
  expect(code).toBe(0)
  expect(stderr).toContain('Nothing is kept; the container disk (40 GB) is lost.')
  expect(sent(runpod)).toEqual(['stop a'])
})

test('a stop after which nothing survives takes a yes on a terminal, and can be undone after it', async () => {
  const runpod = await startSimulator([pod('a')])
  const stop = async (settings = {}) => {
    const terminal = { columns: 100, rows: 30 }
    const dataFolder = newDataFolder(settings)
    const stopping = startCli({ args: ['stop', 'a'], runpod, dataFolder, terminal })
    await stopping.waitForOutput(/Type yes to stop a: /)
    return stopping
  }
  for (const [typed, exitCode] of [
    ['y\r', 1],
    ['\u0003', 130],
  ] as const) {
    const refused = await stop()
    refused.type(typed)
    const { code, stdout } = await refused.exited
    expect([code, stdout]).toEqual([exitCode, expect.stringContaining('Nothing was done.')])
  }
  const undone = await stop({ undoS: 30 })
  undone.type('yes\r')
  await undone.waitForOutput(/Stopping a in/)
  undone.type('u')
  expect((await undone.exited).code).toBe(130)
  expect(sent(runpod)).toEqual([])
  const stopped = await stop()
  stopped.type('yes\r')
  expect((await stopped.exited).code).toBe(0)
  expect(sent(runpod)).toEqual(['stop a'])
})

test('terminate without a terminal requires the exact name as an option', async () => {
  const runpod = await startSimulator([pod('a', { name: 'scratch' }), pod('b')])
  const terminate = (...args: string[]) => runCli({ args: ['terminate', 'scratch', ...args], runpod })
  expect(await terminate()).toMatchObject({ code: 2, stderr: expect.stringContaining('--confirm-name') })
  for (const wrong of ['a', 'Scratch', 'scra tch', ''])
    expect(await terminate('--confirm-name', wrong)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Nothing was done'),
    })
  expect(sent(runpod)).toEqual([])
  const { code, stdout, stderr } = await terminate('--confirm-name', 'scratch', '--json')
  expect(stderr).toContain('Destroys the container disk')
  expect(stderr).toContain('all data on this pod will be lost')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ action: 'terminate', outcome: 'observed' })
  expect(sent(runpod)).toEqual(['terminate a'])
  expect(runpod.runningPodIds()).toEqual(['b'])
})

test('terminate on a terminal asks the user to type the name', async () => {
  const runpod = await startSimulator([pod('a', { name: 'scratch' })])
  const terminal = { columns: 100, rows: 30 }
  const args = ['terminate', 'a']
  const wrong = startCli({ args, runpod, terminal })
  await wrong.waitForOutput(/Type the pod's name: /)
  wrong.type('scratc\r')
  expect((await wrong.exited).code).toBe(1)
  const left = startCli({ args, runpod, terminal })
  await left.waitForOutput(/Type the pod's name: /)
  left.type('\u0003')
  expect((await left.exited).code).toBe(130)
  expect(sent(runpod)).toEqual([])
  const right = startCli({ args, runpod, terminal })
  await right.waitForOutput(/Type the pod's name: /)
  right.type('scratch\r')
  expect((await right.exited).code).toBe(0)
  expect(sent(runpod)).toEqual(['terminate a'])
})

test('terminate of one of two pods with the same name requires the id', async () => {
  const runpod = await startSimulator([pod('a', { name: 'twin' }), pod('b', { name: 'twin' })])
  const by = (name: string) => runCli({ args: ['terminate', 'a', '--confirm-name', name], runpod })
  expect((await by('twin')).code).toBe(1)
  expect(sent(runpod)).toEqual([])
  expect((await by('a')).code).toBe(0)
  expect(runpod.runningPodIds()).toEqual(['b'])
})

test('start without a free GPU says how to wait for one, and --when-free waits', async () => {
  const runpod = await startSimulator([pod('a', { mode: 'stopped' })])
  runpod.fault({ kind: 'no-gpu', action: 'start', count: 3 })
  const refused = await runCli({ args: ['start', 'a'], runpod })
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('podkeeper start --when-free a')
  const dataFolder = newDataFolder({ gpuRetryS: 1, gpuRetrySlowestS: 1 })
  const waited = await runCli({ args: ['start', '--when-free', 'a'], runpod, dataFolder })
  expect([waited.code, waited.stdout]).toEqual([0, 'a runs.\n'])
  expect(waited.stderr).toContain('a is waiting for a GPU')
  expect(sent(runpod)).toEqual(['start a', 'start a', 'start a', 'start a'])
})

test('^C ends the wait for a GPU; a kill does not, and the next wait continues', async () => {
  const runpod = await startSimulator([pod('a', { mode: 'stopped' })])
  runpod.fault({ kind: 'no-gpu', action: 'start' })
  const dataFolder = newDataFolder({ gpuRetryS: 30, gpuRetrySlowestS: 30 })
  const args = ['start', '--when-free', 'a']
  const killed = startCli({ isRealProgram: true, args, runpod, dataFolder })
  await killed.waitForOutput(/is waiting for a GPU/)
  // Before its first try it is waiting as well, and due at once.
  await vi.waitFor(() => expect(lastIntent(dataFolder)).toMatchObject({ phase: 'waiting', gpuTries: 1 }), {
    timeout: 60_000,
  })
  killed.child.kill('SIGKILL')
  await killed.exited
  const again = await runCli({ args, runpod, dataFolder })
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is already in progress') })
  expect(lastIntent(dataFolder).phase).toBe('waiting')
  const other = newDataFolder({ gpuRetryS: 30, gpuRetrySlowestS: 30 })
  const taken = startCli({ args, runpod, dataFolder: other })
  await vi.waitFor(() => expect(lastIntent(other)).toMatchObject({ phase: 'waiting', gpuTries: 1 }), {
    timeout: 60_000,
  })
  taken.child.kill('SIGINT')
  expect((await taken.exited).code).toBe(130)
  expect(lastIntent(other).phase).toBe('cancelled')
})
