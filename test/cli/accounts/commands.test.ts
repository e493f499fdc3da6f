import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FULL_KEY, READ_ONLY_KEY } from '../../../src/simulator/simulator'
import { runCli, startSimulator } from '../../harness/cli/cli'
import { actionsOf, configOf, quickPod as pod } from '../../harness/cli/watched'
import { measureRunningTime } from '../../harness/base/running-time'
import { accountIdAt, noKey, storeAppAccounts, twoAccounts } from '../../harness/cli/accounts'

/* Commands of several accounts while no other program holds the data folder. */

test('status shows the pods of all accounts, each with its account, and --account only those of one', async () => {
  const { lab, work, run } = await twoAccounts([pod('a'), pod('b')], [pod('a')])
  const { code, stdout, stderr } = await run('status')
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^NAME +ACCOUNT +STATE/)
  expect(stdout).toMatch(/a +Lab +running/)
  expect(stdout).toMatch(/a +Work +running/)
  expect(stdout).toMatch(/^3 running/m)
  expect(stdout).toMatch(/^Lab: 2 running .*balance \$/m)
  expect(stdout).toMatch(/^Work: 1 running .*balance \$/m)

  const all = JSON.parse((await run('status', '--json')).stdout)
  expect(all).toMatchObject({
    version: 1,
    account: null,
    balance: null,
    connection: 'live',
    isComplete: true,
  })
  expect(all.accounts).toMatchObject([
    { id: accountIdAt(lab), name: 'Lab', problem: null, balance: { usd: expect.any(Number) } },
    { id: accountIdAt(work), name: 'Work', problem: null },
  ])
  expect(all.pods.map(({ id, account }: any) => `${account.name}/${id}`).sort()).toEqual([
    'Lab/a',
    'Lab/b',
    'Work/a',
  ])
  const sum = all.accounts.reduce((total: number, { burn }: any) => total + burn.perHourUsd, 0)
  expect(all.burn.perHourUsd).toBeCloseTo(sum, 9)

  for (const query of ['Work', 'work', accountIdAt(work)]) {
    const one = JSON.parse((await run('status', '--json', '--account', query)).stdout)
    expect(one.account).toEqual({
      id: accountIdAt(work),
      provider: 'runpod',
      host: expect.any(String),
      isDemo: false,
      name: 'Work',
    })
    expect(one.pods.map(({ id }: any) => id)).toEqual(['a'])
  }
  expect((await run('status', '--account', 'Work')).stdout).toMatch(/^NAME +STATE/)
})

test.each([
  [['status']],
  [['watch', '--log', 'json']],
  [['stop', 'a', '--yes']],
  [['rules', 'a']],
  [['auto-stop']],
  [['next']],
  [['look', 'a']],
  [['costs']],
  [['activity']],
  [['accounts', 'rename', 'Nobody', 'x']],
  [['logout']],
])('%j with an account that nobody knows lists the accounts, and does nothing', async (args) => {
  const { lab, work, run } = await twoAccounts([pod('a')], [pod('a')])
  const { code, stdout, stderr } = await run(...args, '--account', 'Nobody')
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(
    `No account has the name or id "Nobody". Accounts: Lab (${accountIdAt(lab)}), Work (${accountIdAt(work)})`,
  )
  expect([...lab.requests, ...work.requests]).toEqual([])
})

test('an account that is refused is shown, and the others are shown', async () => {
  const { lab, work, run } = await twoAccounts([pod('a')], [pod('b')])
  lab.fault({ kind: 'unauthorized' })
  const { code, stdout, stderr } = await run('status')
  expect(code).toBe(7)
  expect(stdout).toMatch(/b +Work +running/)
  expect(stderr).toContain('Lab: The API does not accept this key.')
  const json = await run('status', '--json')
  expect(json.code).toBe(7)
  expect(JSON.parse(json.stdout)).toMatchObject({
    isComplete: false,
    burn: { isAtLeast: true },
    accounts: [
      { name: 'Lab', problem: expect.stringContaining('does not accept'), seenAt: null },
      { name: 'Work', problem: null },
    ],
    pods: [{ id: 'b' }],
  })
  work.fault({ kind: 'unauthorized' })
  const none = await run('status')
  expect([none.code, none.stdout]).toEqual([3, ''])
  expect(none.stderr).toMatch(/Lab: .*\nWork: /)
  expect((await run('status', '--account', 'Lab')).code).toBe(3)
})

