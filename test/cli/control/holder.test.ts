import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { Simulator } from '../../../src/simulator/simulator'
import {
  buildCli,
  type CliOptions,
  newDataFolder,
  type RunningCli,
  runCli,
  startCli,
  startSimulator,
} from '../../harness/cli/cli'

/* Commands beside a real `podkeeper watch`, which holds the data folder and does what they ask. */

const program = buildCli()
const volume = { sizeGb: 100, path: '/workspace' }
const pod = (id: string, more: object = {}) =>
  ({
    name: id,
    id,
    mode: 'training',
    persistent: volume,
    stoppingS: 0.2,
    startingS: 0.2,
    provisioningS: 0.1,
    restartingS: 0.2,
    ...more,
  }) as const
const sent = ({ requests }: Simulator): string[] =>
  requests.flatMap(({ action, podId }) => (action === undefined ? [] : [`${action} ${podId}`]))
const configOf = (folder: string): any => JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))
const lastIntent = (folder: string): { phase: string } =>
  JSON.parse(readFileSync(join(folder, 'intents.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? '')

interface Scene {
  readonly runpod: Simulator
  readonly folder: string
  readonly watch: RunningCli
  readonly command: (...args: string[]) => CliOptions
  readonly run: (...args: string[]) => ReturnType<typeof runCli>
}

async function watched(pods: Parameters<typeof startSimulator>[0], settings: object = {}): Promise<Scene> {
  const runpod = await startSimulator(pods)
  const folder = newDataFolder({ undoS: 1, ...settings })
  const watch = startCli({ program: program(), args: ['watch', '--log', 'json'], runpod, dataFolder: folder })
  await watch.waitForOutput(/"event":"account"/)
  const command = (...args: string[]): CliOptions => ({
    program: program(),
    args,
    runpod,
    dataFolder: folder,
  })
  return { runpod, folder, watch, command, run: (...args) => runCli(command(...args)) }
}

test('stop, start and restart are carried out by the watch, with the same words as without one', async () => {
  const { runpod, run, watch, folder } = await watched([pod('a')])
  const stop = await run('stop', 'a')
  expect(stop).toMatchObject({ code: 0, stdout: 'a stopped.\n' })
  expect(stop.stderr).toContain('Keeps /workspace (100 GB, $0.67 a day); the container disk (40 GB) is lost.')
  expect(stop.stderr).toMatch(/Stopping a in 1 s · \^C takes it back/)
  expect(await run('start', 'a', '--json')).toMatchObject({ code: 0 })
  expect(await run('restart', 'a', '--yes')).toMatchObject({ code: 0, stdout: 'a restarted.\n' })
  expect(await run('stop', 'a', '--yes', '--no-wait')).toMatchObject({
    code: 0,
    stdout: 'Runpod accepted the stop of a.\n',
  })
  expect(sent(runpod)).toEqual(['stop a', 'start a', 'restart a', 'stop a'])
  expect(watch.stdout()).toContain('"action":"stop","phase":"observed"')
  expect(readFileSync(join(folder, 'intents.jsonl'), 'utf8')).toContain('"restart"')
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s takes a stop back that the watch counts down', async (signal, exitCode) => {
  const { runpod, command, folder } = await watched([pod('a')], { undoS: 30 })
  const stopping = startCli(command('stop', 'a'))
  await stopping.waitForOutput(/Stopping a in/)
  stopping.child.kill(signal)
  const { code, stderr } = await stopping.exited
  expect([code, stderr]).toEqual([
    exitCode,
    expect.stringContaining('Taken back: nothing was sent. a is still running.'),
  ])
  expect(lastIntent(folder)).toMatchObject({ phase: 'cancelled' })
  expect(sent(runpod)).toEqual([])
})

test('a command that is killed leaves its stop to the watch, which carries it out', async () => {
  const { runpod, command, folder } = await watched([pod('a')], { undoS: 2 })
  const stopping = startCli(command('stop', 'a'))
  await stopping.waitForOutput(/Stopping a in/)
  stopping.child.kill('SIGKILL')
  await stopping.exited
  await vi.waitFor(() => expect(lastIntent(folder)).toMatchObject({ phase: 'observed' }), { timeout: 20_000 })
  expect(sent(runpod)).toEqual(['stop a'])
})

describe('when the watch ends in the middle', () => {
  test('before the stop was sent, that is said, and nothing is sent', async () => {
    const { runpod, command, watch } = await watched([pod('a')], { undoS: 30 })
    const stopping = startCli(command('stop', 'a'))
    await stopping.waitForOutput(/Stopping a in/)
    watch.child.kill('SIGKILL')
    const { code, stdout, stderr } = await stopping.exited
    expect([code, stdout]).toEqual([4, ''])
    expect(stderr).toContain('ended or stopped answering before the stop of a was sent.')
    expect(sent(runpod)).toEqual([])
  })

  test('after the stop was sent, that is said, and it is not sent again', async () => {
    const { runpod, command, watch } = await watched([pod('a')])
    runpod.fault({ kind: 'slow', action: 'stop', delayMs: 60_000 })
    const stopping = startCli(command('stop', 'a', '--yes'))
    await stopping.waitForOutput(/sent to Runpod/)
    watch.child.kill('SIGKILL')
    const { code, stderr } = await stopping.exited
    expect(code).toBe(4)
    expect(stderr).toContain('ended or stopped answering after the stop of a was sent.')
    expect(sent(runpod)).toEqual(['stop a'])
  })

  test('before it took the request, nothing was done, and a second try is the user’s', async () => {
    const { runpod, command, watch, folder } = await watched([pod('a')])
    const terminating = startCli({ ...command('terminate', 'a'), terminal: { columns: 100, rows: 30 } })
    await terminating.waitForOutput(/Type the pod's name: /)
    watch.child.kill('SIGKILL')
    await watch.exited
    terminating.type('a\r')
    const { code, stdout } = await terminating.exited
    expect(code).toBe(1)
    expect(stdout).toContain('ended or stopped answering. Nothing was done.')
    expect(sent(runpod)).toEqual([])
    expect(readFileSync(join(folder, 'intents.jsonl'), 'utf8')).toBe('')
  })
})

test('a terminate is confirmed where it was asked for, by the exact name, and carried out by the watch', async () => {
  const { runpod, run, watch } = await watched([pod('a', { name: 'scratch' }), pod('b')])
  expect(await run('terminate', 'scratch')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--confirm-name'),
  })
  for (const wrong of ['a', 'Scratch', ''])
    expect(await run('terminate', 'scratch', '--confirm-name', wrong)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Nothing was done'),
    })
  expect(sent(runpod)).toEqual([])
  const { code, stdout, stderr } = await run('terminate', 'scratch', '--confirm-name', 'scratch', '--json')
  expect(stderr).toContain('Destroys the container disk')
  expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ outcome: 'observed' })])
  expect(sent(runpod)).toEqual(['terminate a'])
  expect(watch.stdout()).toContain('"podId":"a"')
})

