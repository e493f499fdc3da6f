import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Simulator } from '../../../src/simulator/simulator'
import { configOf, quickPod as pod } from '../../harness/cli/watched'
import { newDataFolder, runCli, startCli, startSimulator } from '../../harness/cli/cli'
import { useRealCli } from '../../harness/cli/real-program'

useRealCli()

/* The same commands while no other program holds the data folder. */

async function alone(pods: Parameters<typeof startSimulator>[0] = [pod('a')]) {
  const runpod: Simulator = await startSimulator(pods)
  const folder = newDataFolder()
  const command = (...args: string[]) => ({ args, runpod, dataFolder: folder })
  return { runpod, folder, command, run: (...args: string[]) => runCli(command(...args)) }
}

test('a guard is not installed in a stopped pod, which is said before anything is asked', async () => {
  const { run, runpod } = await alone([pod('b', { mode: 'stopped' })])
  expect(await run('guard', 'install', 'b', '--yes')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      'b is stopped, so nothing was installed. Start it with podkeeper start b',
    ),
  })
  expect(runpod.requests.every(({ method, path }) => method === 'GET' || path.includes('graphql'))).toBe(true)
})

test('keep, rules and settings are written into the settings file, which keeps the rest', async () => {
  const { folder, run } = await alone()
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...configOf(folder), note: 'mine' }))
  expect(await run('keep', 'a', 'morning')).toMatchObject({ code: 0, stderr: '' })
  expect(await run('rules', 'a', 'set', 'maxHours=12', 'monthlyBudgetUsd=50', 'atBudget=stop')).toMatchObject(
    {
      code: 0,
    },
  )
  expect(await run('settings', 'set', 'areAutoStopsPaused', 'true')).toMatchObject({
    code: 0,
    stdout: 'areAutoStopsPaused is now true (was false).\n',
  })
  expect((await run('rules', 'a')).stdout).toMatch(/^idleAlertAfterMin +default \(15\)\n.*^maxHours +12$/ms)
  const config = configOf(folder)
  expect(config).toMatchObject({ note: 'mine', settings: { undoS: 1, areAutoStopsPaused: true } })
  const [account] = Object.values<any>(config.guards)
  expect(account.pods.a).toMatchObject({ maxHours: 12, monthlyBudgetUsd: 50, atBudget: 'stop' })
  expect(JSON.parse(readFileSync(join(folder, 'config.json.last-good'), 'utf8'))).toEqual(config)
  // What it did is in the activity log.
  const { stdout } = await run('activity')
  expect(stdout).toContain('a is kept running until')
  expect(stdout).toContain('Automatic stops are paused.')
})

test('settings need no key, no account and no network', async () => {
  const folder = newDataFolder()
  const run = (...args: string[]) => runCli({ args, dataFolder: folder })
  const { code, stdout } = await run('settings')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^undoS +1 +Undo time, seconds$/m)
  expect((await run('settings', 'get', 'theme')).stdout).toBe('system\n')
  expect((await run('settings', 'set', 'theme', 'dark')).code).toBe(0)
  expect((await run('settings', 'set', 'monthlyBudgetUsd', '600')).code).toBe(0)
  expect(configOf(folder).settings).toMatchObject({ theme: 'dark', monthlyBudgetUsd: '600' })
  expect((await run('settings', 'set', 'monthlyBudgetUsd', 'none')).code).toBe(0)
  expect((await run('settings', 'set', 'theme', 'default')).code).toBe(0)
  expect(JSON.parse((await run('settings', 'get', 'theme', '--json')).stdout)).toEqual({
    version: 1,
    name: 'theme',
    value: 'system',
    default: 'system',
  })
  expect(Object.keys(configOf(folder).settings)).not.toContain('theme')
  expect(JSON.parse((await run('settings', 'list', '--json')).stdout).settings).toMatchObject({ undoS: 1 })
})

test.each([
  [['settings', 'get'], 2, 'Specify a setting.'],
  [['settings', 'get', 'idleAlert'], 2, 'Did you mean: idleAlertAfterMin, idleAlertEveryMin,'],
  [['settings', 'set', 'undoS', 'five'], 2, 'undoS: "five" is not a number (seconds).'],
  [['settings', 'set', 'undoS', '900'], 2, 'between 1 second and 1 minute'],
  [['settings', 'set', 'areAutoStopsPaused', 'yes'], 2, 'must be true or false'],
  [['settings', 'set', 'theme', 'pink'], 2, 'must be one of system, light, dark'],
  [['settings', 'set', 'runpodBaseUrl', 'https://elsewhere.test'], 1, 'can only be set in the app'],
  [['settings', 'set', 'runpodBaseUrl', 'default'], 1, 'can only be set in the app'],
  [['settings', 'remove', 'undoS'], 2, 'Allowed choices are list, get, set'],
  [['rules', 'a', 'set'], 2, 'Specify a rule to set'],
  [['rules', 'a', 'set', 'maxHour=1'], 2, 'does not set a rule'],
  [['rules', 'a', 'set', 'maxHours=-1'], 2, 'maxHours must be a number above 0'],
  [['rules', 'a', 'set', 'maxHours=9000'], 1, 'at most 8,760'],
  [['rules', 'a', 'set', 'keepOn=true'], 2, 'does not set a rule'],
  [['rules', 'a', 'set', 'idleAlertAfterMin=400'], 1, 'must come before the stop'],
  [['rules', 'nobody'], 5, 'No pod has the name or id'],
  [['stop', ''], 2, 'No pod was named.'],
  [['gpus', '--count', '-1'], 2, 'It must be a whole number, at least 1.'],
  [['create', '--env', 'NOT_SET', '--dry-run'], 2, 'NOT_SET isn’t set in your environment.'],
  [['keep', 'a', '2h'], 2, 'Allowed choices are 1h, 4h, morning, always, off'],
  [['keep', 'nobody', '1h'], 5, 'No pod has the name or id'],
] as const)('%j is refused with the reason, and changes nothing', async (args, exitCode, reason) => {
  const { folder, run } = await alone()
  const before = configOf(folder)
  const { code, stdout, stderr } = await run(...args)
  expect([code, stdout]).toEqual([exitCode, ''])
  expect(stderr).toContain(reason)
  expect(configOf(folder)).toEqual(before)
})

