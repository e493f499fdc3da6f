import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { accountIdOf } from '../../src/node/account-id'
import { FULL_KEY, READ_ONLY_KEY, type Simulator } from '../../src/simulator/simulator'
import { type CliOptions, newDataFolder, runCli, startCli, startSimulator } from '../harness/cli/cli'
import { useRealCli } from '../harness/cli/real-program'

useRealCli()

const NO_GRAPHQL = { kind: 'gone', path: '/graphql' } as const

const keyIdAt = (runpod: Simulator, key: string): string => accountIdOf(new URL(`${runpod.url}/v2`), key)

function login(runpod: Simulator, dataFolder: string, key: string, ...args: string[]) {
  return runCli({
    args: ['login', ...args],
    runpod,
    dataFolder,
    env: { RUNPOD_API_KEY: undefined },
    input: `${key}\n`,
  })
}

interface KeptKey {
  readonly accountId?: string
  readonly apiAccountId?: string
  readonly key?: string
}

/** The kept keys, those that were added later last. */
function allKeptIn(dataFolder: string): readonly KeptKey[] {
  return JSON.parse(readFileSync(join(dataFolder, 'cli-key.json'), 'utf8')).keys
}

/** The key that was added last. */
const keptIn = (dataFolder: string): KeptKey => allKeptIn(dataFolder).at(-1) ?? {}

/** The app's file with an account of `key` and a rule that stops every pod. */
function storeAppAccount(runpod: Simulator, dataFolder: string, key: string, more: object = {}): string {
  const id = keyIdAt(runpod, key)
  const path = join(dataFolder, 'config.json')
  const config = JSON.parse(readFileSync(path, 'utf8'))
  const account = { id, baseUrl: `${runpod.url}/v2`, keyEnding: key.slice(-4), encryptedKey: null }
  writeFileSync(
    path,
    JSON.stringify({ ...config, accounts: [account], guards: { [id]: { autoStop: 'all' } }, ...more }),
  )
  return id
}

test('a rotated key stays with its account, because Runpod names it', async () => {
  const runpod = await startSimulator([])
  const dataFolder = newDataFolder()
  expect((await login(runpod, dataFolder, FULL_KEY)).code).toBe(0)
  const { accountId } = keptIn(dataFolder)
  expect(accountId).toBe(keyIdAt(runpod, FULL_KEY))
  expect((await login(runpod, dataFolder, READ_ONLY_KEY)).code).toBe(0)
  expect(keptIn(dataFolder)).toMatchObject({ key: READ_ONLY_KEY, accountId, apiAccountId: 'user_simulated' })
  const { stdout } = await runCli({
    args: ['status', '--json'],
    runpod,
    dataFolder,
    env: { RUNPOD_API_KEY: undefined },
  })
  expect(JSON.parse(stdout)).toMatchObject({ account: { id: accountId } })
})

test('a key of another account gets an account of its own, beside the first', async () => {
  const runpod = await startSimulator([], { accountIds: { [READ_ONLY_KEY]: 'user_other' } })
  const dataFolder = newDataFolder()
  await login(runpod, dataFolder, FULL_KEY)
  expect((await login(runpod, dataFolder, READ_ONLY_KEY)).code).toBe(0)
  expect(allKeptIn(dataFolder)).toMatchObject([
    { key: FULL_KEY, accountId: keyIdAt(runpod, FULL_KEY) },
    { key: READ_ONLY_KEY, accountId: keyIdAt(runpod, READ_ONLY_KEY), apiAccountId: 'user_other' },
  ])
})

