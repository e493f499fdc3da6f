import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { accountIdAt, keysIn, noKey, storeAppAccounts, twoAccounts } from '../../harness/cli/accounts'
import { runCli, startCli } from '../../harness/cli/cli'
import { READ_ONLY_KEY } from '../../../src/simulator/simulator'
import { actionsOf, configOf, quickPod as pod } from '../../harness/cli/watched'
import { screenText } from '../../harness/cli/screen-text'
import { useRealCli } from '../../harness/cli/real-program'

useRealCli()

/* `podkeeper watch` of two accounts, and commands beside it. */

const linesOf = (stdout: string): any[] =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line))

test('a watch shows the accounts in one process, each line with its account', async () => {
  const { lab, work, command } = await twoAccounts([pod('a')], [pod('a')])
  const watch = startCli(command('watch', '--log', 'json'))
  await watch.waitForOutput(/"event":"pod".*"accountName":"Lab"/)
  await watch.waitForOutput(/"event":"pod".*"accountName":"Work"/)
  work.removePod('a')
  await watch.waitForOutput(/"event":"gone"/)
  await watch.waitForOutput(/"event":"alert"/)
  watch.child.kill('SIGTERM')
  expect((await watch.exited).code).toBe(143)
  const lines = linesOf(watch.stdout())
  const pods = lines.filter(({ event }) => event === 'pod')
  expect(pods.map(({ account, podId }) => [account, podId])).toEqual(
    expect.arrayContaining([
      [accountIdAt(lab), 'a'],
      [accountIdAt(work), 'a'],
    ]),
  )
  expect(lines.find(({ event }) => event === 'gone')).toMatchObject({
    account: accountIdAt(work),
    accountName: 'Work',
    text: expect.stringMatching(/^Work: a is gone/),
  })
  const alert = lines.find(({ event }) => event === 'alert')
  expect(alert).toMatchObject({ account: accountIdAt(work), title: expect.stringMatching(/^Work: a/) })
  expect(alert.text).toMatch(/^Work: a(?!.*Work:)/)
  // The pod of the same id in the other account is still there.
  expect(lines.filter(({ event, account }) => event === 'gone' && account === accountIdAt(lab))).toEqual([])
})

test('a watch of one account names it nowhere in its texts', async () => {
  const { command } = await twoAccounts([pod('a')], [pod('b')])
  const watch = startCli(command('watch', '--log', 'text', '--account', 'Lab'))
  await watch.waitForOutput(/ {2}a is running/)
  watch.child.kill('SIGTERM')
  await watch.exited
  expect(watch.stdout()).not.toMatch(/Lab|Work|\bb\b/)
})

test('an account that is refused ends no watch of others', async () => {
  const { lab, work, command } = await twoAccounts([pod('a')], [pod('b')], {
    settings: { keyRetryS: 1, pollIdleS: 1 },
  })
  lab.fault({ kind: 'unauthorized' })
  const watch = startCli(command('watch', '--log', 'json'))
  await watch.waitForOutput(/"event":"pod".*"podId":"b"/)
  await watch.waitForOutput(/"connection":"key-refused".*"accountName":"Lab"/)
  work.setPod('b', { mode: 'stopped' })
  await watch.waitForOutput(/Work: b is stopped/)
  expect(watch.child.exitCode).toBeNull()
})

test('an account that never answers keeps no other from being watched and acted on', async () => {
  const { lab, work, command, run } = await twoAccounts([pod('a')], [pod('b')])
  lab.fault({ kind: 'hang' })
  const watch = startCli(command('watch', '--log', 'json'))
  await watch.waitForOutput(/"event":"pod".*"podId":"b"/)
  expect(await run('stop', 'b', '--yes', '--account', 'Work')).toMatchObject({ code: 0 })
  const searched = await run('start', 'b')
  expect(searched).toMatchObject({ code: 0, stdout: 'b runs.\n' })
  expect(searched.stderr).toMatch(/^Lab: /m)
  expect([actionsOf(lab), actionsOf(work)]).toEqual([[], ['stop b', 'start b']])
})

