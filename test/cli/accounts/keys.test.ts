import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { historyFolder } from '../../../src/node/data-folder/records/history-files'
import { journalLine } from '../../../src/node/data-folder/journal/journal-line'
import { createFolderLock } from '../../../src/node/data-folder/lock/folder-lock'
import { FULL_KEY, READ_ONLY_KEY } from '../../../src/simulator/simulator'
import { accountIdAt, keysIn, login, noKey, storeAppAccounts, twoAccounts } from '../../harness/cli/accounts'
import { newDataFolder, runCli, startSimulator } from '../../harness/cli/cli'
import { actionsOf, configOf, quickPod as pod } from '../../harness/cli/watched'
import { intentsByState } from '../../harness/samples/intents'

const accountsIn = async (folder: string) => {
  const { stdout } = await runCli({
    args: ['accounts', 'list', '--json'],
    dataFolder: folder,
    env: noKey,
  })
  return JSON.parse(stdout).accounts
}

test('login adds accounts with names of their own', async () => {
  const [lab, work] = [await startSimulator([pod('a')]), await startSimulator([])]
  const folder = newDataFolder()
  expect((await login(folder, lab, FULL_KEY)).stdout).not.toContain('as the account')
  expect((await login(folder, work, FULL_KEY)).stdout).toContain('as the account Runpod 2,')
  expect(keysIn(folder)).toMatchObject([
    {
      baseUrl: `${lab.url}/v2`,
      key: FULL_KEY,
      accountId: accountIdAt(lab),
      apiAccountId: 'user_simulated',
      name: 'Runpod',
    },
    expect.objectContaining({ accountId: accountIdAt(work), name: 'Runpod 2' }),
  ])
  expect(await accountsIn(folder)).toMatchObject([
    { name: 'Runpod', keyEnding: 'cess', isKept: true, isInApp: false, isInEnvironment: false },
    { name: 'Runpod 2' },
  ])
  // Another key of an account replaces its key, in its place and under its name.
  expect((await login(folder, lab, READ_ONLY_KEY)).code).toBe(0)
  expect(keysIn(folder)).toMatchObject([
    { key: READ_ONLY_KEY, accountId: accountIdAt(lab), name: 'Runpod' },
    { key: FULL_KEY },
  ])
  expect((await login(folder, lab, READ_ONLY_KEY, '--name', 'Lab')).code).toBe(0)
  expect((await accountsIn(folder)).map(({ name }: any) => name)).toEqual(['Lab', 'Runpod 2'])
})

test('two keys at one address are two accounts where Runpod says so', async () => {
  const runpod = await startSimulator([], { accountIds: { [READ_ONLY_KEY]: 'user_other' } })
  const folder = newDataFolder()
  await login(folder, runpod, FULL_KEY)
  expect((await login(folder, runpod, READ_ONLY_KEY, '--name', 'Other')).code).toBe(0)
  expect((await accountsIn(folder)).map(({ name, id }: any) => [name, id])).toEqual([
    ['Runpod', accountIdAt(runpod)],
    ['Other', accountIdAt(runpod, READ_ONLY_KEY)],
  ])
})

test.each([
  ['LAB', 'Another account is already named Lab.'],
  ['Environment', '"environment" is reserved for the key in RUNPOD_API_KEY.'],
  ['x'.repeat(41), 'A name must have 1 to 40 characters.'],
  ['  ', 'A name must have 1 to 40 characters.'],
])('an account cannot be called %j', async (name, reason) => {
  const { work, folder, run } = await twoAccounts([], [])
  const before = keysIn(folder)
  const added = await login(folder, work, FULL_KEY, '--name', name)
  expect([added.code, added.stdout]).toEqual([2, ''])
  expect(added.stderr).toContain(reason)
  expect(await run('accounts', 'rename', 'Work', name)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(reason),
  })
  expect(keysIn(folder)).toEqual(before)
})