test('where Runpod does not say, a login without a terminal keeps nothing and says what to do', async () => {
  const runpod = await startSimulator([])
  const dataFolder = newDataFolder()
  await login(runpod, dataFolder, FULL_KEY)
  const before = keptIn(dataFolder)
  runpod.fault(NO_GRAPHQL)
  const refused = await login(runpod, dataFolder, READ_ONLY_KEY)
  expect([refused.code, refused.stdout]).toEqual([1, ''])
  expect(refused.stderr).toContain(`the same account as the key ending in ${FULL_KEY.slice(-4)}`)
  expect(refused.stderr).toContain('podkeeper login --same-account; if not, podkeeper login --other-account')
  expect(keptIn(dataFolder)).toEqual(before)

  expect((await login(runpod, dataFolder, READ_ONLY_KEY, '--other-account')).code).toBe(0)
  expect(keptIn(dataFolder).accountId).toBe(keyIdAt(runpod, READ_ONLY_KEY))
  expect((await login(runpod, dataFolder, READ_ONLY_KEY, '--same-account', '--other-account')).code).toBe(2)
  // What the option states goes before what was found out for the key earlier.
  expect((await login(runpod, dataFolder, READ_ONLY_KEY, '--other-account')).code).toBe(0)
  expect((await login(runpod, dataFolder, FULL_KEY, '--same-account')).code).toBe(0)
  expect(keptIn(dataFolder)).toMatchObject({ key: FULL_KEY, accountId: keyIdAt(runpod, READ_ONLY_KEY) })
})

test.each([
  ['y', 'the same'],
  ['n', 'another'],
])('on a terminal the login asks, and %s makes it %s account', async (answer, what) => {
  const runpod = await startSimulator([])
  const dataFolder = newDataFolder()
  await login(runpod, dataFolder, FULL_KEY)
  runpod.fault(NO_GRAPHQL)
  const asking = startCli({
    args: ['login'],
    runpod,
    dataFolder,
    env: { RUNPOD_API_KEY: undefined },
    terminal: { columns: 100, rows: 20 },
  })
  await asking.waitForOutput(/API key for .+ \(hidden\): /)
  asking.type(`${READ_ONLY_KEY}\r`)
  await asking.waitForOutput(/Is this the same Runpod account as that of the key ending in cess\?/)
  asking.type(answer)
  expect((await asking.exited).code).toBe(0)
  const key = what === 'another' ? READ_ONLY_KEY : FULL_KEY
  expect(keptIn(dataFolder)).toMatchObject({ key: READ_ONLY_KEY, accountId: keyIdAt(runpod, key) })
})

test('a key with a pod that the costs of an account know belongs to that account', async () => {
  const runpod = await startSimulator([{ name: 'one', id: 'one', mode: 'training' }])
  const dataFolder = newDataFolder()
  await login(runpod, dataFolder, FULL_KEY)
  runpod.fault(NO_GRAPHQL)
  const watch = startCli({ args: ['watch', '--log', 'text'], runpod, dataFolder })
  await watch.waitForOutput(/one is running/)
  watch.child.kill('SIGTERM')
  await watch.exited
  expect((await login(runpod, dataFolder, READ_ONLY_KEY)).code).toBe(0)
  expect(keptIn(dataFolder).accountId).toBe(keyIdAt(runpod, FULL_KEY))
})

/** A watch with another key than the app's. */
function watchWith(runpod: Simulator, dataFolder: string, key: string, more: Partial<CliOptions> = {}) {
  return startCli({
    args: ['watch', '--log', 'json'],
    runpod,
    dataFolder,
    env: { RUNPOD_API_KEY: key },
    ...more,
  })
}

test("a watch with another key of the app's account obeys the app's rules", async () => {
  const runpod = await startSimulator([{ name: 'one', id: 'one', mode: 'training' }])
  const dataFolder = newDataFolder()
  const known = { baseUrl: `${runpod.url}/v2`, keyEnding: 'cess', apiAccountId: 'user_simulated' }
  const id = keyIdAt(runpod, FULL_KEY)
  storeAppAccount(runpod, dataFolder, FULL_KEY, { knownAccounts: [{ id, keyId: id, ...known }] })
  const watch = watchWith(runpod, dataFolder, READ_ONLY_KEY)
  await watch.waitForOutput(new RegExp(`"event":"account".*"account":"${id}"`))
  expect(watch.stdout()).not.toContain('--same-account')
})