test('a watch that takes over continues with the actions of each account', async () => {
  const { lab, work, command, run } = await twoAccounts([pod('a')], [pod('b', { stoppingS: 8 })])
  const first = startCli({ ...command('watch', '--log', 'json'), isRealProgram: true })
  await first.waitForOutput(/"podId":"a"/)
  await first.waitForOutput(/"podId":"b"/)
  const second = startCli(command('watch', '--log', 'json'))
  await second.waitForOutput(/"role":"reading"/)
  await second.waitForOutput(/"podId":"b"/)
  expect((await run('stop', 'b', '--yes', '--no-wait')).code).toBe(0)
  first.child.kill('SIGKILL')
  await second.waitForOutput(/"role":"acting"/)
  await second.waitForOutput(/"action":"stop","phase":"observed".*"accountName":"Work"/)
  expect(await run('stop', 'a', '--yes')).toMatchObject({ code: 0 })
  expect([actionsOf(lab), actionsOf(work)]).toEqual([['stop a'], ['stop b']])
})

test('the table has the account of each pod, and what each account has', async () => {
  const { lab, command } = await twoAccounts([pod('a')], [pod('b')])
  lab.balance(12)
  const watch = startCli({ ...command('watch'), terminal: { columns: 110, rows: 24 } })
  await watch.waitForOutput(/b .*Work/)
  await watch.waitForOutput(/Lab: 1 running .*balance/)
  const screen = () => screenText(watch.stdout(), 110, 24)
  await vi.waitFor(() => expect(screen()).toMatch(/^NAME +ACCOUNT/m), { timeout: 60_000 })
  await vi.waitFor(() => expect(screen()).toMatch(/^Lab: .*balance \$1\d\.\d\d/m), { timeout: 60_000 })
  await vi.waitFor(() => expect(screen()).toMatch(/a +Lab +running/))
  await vi.waitFor(() => expect(screen()).toMatch(/b +Work +running/))
  watch.type('q')
  expect((await watch.exited).code).toBe(0)
})

test('commands beside a watch reach the account of their pod, and no other', async () => {
  const { lab, work, folder, command, run } = await twoAccounts([pod('a')], [pod('b'), pod('c')])
  const watch = startCli(command('watch', '--log', 'json'))
  await watch.waitForOutput(/"podId":"a"/)
  await watch.waitForOutput(/"podId":"b"/)
  expect(await run('stop', 'b', '--yes')).toMatchObject({ code: 0, stdout: 'b stopped.\n' })
  expect([actionsOf(lab), actionsOf(work)]).toEqual([[], ['stop b']])
  expect(await run('rules', 'c', 'set', 'maxHours=5')).toMatchObject({ code: 0 })
  expect(Object.keys(configOf(folder).guards)).toEqual([accountIdAt(work)])
  const next = JSON.parse((await run('next', '--json')).stdout)
  expect(next).toMatchObject({ isActing: true, stops: [{ account: { name: 'Work' }, pod: { id: 'c' } }] })
  // The command needs no key of its own: it asks about all accounts that the app has.
  storeAppAccounts(folder, [
    [lab, { name: 'Lab' }],
    [work, { name: 'Work' }],
  ])
  writeFileSync(join(folder, 'cli-key.json'), '')
  const keyless = (...args: string[]) => runCli({ args, dataFolder: folder, env: noKey })
  expect((await keyless('stop', 'a', '--yes')).code).toBe(3)
  rmSync(join(folder, 'cli-key.json'))
  expect(await keyless('stop', 'a', '--yes')).toMatchObject({ code: 0, stdout: 'a stopped.\n' })
  expect([actionsOf(lab), actionsOf(work)]).toEqual([['stop a'], ['stop b']])
})

test('an account that the watch does not watch is told so, and nothing is done', async () => {
  const { lab, work, command, run } = await twoAccounts([pod('a')], [pod('b')])
  const watch = startCli(command('watch', '--log', 'json', '--account', 'Lab'))
  await watch.waitForOutput(/"podId":"a"/)
  const refused = await run('stop', 'b', '--yes', '--account', 'Work')
  expect([refused.code, refused.stdout]).toEqual([6, ''])
  expect(refused.stderr).toContain('does not watch this account, so nothing was done.')
  const searched = await run('stop', 'b', '--yes')
  expect([searched.code, searched.stdout]).toEqual([7, ''])
  expect(searched.stderr).toMatch(/Work: .*does not watch this account/)
  expect(await run('stop', 'a', '--yes')).toMatchObject({ code: 0 })
  expect([actionsOf(lab), actionsOf(work)]).toEqual([['stop a'], []])
})