test('a start waits for a GPU in the watch, and ^C ends the wait', async () => {
  const { runpod, command, folder } = await watched([pod('a', { mode: 'stopped' })], {
    gpuRetryS: 30,
    gpuRetrySlowestS: 30,
  })
  runpod.fault({ kind: 'no-gpu', action: 'start' })
  const waiting = startCli(command('start', '--when-free', 'a'))
  await waiting.waitForOutput(/waits for a GPU · next try in [1-9]/)
  await vi.waitFor(() => expect(lastIntent(folder)).toMatchObject({ phase: 'waiting', gpuTries: 1 }), {
    timeout: 10_000,
  })
  waiting.child.kill('SIGINT')
  expect((await waiting.exited).code).toBe(130)
  expect(lastIntent(folder)).toMatchObject({ phase: 'cancelled' })
})

test('keep, rules and settings are changed in the watch, which shows them at once', async () => {
  const { run, folder, watch } = await watched([pod('a', { mode: 'idle' })])
  const kept = await run('keep', 'a', '4h')
  expect(kept).toMatchObject({ code: 0, stderr: '' })
  expect(kept.stdout).toMatch(/^a is kept on until .*: no alerts and no automatic stops\.\n$/)
  expect(await run('keep', 'a', 'off')).toMatchObject({ stdout: 'a is not kept on any more.\n' })
  const always = JSON.parse((await run('keep', 'a', 'always', '--json')).stdout)
  expect(always).toMatchObject({ version: 1, pod: { id: 'a' }, keepOn: { until: null } })

  expect(await run('rules', 'a', 'set', 'maxHours=12', 'isAutoStopped=true')).toMatchObject({ code: 0 })
  const rules = JSON.parse((await run('rules', 'a', '--json')).stdout)
  expect(rules.rules).toMatchObject({ maxHours: 12, isAutoStopped: true, monthlyBudgetUsd: null })
  expect(await run('rules', 'a', 'set', 'atBudget=stop')).toMatchObject({
    code: 1,
    stderr: 'Set a budget of the month for this pod first.\n',
  })
  expect((await run('settings', 'set', 'idleAlertAfterMin', '20')).stdout).toBe(
    'idleAlertAfterMin is 20 (15 before).\n',
  )
  expect(await run('settings', 'set', 'idleAlertAfterMin', '100000')).toMatchObject({ code: 1 })
  expect((await run('settings', 'get', 'idleAlertAfterMin')).stdout).toBe('20\n')
  const { settings, guards } = configOf(folder)
  expect(settings).toMatchObject({ undoS: 1, idleAlertAfterMin: 20 })
  expect(Object.values(guards)).toEqual([
    expect.objectContaining({ pods: { a: expect.objectContaining({ maxHours: 12 }) } }),
  ])
  expect(watch.child.exitCode).toBeNull()
})

