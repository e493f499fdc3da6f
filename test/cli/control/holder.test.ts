import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { FULL_KEY } from '../../../src/simulator/simulator'
import { runCli, startCli } from '../../harness/cli/cli'
import { actionsOf, configOf, lastIntentIn, quickPod as pod, startWatched } from '../../harness/cli/watched'
import { useRealCli } from '../../harness/cli/real-program'

useRealCli()

/* Commands beside `podkeeper watch`, which holds the data folder and does what they ask. */

test('stop, start and restart are carried out by the watch, with the same words as without one', async () => {
  const { runpod, run, watch, folder } = await startWatched([pod('a')])
  const stop = await run('stop', 'a')
  expect(stop).toMatchObject({ code: 0, stdout: 'a stopped.\n' })
  expect(stop.stderr).toContain('Keeps /workspace (100 GB, $0.67 a day); the container disk (40 GB) is lost.')
  expect(stop.stderr).toMatch(/Stopping a in 1 s · \^C to undo/)
  expect(await run('start', 'a', '--json')).toMatchObject({ code: 0 })
  expect(await run('restart', 'a', '--yes')).toMatchObject({ code: 0, stdout: 'a restarted.\n' })
  expect(await run('stop', 'a', '--yes', '--no-wait')).toMatchObject({
    code: 0,
    stdout: 'Runpod accepted the stop of a.\n',
  })
  expect(actionsOf(runpod)).toEqual(['stop a', 'start a', 'restart a', 'stop a'])
  expect(watch.stdout()).toContain('"action":"stop","phase":"observed"')
  expect(readFileSync(join(folder, 'intents.jsonl'), 'utf8')).toContain('"restart"')
})

test('status shows what the watch knows, without a request of its own', async () => {
  const { runpod, run, command, watch } = await startWatched([pod('a', { mode: 'idle' })])
  const status = async () => JSON.parse((await run('status', '--json')).stdout)
  await vi.waitFor(async () => expect((await status()).pods[0].activity.kind).toBe('idle'), {
    timeout: 60_000,
  })
  const before = runpod.requests.length
  const shown = await status()
  expect(shown).toMatchObject({ connection: 'live', isComplete: true, pods: [{ id: 'a', state: 'running' }] })
  expect((await run('status')).stdout).toContain('idle')
  // The watch may poll meanwhile, a command alone reads list and balance twice.
  expect(runpod.requests.length - before).toBeLessThanOrEqual(2)
  watch.child.kill('SIGTERM')
  await watch.exited
  const alone = await runCli(command('status', '--json'))
  expect(JSON.parse(alone.stdout)).toMatchObject({ connection: 'live', pods: [{ id: 'a' }] })
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s takes a stop back that the watch counts down', async (signal, exitCode) => {
  const { runpod, command, folder } = await startWatched([pod('a')], { undoS: 30 })
  const stopping = startCli(command('stop', 'a'))
  await stopping.waitForOutput(/Stopping a in/)
  stopping.child.kill(signal)
  const { code, stderr } = await stopping.exited
  expect([code, stderr]).toEqual([
    exitCode,
    expect.stringContaining('Canceled: nothing was sent. a is still running.'),
  ])
  expect(lastIntentIn(folder)).toMatchObject({ phase: 'cancelled' })
  expect(actionsOf(runpod)).toEqual([])
})

test('a command that is killed leaves its stop to the watch, which carries it out', async () => {
  const { runpod, command, folder } = await startWatched([pod('a')], { undoS: 2 })
  const stopping = startCli({ ...command('stop', 'a'), isRealProgram: true })
  await stopping.waitForOutput(/Stopping a in/)
  stopping.child.kill('SIGKILL')
  await stopping.exited
  await vi.waitFor(() => expect(lastIntentIn(folder)).toMatchObject({ phase: 'observed' }), {
    timeout: 60_000,
  })
  expect(actionsOf(runpod)).toEqual(['stop a'])
})