test('a rename changes the name of the kept key and of the app, and of no other account', async () => {
  const { lab, work, folder, run } = await twoAccounts([], [])
  storeAppAccounts(folder, [
    [lab, { name: 'Lab', monthlyBudgetUsd: 50 }],
    [work, { name: 'Work' }],
  ])
  expect(await run('accounts', 'rename', 'lab', 'Research')).toMatchObject({
    code: 0,
    stdout: 'Lab is now called Research.\n',
  })
  expect(keysIn(folder)).toMatchObject([{ name: 'Research' }, { name: 'Work' }])
  expect(configOf(folder).accounts).toMatchObject([
    { name: 'Research', monthlyBudgetUsd: 50 },
    { name: 'Work' },
  ])
  expect((await run('accounts')).stdout).toMatch(/^Research +\w+ +…cess +kept, app/m)
})

test('logout removes the key of the named account only, and says what stays', async () => {
  const { folder, run } = await twoAccounts([], [])
  const unnamed = await run('logout')
  expect([unnamed.code, unnamed.stdout]).toEqual([2, ''])
  expect(unnamed.stderr).toMatch(/Choose which one to remove with --account\. Accounts: Lab .*, Work /)
  expect(keysIn(folder)).toHaveLength(2)
  const removed = await run('logout', '--account', 'Lab')
  expect(removed.code).toBe(0)
  expect(removed.stdout).toMatch(
    /The saved key of Lab was removed .*until you revoke it.*rules, costs and activity/,
  )
  expect(keysIn(folder)).toMatchObject([{ name: 'Work' }])
  expect(readFileSync(join(folder, 'cli-key.json'), 'utf8')).not.toContain('Lab')
  expect((await run('accounts', 'remove', 'work')).code).toBe(0)
  expect(readdirSync(folder)).not.toContain('cli-key.json')
  expect((await run('logout')).stdout).toBe('No key is saved.\n')
})

test('logout removes the history of the account, unless another program watches it', async () => {
  const { lab, work, folder, run } = await twoAccounts([], [])
  storeAppAccounts(folder, [[work, { name: 'Work' }]])
  const histories = [lab, work].map((runpod) => historyFolder(folder, accountIdAt(runpod)))
  for (const history of histories) {
    mkdirSync(history, { recursive: true })
    writeFileSync(join(history, 'journal-000001'), '')
  }
  const ofApp = await run('logout', '--account', 'Work')
  expect(ofApp.stdout).toMatch(/history, rules, costs and activity stay/)
  const lock = createFolderLock({
    dataFolder: folder,
    journalPath: join(folder, 'intents.jsonl'),
    program: 'app',
    canActUnlocked: false,
    nowMs: Date.now,
    onRole: () => {},
  })
  onTestFinished(() => lock.dispose())
  const key = readFileSync(join(folder, 'cli-key.json'))
  await lock.start()
  expect((await run('logout', '--account', 'Lab')).stdout).toMatch(/history, rules, costs and activity stay/)
  lock.dispose()
  expect(histories.map((history) => existsSync(history))).toEqual([true, true])
  writeFileSync(join(folder, 'cli-key.json'), key, { mode: 0o600 })
  const removed = await run('logout', '--account', 'Lab')
  expect([removed.code, removed.stderr]).toEqual([0, ''])
  expect(removed.stdout).toMatch(/history was removed\. Its rules, costs and activity stay/)
  expect(histories.map((history) => existsSync(history))).toEqual([false, true])
})

test('the key of an account whose action is under way is not removed', async () => {
  const { lab, folder, run } = await twoAccounts([pod('a')], [])
  const { sent } = intentsByState('stop')
  const intent = { ...sent, accountId: accountIdAt(lab), podId: 'a', podName: 'a' }
  writeFileSync(join(folder, 'intents.jsonl'), journalLine(intent))
  expect(await run('accounts', 'remove', 'Lab')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('An action is in progress (a)'),
  })
  expect((await run('accounts', 'remove', 'Work')).code).toBe(0)
  expect(keysIn(folder)).toMatchObject([{ name: 'Lab' }])
})

test('there are at most 20 accounts, and the key of one of them can still be replaced', async () => {
  const { work, folder } = await twoAccounts([], [])
  const more = Array.from({ length: 18 }, (_, number) => ({
    baseUrl: 'https://x.test/',
    key: `rpa_${number}`,
    accountId: `x${number}`,
    name: `X ${number}`,
  }))
  const keys = [...keysIn(folder), ...more]
  writeFileSync(join(folder, 'cli-key.json'), JSON.stringify({ version: 1, keys }))
  const added = await login(folder, await startSimulator([]), FULL_KEY)
  expect([added.code, added.stdout]).toEqual([1, ''])
  expect(added.stderr).toContain(
    'There are already 20 accounts, which is the maximum. Remove one first. Nothing was saved.',
  )
  expect((await login(folder, work, FULL_KEY)).code).toBe(0)
  expect(keysIn(folder)).toHaveLength(20)
})