test('next is answered by the watch, which knows what holds a stop', async () => {
  const { run } = await watched([pod('a', { mode: 'idle' }), pod('b')])
  expect((await run('next')).stdout).toBe('No running pod is stopped automatically.\n')
  await run('rules', 'a', 'set', 'isAutoStopped=true')
  await run('rules', 'b', 'set', 'maxHours=12')
  await run('keep', 'a', 'always')
  const { code, stdout, stderr } = await run('next')
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/b {2}stops at its maximum hours\n/)
  expect(stdout).toMatch(/– +a {2}is kept on until you end it\n/)
  const json = JSON.parse((await run('next', '--json')).stdout)
  expect(json).toMatchObject({ version: 1, isActing: true })
  expect(json.stops[0]).toMatchObject({ pod: { id: 'b' }, state: 'expected', stopAt: expect.any(String) })
})

test('a watch of another account does nothing, and says so', async () => {
  const { folder, run: _run, runpod } = await watched([pod('a')])
  const other = await startSimulator([pod('a')])
  for (const args of [['stop', 'a', '--yes'], ['keep', 'a', '1h'], ['next']]) {
    const refused = await runCli({ program: program(), args, runpod: other, dataFolder: folder })
    expect([refused.code, refused.stdout]).toEqual([6, ''])
    expect(refused.stderr).toContain('watches another account, so nothing was done.')
  }
  expect(sent(runpod).concat(sent(other))).toEqual([])
})

test('without a key of its own, a command asks about the account that the app stored', async () => {
  const { folder, runpod, run } = await watched([pod('a')])
  const status = JSON.parse((await run('status', '--json')).stdout)
  const withoutKey = {
    program: program(),
    dataFolder: folder,
    env: { RUNPOD_API_BASE_URL: `${runpod.url}/v2` },
  }
  expect(await runCli({ ...withoutKey, args: ['keep', 'a', '1h'] })).toMatchObject({ code: 3 })
  const account = {
    id: status.account.id,
    baseUrl: `${runpod.url}/v2`,
    keyEnding: 'cess',
    encryptedKey: 'eA==',
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...configOf(folder), account }))
  expect(await runCli({ ...withoutKey, args: ['keep', 'a', '1h'] })).toMatchObject({ code: 0 })
  expect(await runCli({ ...withoutKey, args: ['stop', 'a', '--yes'] })).toMatchObject({ code: 0 })
  expect(sent(runpod)).toEqual(['stop a'])
  expect(configOf(folder).account).toEqual(account)
})