describe('when the watch ends in the middle', () => {
  test('before the stop was sent, that is reported, and nothing is sent', async () => {
    const { runpod, command, watch } = await startWatched([pod('a')], { undoS: 30 }, true)
    const stopping = startCli(command('stop', 'a'))
    await stopping.waitForOutput(/Stopping a in/)
    watch.child.kill('SIGKILL')
    const { code, stdout, stderr } = await stopping.exited
    expect([code, stdout]).toEqual([4, ''])
    expect(stderr).toContain('quit or stopped responding before the stop of a was sent.')
    expect(actionsOf(runpod)).toEqual([])
  })

  test('after the stop was sent, that is reported, and it is not sent again', async () => {
    const { runpod, command, watch } = await startWatched([pod('a')], {}, true)
    runpod.fault({ kind: 'slow', action: 'stop', delayMs: 60_000 })
    const stopping = startCli(command('stop', 'a', '--yes'))
    await stopping.waitForOutput(/sent to Runpod/)
    await vi.waitFor(() => expect(actionsOf(runpod)).toEqual(['stop a']), { timeout: 60_000 })
    watch.child.kill('SIGKILL')
    const { code, stderr } = await stopping.exited
    expect(code).toBe(4)
    expect(stderr).toContain('quit or stopped responding after it began to send the stop of a.')
    expect(actionsOf(runpod)).toEqual(['stop a'])
  })

  test('before it took the request, nothing was done, and a second try is the user’s', async () => {
    const { runpod, command, watch, folder } = await startWatched([pod('a')], {}, true)
    const terminating = startCli({ ...command('terminate', 'a'), terminal: { columns: 100, rows: 30 } })
    await terminating.waitForOutput(/Type the pod's name: /)
    watch.child.kill('SIGKILL')
    await watch.exited
    terminating.type('a\r')
    const { code, stdout } = await terminating.exited
    expect(code).toBe(1)
    expect(stdout).toContain('quit or stopped responding. Nothing was done.')
    expect(actionsOf(runpod)).toEqual([])
    expect(readFileSync(join(folder, 'intents.jsonl'), 'utf8')).toBe('')
  })
})

test('a terminate is confirmed where it was asked for, by the exact name, and carried out by the watch', async () => {
  const { runpod, run, watch } = await startWatched([pod('a', { name: 'scratch' }), pod('b')])
  expect(await run('terminate', 'scratch')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--confirm-name'),
  })
  for (const wrong of ['a', 'Scratch', ''])
    expect(await run('terminate', 'scratch', '--confirm-name', wrong)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Nothing was done'),
    })
  expect(actionsOf(runpod)).toEqual([])
  const { code, stdout, stderr } = await run('terminate', 'scratch', '--confirm-name', 'scratch', '--json')
  expect(stderr).toContain('Destroys the container disk')
  expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ outcome: 'observed' })])
  expect(actionsOf(runpod)).toEqual(['terminate a'])
  expect(watch.stdout()).toContain('"podId":"a"')
})

test('a start waits for a GPU in the watch, and ^C ends the wait', async () => {
  const { runpod, command, folder } = await startWatched([pod('a', { mode: 'stopped' })], {
    gpuRetryS: 30,
    gpuRetrySlowestS: 30,
  })
  runpod.fault({ kind: 'no-gpu', action: 'start' })
  const waiting = startCli(command('start', '--when-free', 'a'))
  await waiting.waitForOutput(/is waiting for a GPU · next try in [1-9]/)
  await vi.waitFor(() => expect(lastIntentIn(folder)).toMatchObject({ phase: 'waiting', gpuTries: 1 }), {
    timeout: 60_000,
  })
  waiting.child.kill('SIGINT')
  expect((await waiting.exited).code).toBe(130)
  expect(lastIntentIn(folder)).toMatchObject({ phase: 'cancelled' })
})

test('a key that cannot be used, or an address of its own, never falls back to the account of the app', async () => {
  const { folder, runpod } = await startWatched([pod('a')])
  const [account] = Object.keys(configOf(folder).guards ?? {})
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({
      ...configOf(folder),
      accounts: [{ id: account ?? 'x', baseUrl: `${runpod.url}/v2`, keyEnding: 'cess', encryptedKey: null }],
    }),
  )
  const before = actionsOf(runpod).length
  const stop = (env: Record<string, string | undefined>, ...more: string[]) =>
    runCli({ args: ['stop', 'a', '--yes', ...more], runpod, dataFolder: folder, env })
  const noKey = { RUNPOD_API_KEY: undefined, RUNPOD_API_BASE_URL: undefined }
  expect((await stop({ RUNPOD_API_KEY: 'two words' })).code).toBe(3)
  expect((await stop(noKey, '--base-url', 'https://lab.example/v2')).code).toBe(3)
  writeFileSync(join(folder, 'cli-key.json'), '{"version":9}', { mode: 0o600 })
  expect((await stop(noKey)).code).toBe(3)
  writeFileSync(
    join(folder, 'cli-key.json'),
    JSON.stringify({ version: 1, keys: [{ baseUrl: `${runpod.url}/v2`, key: FULL_KEY }] }),
    { mode: 0o644 },
  )
  chmodSync(join(folder, 'cli-key.json'), 0o644)
  expect((await stop(noKey)).stderr).toContain('can be read by others')
  expect(actionsOf(runpod)).toHaveLength(before)
})