test('a login may name the account whose key it replaces, and says when it is that of another', async () => {
  const runpod = await startSimulator([], { accountIds: { [READ_ONLY_KEY]: 'user_other' } })
  const folder = newDataFolder()
  await login(folder, runpod, FULL_KEY, '--name', 'Lab')
  await login(folder, runpod, READ_ONLY_KEY, '--name', 'Work')
  const other = await login(folder, runpod, READ_ONLY_KEY, '--account', 'Lab')
  expect(other.code).toBe(0)
  expect(other.stderr).toContain('The key belongs to the account Work, not to Lab.')
  expect((await accountsIn(folder)).map(({ name }: any) => name)).toEqual(['Lab', 'Work'])
  expect((await login(folder, runpod, FULL_KEY, '--account', 'Nobody')).code).toBe(2)
})

test('keys that others can read are not used, and the account of the environment still is', async () => {
  const { work, folder } = await twoAccounts([pod('a')], [pod('b')])
  chmodSync(join(folder, 'cli-key.json'), 0o644)
  const { code, stdout, stderr } = await runCli({
    args: ['status'],
    runpod: work,
    dataFolder: folder,
  })
  expect([code, stdout]).toEqual([7, expect.stringMatching(/b +running/)])
  expect(stderr).toMatch(/Saved keys: .* can be read by others/)
})

describe('login and settings on a data folder', () => {
  const emptyFolder = (): string => join(mkdtempSync(join(tmpdir(), 'podkeeper-fresh-')), 'data')
  const use = async (folder: string) => {
    const runpod = await startSimulator([pod('a')])
    const run = (...args: string[]) => runCli({ args, dataFolder: folder, env: noKey })
    return { runpod, run }
  }

  test('that does not exist make it, in the present format', async () => {
    const folder = emptyFolder()
    const { runpod, run } = await use(folder)
    expect((await run('accounts')).stdout).toContain('There are no accounts.')
    expect((await login(folder, runpod, FULL_KEY, '--name', 'Lab')).code).toBe(0)
    expect((await run('settings', 'set', 'undoS', '1')).code).toBe(0)
    expect((await run('rules', 'a', 'set', 'maxHours=3')).code).toBe(0)
    expect((await run('auto-stop', 'selected')).code).toBe(0)
    expect((await run('keep', 'a', '1h')).code).toBe(0)
    expect((await run('stop', 'a', '--yes')).code).toBe(0)
    expect((await run('logout')).code).toBe(0)
    expect(readFileSync(join(folder, 'format.json'), 'utf8')).toBe('{"version":2}\n')
    expect(configOf(folder)).toMatchObject({ settings: { undoS: 1 } })
    expect(actionsOf(runpod)).toEqual(['stop a'])
  })

  test.each<[string, (path: string) => void, string]>([
    ['of a newer format', (path) => writeFileSync(path, '{"version":3}'), 'is in format 3'],
    ['without a version', (path) => rmSync(path), 'has no format.json'],
  ])('%s change nothing and say why and what to do, and status works', async (_, change, why) => {
    const { folder, lab, run } = await twoAccounts([pod('a')], [])
    change(join(folder, 'format.json'))
    const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])
    for (const args of [
      ['settings', 'set', 'theme', 'dark'],
      ['rules', 'a', 'set', 'maxHours=3'],
      ['auto-stop', 'all', '--account', 'Lab'],
      ['keep', 'a', '1h'],
      ['stop', 'a', '--yes'],
      ['accounts', 'rename', 'Lab', 'Other'],
      ['accounts', 'remove', 'Lab'],
    ])
      expect(await run(...args), args.join(' ')).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/(Update Podkeeper|Move its files to another folder); until then/),
      })
    expect(await login(folder, lab, FULL_KEY)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`Nothing was saved. The data folder ${why}`),
    })
    expect((await run('status')).code).toBe(0)
    expect((await run('accounts')).code).toBe(0)
    expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])).toEqual(
      before,
    )
    expect(actionsOf(lab)).toEqual([])
  })
})