test('the guard of a pod without one is null as JSON, and an error as text', async () => {
  const { run } = await alone()
  const { code, stdout } = await run('guard', 'status', 'a', '--json')
  expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ guard: null })])
  expect((await run('guard', 'status', 'a')).code).toBe(1)
})

test('a rule that could lose a pod’s data asks for that, and without the permission the rule stays', async () => {
  const { folder, run, command } = await alone([pod('a', { persistent: null })])
  const rulesIn = (): any => Object.values<any>(configOf(folder).guards)[0]?.pods.a
  const unasked = await run('rules', 'a', 'set', 'maxHours=12')
  expect(unasked.code).toBe(0)
  expect(unasked.stderr).toContain('Stopping a: Nothing is kept; the container disk (40 GB) is lost.')
  expect(unasked.stderr).toContain('the pod is not stopped until you allow this data loss.')
  expect(rulesIn()).toEqual({ maxHours: 12 })
  // The permission by itself is asked about before it is set.
  expect(await run('rules', 'a', 'set', 'mayLoseData=true')).toMatchObject({ code: 1 })
  expect(rulesIn()).toEqual({ maxHours: 12 })
  expect(await run('rules', 'a', 'set', 'mayLoseData=true', '--allow-data-loss')).toMatchObject({ code: 0 })
  expect(rulesIn()).toEqual({ maxHours: 12, mayLoseData: true })

  await run('rules', 'a', 'set', 'mayLoseData=default')
  const terminal = { columns: 100, rows: 30 }
  const asked = startCli({ ...command('rules', 'a', 'set', 'maxHours=10'), terminal })
  await asked.waitForOutput(/Type yes to let automatic stops lose this data/)
  asked.type('yes\r')
  expect((await asked.exited).code).toBe(0)
  expect(rulesIn()).toEqual({ maxHours: 10, mayLoseData: true })
})

test('to terminate at the maximum hours takes the pod’s name', async () => {
  const { folder, run } = await alone()
  const rulesIn = (): any => Object.values<any>(configOf(folder).guards)[0]?.pods.a
  expect(await run('rules', 'a', 'set', 'atMaxHours=terminate', '--confirm-name', 'a')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Set maximum hours for this pod first'),
  })
  await run('rules', 'a', 'set', 'maxHours=12')
  expect(await run('rules', 'a', 'set', 'atMaxHours=terminate')).toMatchObject({ code: 2 })
  expect(await run('rules', 'a', 'set', 'atMaxHours=terminate', '--confirm-name', 'b')).toMatchObject({
    code: 1,
  })
  expect(rulesIn()).toEqual({ maxHours: 12 })
  expect(await run('rules', 'a', 'set', 'atMaxHours=terminate', '--confirm-name', 'a')).toMatchObject({
    code: 0,
  })
  expect(rulesIn()).toEqual({ maxHours: 12, atMaxHours: 'terminate' })
})

test('next says what a single look knows, and that nothing is stopped while no Podkeeper runs', async () => {
  const { run } = await alone([pod('a', { mode: 'idle' }), pod('b')])
  expect((await run('auto-stop')).stdout).toContain('Nothing has been chosen yet')
  await run('auto-stop', 'selected')
  await run('rules', 'a', 'set', 'isAutoStopped=true')
  await run('rules', 'b', 'set', 'maxHours=12')
  const { code, stdout, stderr } = await run('next')
  expect(code).toBe(0)
  expect(stdout).toMatch(/b {2}stops at its maximum hours\n/)
  expect(stdout).toMatch(/– +a {2}/)
  expect(stderr).toBe(
    'No Podkeeper is active on this data folder, so nothing is stopped. Start the app or podkeeper watch.\n',
  )
  expect(JSON.parse((await run('next', '--json')).stdout)).toMatchObject({ isActing: false })
})

test('a settings file that cannot be read is left as it is', async () => {
  const { folder, run } = await alone()
  writeFileSync(join(folder, 'config.json'), '{"settings":')
  expect(await run('settings', 'set', 'undoS', '9')).toMatchObject({ code: 1 })
  expect(await run('keep', 'a', '1h')).toMatchObject({ code: 1 })
  expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe('{"settings":')
  expect(existsSync(join(folder, 'config.json.last-good'))).toBe(false)
  expect(readdirSync(folder)).not.toContain('config.json.lock')
})
