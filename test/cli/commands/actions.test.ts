import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { Simulator } from '../../../src/simulator/simulator'
import { builtCli, newDataFolder, run, runpodWith, start } from '../../harness/cli/cli'

const program = builtCli()
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

test('restart says what is broken off, can be taken back, and ends once the pod is up for a shorter time', async () => {
  const runpod = await runpodWith([pod('a')])
  const { code, stdout, stderr } = await run({ program: program(), args: ['restart', 'a'], runpod })
  expect([code, stdout]).toEqual([0, 'a restarted.\n'])
  expect(stderr).toContain('What it does now is broken off.')
  expect(stderr).toMatch(/Restarting a in 1 s · \^C takes it back/)
  expect(sent(runpod)).toEqual(['restart a'])
  const stopped = await runpodWith([pod('off', { mode: 'stopped' })])
  const refused = await run({ program: program(), args: ['restart', 'off'], runpod: stopped })
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('does not allow restart now') })
})

test('terminate without a terminal takes the name as an option, exactly, and nothing without it', async () => {
  const runpod = await runpodWith([pod('a', { name: 'scratch' }), pod('b')])
  const terminate = (...args: string[]) =>
    run({ program: program(), args: ['terminate', 'scratch', ...args], runpod })
  expect(await terminate()).toMatchObject({ code: 2, stderr: expect.stringContaining('--confirm-name') })
  for (const wrong of ['a', 'Scratch', 'scratch ', ''])
    expect(await terminate('--confirm-name', wrong)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Nothing was done'),
    })
  expect(sent(runpod)).toEqual([])
  const { code, stdout, stderr } = await terminate('--confirm-name', 'scratch', '--json')
  expect(stderr).toContain('Destroys the container disk')
  expect(stderr).toContain('nothing of this pod survives')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ action: 'terminate', outcome: 'observed' })
  expect(sent(runpod)).toEqual(['terminate a'])
  expect(runpod.runningPodIds()).toEqual(['b'])
})

test('terminate on a terminal asks for the name to be typed', async () => {
  const runpod = await runpodWith([pod('a', { name: 'scratch' })])
  const terminal = { columns: 100, rows: 30 }
  const args = ['terminate', 'a']
  const wrong = start({ program: program(), args, runpod, terminal })
  await wrong.says(/Type the pod's name: /)
  wrong.type('scratc\r')
  expect((await wrong.ended).code).toBe(1)
  const left = start({ program: program(), args, runpod, terminal })
  await left.says(/Type the pod's name: /)
  left.type('\u0003')
  expect((await left.ended).code).toBe(130)
  expect(sent(runpod)).toEqual([])
  const right = start({ program: program(), args, runpod, terminal })
  await right.says(/Type the pod's name: /)
  right.type('scratch\r')
  expect((await right.ended).code).toBe(0)
  expect(sent(runpod)).toEqual(['terminate a'])
})

test('terminate of one of two pods by the same name takes the id', async () => {
  const runpod = await runpodWith([pod('a', { name: 'twin' }), pod('b', { name: 'twin' })])
  const by = (name: string) =>
    run({ program: program(), args: ['terminate', 'a', '--confirm-name', name], runpod })
  expect((await by('twin')).code).toBe(1)
  expect(sent(runpod)).toEqual([])
  expect((await by('a')).code).toBe(0)
  expect(runpod.runningPodIds()).toEqual(['b'])
})

test('a start without a GPU says how to wait for one, and --when-free waits', async () => {
  const runpod = await runpodWith([pod('a', { mode: 'stopped' })])
  runpod.fault({ kind: 'no-gpu', action: 'start', count: 3 })
  const refused = await run({ program: program(), args: ['start', 'a'], runpod })
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('podkeeper start --when-free a')
  const dataFolder = newDataFolder({ gpuRetryS: 1, gpuRetrySlowestS: 1 })
  const waited = await run({ program: program(), args: ['start', '--when-free', 'a'], runpod, dataFolder })
  expect([waited.code, waited.stdout]).toEqual([0, 'a runs.\n'])
  expect(waited.stderr).toContain('a waits for a GPU')
  expect(sent(runpod)).toEqual(['start a', 'start a', 'start a', 'start a'])
})

test('^C ends the wait for a GPU; a kill does not, and the next one waits on', async () => {
  const runpod = await runpodWith([pod('a', { mode: 'stopped' })])
  runpod.fault({ kind: 'no-gpu', action: 'start' })
  const dataFolder = newDataFolder({ gpuRetryS: 30, gpuRetrySlowestS: 30 })
  const args = ['start', '--when-free', 'a']
  const killed = start({ program: program(), args, runpod, dataFolder })
  await killed.says(/waits for a GPU/)
  await vi.waitFor(() => expect(lastIntent(dataFolder).phase).toBe('waiting'), { timeout: 10_000 })
  killed.child.kill('SIGKILL')
  await killed.ended
  const again = await run({ program: program(), args, runpod, dataFolder })
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is under way') })
  expect(lastIntent(dataFolder).phase).toBe('waiting')
  const other = newDataFolder({ gpuRetryS: 30, gpuRetrySlowestS: 30 })
  const taken = start({ program: program(), args, runpod, dataFolder: other })
  await vi.waitFor(() => expect(lastIntent(other)).toMatchObject({ phase: 'waiting', gpuTries: 1 }), {
    timeout: 10_000,
  })
  taken.child.kill('SIGINT')
  expect((await taken.ended).code).toBe(130)
  expect(lastIntent(other).phase).toBe('cancelled')
})