test("a watch with a pod that has rules in the app belongs to the app's account", async () => {
  const runpod = await startSimulator([{ name: 'one', id: 'one', mode: 'training' }])
  const dataFolder = newDataFolder()
  const id = keyIdAt(runpod, FULL_KEY)
  storeAppAccount(runpod, dataFolder, FULL_KEY, { guards: { [id]: { pods: { one: { maxHours: 9 } } } } })
  runpod.fault(NO_GRAPHQL)
  const watch = watchWith(runpod, dataFolder, READ_ONLY_KEY)
  await watch.waitForOutput(new RegExp(`"event":"account".*"account":"${id}"`))
  expect(watch.stdout()).not.toContain('--same-account')
})

test('a watch whose account Runpod does not name says so, and stops nothing by the rules of the app', async () => {
  const idle = {
    name: 'idle',
    id: 'idle',
    mode: 'idle',
    uptimeS: 86_400,
    gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1, vcpuCount: 16 },
    persistent: { sizeGb: 20, path: '/workspace' },
  } as const
  const quick = {
    bootMin: 0,
    idleAlertAfterMin: 0.4,
    autoStopAfterMin: 0.1,
    autoStopFirstWarningMin: 0.05,
    autoStopLastWarningMin: 0.05,
    mayStopUnheard: true,
  }
  const runpod = await startSimulator([idle])
  const dataFolder = newDataFolder(quick)
  storeAppAccount(runpod, dataFolder, FULL_KEY)
  mkdirSync(join(dataFolder, 'activity'))
  const watch = watchWith(runpod, dataFolder, READ_ONLY_KEY)
  await watch.waitForOutput(/"event":"notice".*podkeeper login --same-account/)
  // By then a stop would be overdue.
  await watch.waitForOutput(/"event":"alert".*"kind":"idle"/)
  expect(runpod.requests.filter(({ action }) => action !== undefined)).toEqual([])
})

test('rules of an account that the app asks about cannot be set by a command either', async () => {
  const runpod = await startSimulator([])
  const dataFolder = newDataFolder()
  const earlier = storeAppAccount(runpod, dataFolder, FULL_KEY)
  const id = keyIdAt(runpod, READ_ONLY_KEY)
  const path = join(dataFolder, 'config.json')
  const config = JSON.parse(readFileSync(path, 'utf8'))
  const [stored] = config.accounts
  const knownAccounts = [{ ...stored, keyId: earlier, apiAccountId: null }]
  const account = { ...stored, id, keyEnding: 'only', possibleAccountId: earlier }
  writeFileSync(path, JSON.stringify({ ...config, accounts: [account], knownAccounts }))
  const { code, stderr } = await runCli({
    args: ['auto-stop', 'all'],
    runpod,
    dataFolder,
    env: { RUNPOD_API_KEY: READ_ONLY_KEY },
  })
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('first confirm whether this is the same Runpod account'),
  ])
  expect(JSON.parse(readFileSync(path, 'utf8')).guards).toEqual({ [earlier]: { autoStop: 'all' } })
})

test('what Runpod says goes before the option, and the login says so', async () => {
  const runpod = await startSimulator([], { accountIds: { [READ_ONLY_KEY]: 'user_other' } })
  const dataFolder = newDataFolder()
  await login(runpod, dataFolder, FULL_KEY)
  const other = await login(runpod, dataFolder, READ_ONLY_KEY, '--same-account')
  expect(other.stdout).toContain('It belongs to a different account than the earlier keys')
  expect(keptIn(dataFolder).accountId).toBe(keyIdAt(runpod, READ_ONLY_KEY))
  const same = await startSimulator([])
  const folder = newDataFolder()
  await login(same, folder, FULL_KEY)
  expect((await login(same, folder, READ_ONLY_KEY, '--other-account')).stdout).toContain(
    'It belongs to the same account as the key ending in cess, so the rules of that account apply.',
  )
  expect((await login(same, folder, READ_ONLY_KEY)).stdout).not.toContain('It belongs to')
})