test('an account that never answers holds the others up for seconds only', async () => {
  const { lab, run } = await twoAccounts([pod('a')], [pod('b')])
  lab.fault({ kind: 'hang' })
  const runningMs = measureRunningTime()
  const { code, stdout, stderr } = await run('status')
  expect(runningMs()).toBeLessThan(30_000)
  expect([code, stdout]).toEqual([7, expect.stringMatching(/b +Work +running/)])
  expect(stderr).toMatch(/^Lab: .+/m)
})

test('a stop reaches the account that has the pod, and no other', async () => {
  const { lab, work, run, folder } = await twoAccounts([pod('a')], [pod('b')])
  const stop = await run('stop', 'b', '--yes', '--json')
  expect(stop.code).toBe(0)
  expect(JSON.parse(stop.stdout)).toMatchObject({
    action: 'stop',
    account: { id: accountIdAt(work), name: 'Work' },
    pod: { id: 'b' },
    outcome: 'observed',
  })
  expect(stop.stderr).toContain('b is in the account Work.')
  expect([actionsOf(lab), actionsOf(work)]).toEqual([[], ['stop b']])
  expect(await run('stop', 'a', '--yes')).toMatchObject({ code: 0, stdout: 'a stopped.\n' })
  expect([actionsOf(lab), actionsOf(work)]).toEqual([['stop a'], ['stop b']])
  const { stdout } = await run('activity')
  expect(stdout).toMatch(/Work: The stop of b was sent/)
  expect(stdout).toMatch(/Lab: The stop of a was sent/)
  const ofLab = await run('activity', '--account', 'lab', '--json')
  const entries = ofLab.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(new Set(entries.map(({ accountName, podId }) => `${accountName} ${podId}`))).toEqual(
    new Set(['Lab a']),
  )
  expect(configOf(folder).accounts).toBeUndefined()
})

test.each([
  ['a name', 'train'],
  ['an id', 'same'],
])('%s that two accounts have is stopped in neither, until the account is named', async (_what, query) => {
  const { lab, work, run } = await twoAccounts(
    [pod('same', { name: 'train' })],
    [pod('same', { name: 'train' })],
  )
  for (const args of [
    ['stop', query, '--yes'],
    ['keep', query, '1h'],
    ['rules', query, 'set', 'maxHours=1'],
    ['terminate', query, '--confirm-name', 'train'],
    ['look', query],
  ]) {
    const { code, stdout, stderr } = await run(...args)
    expect([code, stdout]).toEqual([5, ''])
    expect(stderr).toMatch(/Choose the account with --account:\n {2}Lab {3}same.*\n {2}Work {2}same/)
  }
  expect([actionsOf(lab), actionsOf(work)]).toEqual([[], []])
  expect(await run('stop', query, '--yes', '--account', 'Work')).toMatchObject({ code: 0 })
  expect([actionsOf(lab), actionsOf(work)]).toEqual([[], ['stop same']])
})

test('a pod is stopped while another account cannot be read, and one that was not found may be there', async () => {
  const { lab, work, run } = await twoAccounts([pod('a')], [pod('b')])
  lab.fault({ kind: 'unauthorized' })
  const stop = await run('stop', 'b', '--yes')
  expect(stop.code).toBe(0)
  expect(stop.stderr).toContain('Lab: The API does not accept this key.')
  expect(actionsOf(work)).toEqual(['stop b'])
  const missing = await run('stop', 'a', '--yes')
  expect([missing.code, missing.stdout]).toEqual([7, ''])
  expect(missing.stderr).toMatch(/No pod has the name or id "a".*\nLab: The API does not accept/s)
  expect(actionsOf(lab)).toEqual([])
})

test('rules are set in the account of the pod, and the automatic stops of an account only once it is named', async () => {
  const { lab, work, run, folder } = await twoAccounts([pod('a')], [pod('a'), pod('b')])
  expect((await run('rules', 'b', 'set', 'maxHours=12')).code).toBe(0)
  expect(await run('keep', 'b', '1h', '--json')).toMatchObject({ code: 0 })
  const refused = await run('auto-stop', 'all')
  expect([refused.code, refused.stdout]).toEqual([2, ''])
  expect(refused.stderr).toContain('Choose the account with --account. Nothing was changed.')
  expect(Object.keys(configOf(folder).guards)).toEqual([accountIdAt(work)])
  expect((await run('auto-stop', 'selected', '--account', 'Lab')).code).toBe(0)
  expect(configOf(folder).guards).toMatchObject({
    [accountIdAt(lab)]: { autoStop: 'ticked' },
    [accountIdAt(work)]: { pods: { b: { maxHours: 12 } } },
  })
  expect((await run('auto-stop')).stdout).toMatch(/^Lab: selected: .*\nWork: Nothing has been chosen yet/)
  const shown = JSON.parse((await run('auto-stop', '--json')).stdout)
  expect(shown).toMatchObject({
    autoStop: null,
    accounts: [
      { name: 'Lab', autoStop: 'selected' },
      { name: 'Work', autoStop: null },
    ],
  })
  await run('keep', 'b', 'off')
  const next = await run('next')
  expect(next.stdout).toMatch(/Work {2}b {2}stops at its maximum hours/)
  const json = JSON.parse((await run('next', '--json')).stdout)
  expect(json.stops).toMatchObject([{ account: { name: 'Work' }, pod: { id: 'b' } }])
})