test('an account that is paused in the app is not watched, unless it is named', async () => {
  const { lab, work, folder, command } = await twoAccounts([pod('a')], [pod('b')])
  storeAppAccounts(folder, [
    [lab, { name: 'Lab', isPaused: true }],
    [work, { name: 'Work' }],
  ])
  const watch = startCli(command('watch', '--log', 'json'))
  await watch.waitForOutput(/"podId":"b"/)
  await watch.waitForOutput(/Lab is paused in the app, so it is not watched here either/)
  watch.child.kill('SIGTERM')
  await watch.exited
  expect(lab.requests).toEqual([])
  const named = startCli(command('watch', '--log', 'json', '--account', 'Lab'))
  await named.waitForOutput(/"podId":"a"/)
  named.child.kill('SIGTERM')
  await named.exited
})

test('an idle pod is stopped by the rules of its account, and the other account has none', async () => {
  const idle = (id: string) =>
    ({
      ...pod(id),
      mode: 'idle',
      uptimeS: 86_400,
      gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1, vcpuCount: 16 },
    }) as const
  const { lab, work, folder, command } = await twoAccounts([idle('a')], [idle('a')], {
    settings: {
      bootMin: 0,
      idleAlertAfterMin: 0.1,
      autoStopAfterMin: 0.2,
      autoStopFirstWarningMin: 0.1,
      autoStopLastWarningMin: 0.05,
      mayStopUnheard: true,
    },
  })
  storeAppAccounts(folder, [
    [lab, { name: 'Lab' }],
    [work, { name: 'Work' }],
  ])
  const config = configOf(folder)
  const guards = { [accountIdAt(work)]: { autoStop: 'all', pods: {} } }
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, guards }))
  const watch = startCli(command('watch', '--log', 'json'))
  await vi.waitFor(() => expect(actionsOf(work)).toEqual(['stop a']), { timeout: 60_000 })
  await watch.waitForOutput(/"event":"alert".*"kind":"idle".*"accountName":"Lab"/)
  expect(actionsOf(lab)).toEqual([])
})

test('the budgets of the settings are those of all accounts together, and an account has its own', async () => {
  const costly = (id: string) =>
    ({ ...pod(id), costPerHourUsd: 10, uptimeS: 20 * 3_600, startedAgoMin: 20 * 60 }) as const
  const { lab, work, folder, command } = await twoAccounts([costly('a')], [costly('b')], {
    settings: { monthlyBudgetUsd: '300.00' },
  })
  storeAppAccounts(folder, [
    [lab, { name: 'Lab', monthlyBudgetUsd: 100 }],
    [work, { name: 'Work' }],
  ])
  const watch = startCli(command('watch', '--log', 'json'))
  const isBudget = ({ event, kind }: any): boolean => event === 'alert' && kind === 'budget'
  await vi.waitFor(() => expect(linesOf(watch.stdout()).filter(isBudget).length).toBeGreaterThan(1), {
    timeout: 60_000,
  })
  const alerts = linesOf(watch.stdout()).filter(isBudget)
  // Each account spent $200: more than the budget of Lab, and together more than that of all.
  expect(alerts.find(({ account }) => account === accountIdAt(lab))).toMatchObject({
    title: expect.stringMatching(/^Lab: /),
    body: expect.stringContaining('$100.00'),
  })
  const ofAll = alerts.filter(({ account }) => account === undefined)
  expect(ofAll).toEqual([expect.objectContaining({ body: expect.stringContaining('$300.00') })])
  expect(alerts.filter(({ account }) => account === accountIdAt(work))).toEqual([])
})

test('a key of the environment that turns out to be of a kept account is not watched a second time', async () => {
  const { work, folder, command } = await twoAccounts([pod('a')], [pod('b')])
  storeAppAccounts(folder, [[work, { name: 'Work' }]])
  const config = configOf(folder)
  // Runpod doesn't name the account, but the key shows a pod that has rules there.
  work.fault({ kind: 'gone', path: '/graphql' })
  const guards = { [accountIdAt(work)]: { pods: { b: { maxHours: 900 } } } }
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, guards }))
  const [lab, ...others] = keysIn(folder)
  writeFileSync(join(folder, 'cli-key.json'), JSON.stringify({ version: 1, keys: others }), { mode: 0o600 })
  expect(lab.name).toBe('Lab')
  const env = { RUNPOD_API_KEY: READ_ONLY_KEY, RUNPOD_API_BASE_URL: `${work.url}/v2` }
  const watch = startCli({ ...command('watch', '--log', 'json'), env })
  await watch.waitForOutput(/belongs to .+, which is already being watched/)
  await watch.waitForOutput(/"event":"pod".*"podId":"b"/)
  watch.child.kill('SIGTERM')
  await watch.exited
  const accounts = linesOf(watch.stdout()).filter(({ event }) => event === 'account')
  expect(accounts.map(({ account }) => account)).toEqual([accountIdAt(work)])
})