test('costs are listed for each account with their sum, and one that fails makes it a minimum', async () => {
  const { lab, run } = await twoAccounts([pod('a')], [pod('a')])
  const all = JSON.parse((await run('costs', '--json')).stdout)
  expect(all.accounts.map(({ name }: any) => name)).toEqual(['Lab', 'Work'])
  const { stdout } = await run('costs')
  expect(stdout).toMatch(/^Lab\nPOD.*^Work\nPOD.*all accounts: \$/ms)
  lab.fault({ kind: 'forbidden', path: '/v2/billing*' })
  const part = await run('costs')
  expect(part.code).toBe(7)
  expect(part.stdout).toMatch(/all accounts: at least \$/)
  expect(part.stderr).toMatch(/^Lab: The bills could not be read/m)
})

test('the key of the environment is an account beside the kept ones, called environment', async () => {
  const { lab, work, folder, run } = await twoAccounts([pod('a')], [pod('b')])
  const third = await startSimulator([pod('c')])
  const beside = (env: Record<string, string>, ...args: string[]) =>
    runCli({ args, dataFolder: folder, env: { ...noKey, ...env } })
  // The key belongs to the address that Runpod has unless another one is given, so the test gives it.
  const env = { RUNPOD_API_KEY: READ_ONLY_KEY, RUNPOD_API_BASE_URL: `${third.url}/v2` }
  const status = await beside(env, 'status', '--json')
  expect(JSON.parse(status.stdout).account).toMatchObject({ name: 'environment' })
  // Keys for other addresses than the one that is asked for are left out, and said.
  expect(status.stderr).toMatch(/Skipping Lab\. .*\nSkipping Work\. /)
  expect([lab.requests, work.requests]).toEqual([[], []])

  const same = { RUNPOD_API_KEY: FULL_KEY, RUNPOD_API_BASE_URL: `${work.url}/v2` }
  const own = JSON.parse((await beside(same, 'status', '--json')).stdout)
  // The same key is the same account, once.
  expect(own.account).toMatchObject({ id: accountIdAt(work), name: 'Work' })
  expect(own.pods).toHaveLength(1)
  expect(
    JSON.parse((await beside(same, 'status', '--json', '--account', 'environment')).stdout).pods,
  ).toEqual(own.pods.map((each: object) => expect.objectContaining({ id: (each as { id: string }).id })))
  expect((await run('status', '--account', 'environment')).code).toBe(2)
})

test('another key of a kept account in the environment is that account, because Runpod names it', async () => {
  const { work, folder } = await twoAccounts([pod('a')], [pod('b')])
  const key = {
    baseUrl: `${work.url}/v2`,
    key: FULL_KEY,
    accountId: accountIdAt(work),
    apiAccountId: 'user_simulated',
    name: 'Work',
  }
  writeFileSync(`${folder}/cli-key.json`, JSON.stringify({ version: 1, keys: [key] }), { mode: 0o600 })
  const { code, stdout } = await runCli({
    args: ['stop', 'b', '--yes', '--json'],
    dataFolder: folder,
    env: { RUNPOD_API_KEY: READ_ONLY_KEY, RUNPOD_API_BASE_URL: `${work.url}/v2` },
  })
  expect(JSON.parse(stdout)).toMatchObject({ account: { id: accountIdAt(work), name: 'Work' } })
  // The key of the environment goes before the kept one, and may only read.
  expect(code).toBe(1)
})

test('accounts have the names that the app gave them', async () => {
  const { lab, work, folder, run } = await twoAccounts([pod('a')], [pod('b')])
  storeAppAccounts(folder, [
    [work, { name: 'Production' }],
    [lab, { name: 'Research' }],
  ])
  const { stdout } = await run('status', '--json')
  expect(JSON.parse(stdout).accounts.map(({ name }: any) => name)).toEqual(['Production', 'Research'])
  expect((await run('status', '--account', 'Lab')).code).toBe(2)
  expect((await run('stop', 'b', '--yes', '--account', 'production')).code).toBe(0)
  expect(actionsOf(work)).toEqual(['stop b'])
})
