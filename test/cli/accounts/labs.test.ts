import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountIdOf, labAccountId } from '../../../src/node/account-id'
import { FULL_KEY, HUBIFY_KEY, type Simulator, type SimulatorOptions } from '../../../src/simulator/simulator'
import { keysIn, noKey } from '../../harness/cli/accounts'
import { type CliOptions, newDataFolder, runCli, startCli, startSimulator } from '../../harness/cli/cli'

const DARK = 'j57a8k9m2n3p4q5r'
const FOLDS = 'k17d3f5g6h7j8k9m'

let hubify: Simulator
let folder: string

async function start(options: SimulatorOptions['hubify'] = {}): Promise<void> {
  hubify = await startSimulator([], { hubify: { plan: 'team', ...options } })
}

beforeEach(async () => {
  await start()
  folder = newDataFolder()
})

const noHubify = { HUBIFY_API_KEY: undefined, HUBIFY_TOKEN: undefined }
const withAddress = () => ({ ...noKey, ...noHubify, HUBIFY_API_BASE_URL: hubify.hubifyUrl })
const command = (env: CliOptions['env'], ...args: string[]): CliOptions => ({
  args,
  dataFolder: folder,
  env: { ...withAddress(), ...env },
})
const run = (env: CliOptions['env'], ...args: string[]) => runCli(command(env, ...args))
const login = (key: string, ...args: string[]) =>
  runCli({ ...command({}, 'login', '--provider', 'hubify', ...args), input: `${key}\n` })
const idOf = (labId: string) => labAccountId(new URL(hubify.hubifyUrl), labId)
const labRequests = () => hubify.requests.filter(({ path }) => path.startsWith('/api/v1'))

describe('a key of Hubify in the environment', () => {
  test.each(['HUBIFY_API_KEY', 'HUBIFY_TOKEN'])(
    'as %s shows each of its labs as an account',
    async (name) => {
      const { code, stdout } = await run({ [name]: HUBIFY_KEY }, 'status', '--json')
      expect(code).toBe(0)
      const status = JSON.parse(stdout) as any
      expect(status.accounts).toMatchObject([
        { id: idOf(DARK), name: 'Dark energy', provider: 'hubify', connection: 'live' },
        { id: idOf(FOLDS), name: 'Protein folds', provider: 'hubify', connection: 'live' },
      ])
      expect(status.pods.map(({ account, name: pod }: any) => `${account.name}: ${pod}`).sort()).toEqual([
        'Dark energy: A100 old789',
        'Dark energy: H100 def456',
        'Dark energy: H200 abc123',
        'Protein folds: A100 fold01',
        'Protein folds: H100 fold02',
      ])
    },
  )

  test('is an account beside that of Runpod, and each key goes to its own provider', async () => {
    const runpod = await startSimulator([{ name: 'p', mode: 'idle' }])
    const env = {
      RUNPOD_API_KEY: FULL_KEY,
      RUNPOD_API_BASE_URL: `${runpod.url}/v2`,
      HUBIFY_API_KEY: HUBIFY_KEY,
    }
    const { code, stdout } = await run(env, 'status', '--json')
    expect(code).toBe(0)
    expect((JSON.parse(stdout) as any).accounts.map(({ provider }: any) => provider)).toEqual([
      'runpod',
      'hubify',
      'hubify',
    ])
    for (const each of [runpod, hubify])
      expect(each.requests.every(({ authorizationOk }) => authorizationOk)).toBe(true)
    const one = await run(env, 'status', '--json', '--account', 'protein-folds')
    expect((JSON.parse(one.stdout) as any).account).toMatchObject({
      name: 'Protein folds',
      provider: 'hubify',
    })
    const ofRunpod = await run(env, 'status', '--json', '--provider', 'runpod')
    expect((JSON.parse(ofRunpod.stdout) as any).accounts).toMatchObject([{ provider: 'runpod' }])
  })

  test('is not sent to an address of Runpod, and one of Runpod not to Hubify', async () => {
    const runpod = await startSimulator([])
    const options = ['--base-url', `${runpod.url}/v2`]
    const { code } = await run({ HUBIFY_API_KEY: HUBIFY_KEY }, 'status', ...options)
    expect(code).toBe(3)
    expect([...runpod.requests, ...labRequests()]).toEqual([])
    const wrong = await run({ HUBIFY_API_KEY: FULL_KEY }, 'status')
    expect(wrong).toMatchObject({ code: 3, stderr: expect.stringContaining('HUBIFY_API_KEY') as string })
    expect(labRequests()).toEqual([])
    const swapped = await run(
      { RUNPOD_API_KEY: HUBIFY_KEY, RUNPOD_API_BASE_URL: `${runpod.url}/v2` },
      'status',
    )
    expect(swapped.code).toBe(3)
    expect(runpod.requests).toEqual([])
  })

  test('that is refused does not hide an account of Runpod', async () => {
    const runpod = await startSimulator([{ name: 'p', mode: 'idle' }])
    const env = { RUNPOD_API_KEY: FULL_KEY, RUNPOD_API_BASE_URL: `${runpod.url}/v2` }
    const { code, stdout, stderr } = await run(
      { ...env, HUBIFY_API_KEY: 'hfy_key_of_nobody_at_all' },
      'status',
    )
    expect(code).toBe(7)
    expect(stdout).toContain('p')
    expect(stderr).toContain('Hubify does not accept this key')
    const alone = await run({ HUBIFY_API_KEY: 'hfy_key_of_nobody_at_all' }, 'status')
    expect(alone.code).toBe(3)
  })

  test('is watched, and the next stops name its labs', async () => {
    const env = { HUBIFY_API_KEY: HUBIFY_KEY }
    const watch = startCli(command(env, 'watch', '--log', 'json'))
    await watch.waitForOutput(/H200 abc123/)
    await watch.waitForOutput(/A100 fold01/)
    watch.child.kill('SIGTERM')
    await watch.exited
    const next = await run(env, 'next', '--json')
    expect((JSON.parse(next.stdout) as any).accounts.map(({ name }: any) => name)).toEqual([
      'Dark energy',
      'Protein folds',
    ])
    const log = await run(env, 'activity', '--json', '--account', 'dark-energy')
    expect(log.code).toBe(0)
  })
})

describe('login of labs', () => {
  test('keeps the key for the chosen lab, and commands use it', async () => {
    const { code, stdout } = await login(HUBIFY_KEY, '--lab', 'dark-energy')
    expect(code).toBe(0)
    expect(stdout).toContain('Dark energy')
    expect(stdout).not.toContain(HUBIFY_KEY)
    expect(keysIn(folder)).toMatchObject([
      {
        baseUrl: hubify.hubifyUrl,
        key: HUBIFY_KEY,
        accountId: idOf(DARK),
        name: 'Dark energy',
        lab: { id: DARK, slug: 'dark-energy', usesAnnouncedRoutes: false },
      },
    ])
    const status = await run({}, 'status', '--json')
    expect((JSON.parse(status.stdout) as any).account).toMatchObject({
      name: 'Dark energy',
      provider: 'hubify',
    })
    const list = await run({}, 'accounts', 'list', '--json')
    expect((JSON.parse(list.stdout) as any).accounts).toMatchObject([
      { name: 'Dark energy', provider: 'hubify', lab: 'dark-energy', isKept: true },
    ])
  })

  test('keeps all labs unless some are named, and keeps those that are there', async () => {
    writeFileSync(
      join(folder, 'cli-key.json'),
      JSON.stringify({
        version: 1,
        keys: [{ baseUrl: 'https://api.runpod.io/v2', key: FULL_KEY, name: 'Work' }],
      }),
      { mode: 0o600 },
    )
    expect((await login(HUBIFY_KEY)).code).toBe(0)
    expect(keysIn(folder)).toMatchObject([
      { key: FULL_KEY },
      { name: 'Dark energy' },
      { name: 'Protein folds' },
    ])
    expect((await run({}, 'accounts', 'rename', 'protein-folds', 'Folds')).code).toBe(0)
    expect((await login(HUBIFY_KEY, '--lab', FOLDS, '--announced-routes')).code).toBe(0)
    expect(keysIn(folder)).toMatchObject([
      { key: FULL_KEY },
      { name: 'Dark energy', lab: { usesAnnouncedRoutes: false } },
      { name: 'Folds', lab: { usesAnnouncedRoutes: true } },
    ])
    expect((await login(HUBIFY_KEY)).code).toBe(0)
    expect(keysIn(folder)).toMatchObject([
      { key: FULL_KEY },
      {},
      { name: 'Folds', lab: { usesAnnouncedRoutes: true } },
    ])
    expect((await run({}, 'accounts', 'remove', 'Folds')).code).toBe(0)
    expect(keysIn(folder)).toMatchObject([{ key: FULL_KEY }, { name: 'Dark energy' }])
  })

  test.each([
    [['--lab', 'nobody'], 2, /Dark energy \(dark-energy\), Protein folds/],
    [['--name', 'Both'], 2, /one lab/],
    [['--same-account'], 2, /--lab/],
  ] as const)('with %j keeps nothing', async (args, exitCode, text) => {
    const { code, stderr } = await login(HUBIFY_KEY, ...args)
    expect(code).toBe(exitCode)
    expect(stderr).toMatch(text)
    expect(() => readFileSync(join(folder, 'cli-key.json'))).toThrow()
  })

  test('with a refused key, or with one of Runpod, keeps nothing', async () => {
    expect((await login('hfy_key_of_nobody_at_all')).code).toBe(3)
    const before = labRequests().length
    expect((await login(FULL_KEY)).code).toBe(3)
    expect(labRequests()).toHaveLength(before)
    expect(() => readFileSync(join(folder, 'cli-key.json'))).toThrow()
  })

  test('is not sent to another address than the key was given for', async () => {
    await login(HUBIFY_KEY)
    const other = await startSimulator([], { hubify: {} })
    const { code, stderr } = await run({ HUBIFY_API_BASE_URL: other.hubifyUrl }, 'status')
    expect(code).toBe(3)
    expect(stderr).toContain(hubify.hubifyUrl)
    expect(other.requests).toEqual([])
  })

  test('a file whose labs make no sense is refused and not sent anywhere', async () => {
    writeFileSync(
      join(folder, 'cli-key.json'),
      JSON.stringify({ version: 1, keys: [{ baseUrl: hubify.hubifyUrl, key: HUBIFY_KEY, lab: {} }] }),
      { mode: 0o600 },
    )
    expect((await run({}, 'status')).code).toBe(3)
    expect(labRequests()).toEqual([])
  })
})

describe('an action in a lab', () => {
  test('stops and starts a pod by the routes that are shipped', async () => {
    const env = { HUBIFY_API_KEY: HUBIFY_KEY }
    const stop = await run(env, 'stop', '--yes', '--no-wait', 'H200 abc123', '--json')
    expect(stop.code).toBe(0)
    expect(JSON.parse(stop.stdout)).toMatchObject({
      outcome: 'accepted',
      account: { name: 'Dark energy' },
      message: 'Hubify accepted the stop of H200 abc123.',
    })
    const posts = labRequests().filter(({ method }) => method === 'POST')
    expect(posts.map(({ path }) => path)).toEqual(['/api/v1/pods/pod_abc123/stop'])
  })

  test('that the API cannot do yet says where to do it', async () => {
    const { code, stderr } = await run({ HUBIFY_API_KEY: HUBIFY_KEY }, 'terminate', 'H200 abc123')
    expect(code).toBe(1)
    expect(stderr).toContain(`in the web app: ${new URL(hubify.hubifyUrl).origin}`)
    expect(labRequests().filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('restarts a stopped pod by a start, as the service’s documents say', async () => {
    const args = ['restart', '--no-wait', '--yes', 'A100 old789']
    const { code, stderr } = await run({ HUBIFY_API_KEY: HUBIFY_KEY }, ...args)
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('A100 old789 is stopped, so a restart starts it.'),
    ])
    expect(labRequests().filter(({ method }) => method === 'POST')).toMatchObject([
      { path: '/api/v1/pods/pod_old789/start' },
    ])
    // Elsewhere a restart of a stopped pod is none, and the command that starts it is named.
    const runpod = await startSimulator([{ name: 'llama', mode: 'stopped' }])
    const env = { RUNPOD_API_KEY: FULL_KEY, RUNPOD_API_BASE_URL: `${runpod.url}/v2` }
    expect(await run(env, 'restart', '--yes', 'llama')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Start it with podkeeper start llama') as string,
    })
    expect(runpod.requests.filter(({ method }) => method === 'POST' || method === 'PATCH')).toEqual([])
  })

  test('terminates a pod once its name is given, where the announced route exists', async () => {
    await start({ behavior: { hasPlannedRoutes: true } })
    expect((await login(HUBIFY_KEY, '--announced-routes')).code).toBe(0)
    const pod = ['A100 old789', '--confirm-name', 'A100 old789', '--no-wait']
    const args = ['terminate', '--account', 'dark-energy', ...pod]
    const { code, stderr } = await run({}, ...args)
    expect([code, stderr]).toEqual([0, expect.any(String)])
    expect(labRequests().filter(({ method }) => method === 'POST')).toMatchObject([
      { path: '/api/v1/pods/pod_old789/terminate' },
    ])
  })
})

describe('the requests of a key', () => {
  const usagePath = () => join(folder, 'key-usage.json')
  const stored = () => JSON.parse(readFileSync(usagePath(), 'utf8')).keys[0] as any

  test('are counted in the data folder by every command, without the key', async () => {
    const env = { HUBIFY_API_KEY: HUBIFY_KEY }
    const status = ['status', '--json']
    await run(env, ...status)
    const before = stored()
    await run(env, ...status)
    expect(stored().id).toBe(before.id)
    expect(before.usage.requests - stored().usage.requests).toBeCloseTo(labRequests().length / 2, 0)
    expect(readFileSync(usagePath(), 'utf8')).not.toContain(HUBIFY_KEY)
  })

  test('that other programs used up are not sent, and the command says when to try again', async () => {
    const id = accountIdOf(new URL(hubify.hubifyUrl), HUBIFY_KEY)
    const usage = {
      atMs: Date.now(),
      requests: -1.5,
      windows: [],
      pausedForMs: 0,
      limits: [],
      isMinute: false,
    }
    writeFileSync(usagePath(), JSON.stringify({ keys: [{ id, storedAtMs: Date.now(), usage }] }))
    const { code, stderr } = await run({ HUBIFY_API_KEY: HUBIFY_KEY }, 'status')
    expect(code).toBe(4)
    // A request each 96 s.
    expect(stderr).toMatch(/Too many requests were sent with this key.* Try again in 4 min\./)
    expect(labRequests()).toEqual([])

    const stop = await run({ HUBIFY_API_KEY: HUBIFY_KEY }, 'stop', '--yes', '--no-wait', 'H200 abc123')
    expect(stop.code).toBe(0)
    expect(labRequests().some(({ method, path }) => method === 'POST' && path.endsWith('/stop'))).toBe(true)
  })

  test('on a large plan suffice for one command after the other', async () => {
    await start({ plan: 'pro' })
    const codes: unknown[] = []
    for (let count = 0; count < 8; count += 1)
      codes.push((await run({ HUBIFY_API_KEY: HUBIFY_KEY }, 'status')).code)
    expect(codes).toEqual(Array(8).fill(0))
  })
})

describe('a pod that is created in a lab', () => {
  const SECRET = 'hf_very_secret_value_1234'
  const create = (env: CliOptions['env'], ...args: string[]) =>
    run({ HUBIFY_API_KEY: HUBIFY_KEY, ...env }, 'create', ...args)

  test('is asked for once, with the defaults, and values of its environment are not printed', async () => {
    await start({ behavior: { hasPlannedRoutes: true } })
    const args = [
      'dark-energy',
      '--gpu',
      'h200',
      '--env',
      `TOKEN=${SECRET}`,
      '--env',
      'HF_TOKEN',
      '--yes',
      '--json',
    ]
    const { code, stdout, stderr } = await create({ HF_TOKEN: SECRET }, ...args)
    expect([code, stderr]).toEqual([0, expect.stringContaining('Variables: TOKEN, HF_TOKEN') as string])
    expect(stderr).toContain('Costs about $4.00/hr, by Hubify’s approximate list prices')
    expect(stdout + stderr).not.toContain(SECRET)
    expect(JSON.parse(stdout)).toMatchObject({ action: 'create', account: { name: 'Dark energy' } })
    expect(labRequests().filter(({ method }) => method === 'POST')).toMatchObject([{ path: '/api/v1/pods' }])
    const ofLab = ['status', '--json', '--account', 'dark-energy']
    const status = await run({ HUBIFY_API_KEY: HUBIFY_KEY }, ...ofLab)
    expect((JSON.parse(status.stdout) as any).pods).toHaveLength(4)
  })

  test.each([
    [['--gpu', 'H200', '--count', '2', '--yes'], 2],
    [['--gpu', 'B300', '--yes'], 2],
    [['--gpu', 'H100', '--max-hours', '0', '--yes'], 2],
    [['--gpu', 'H100', '--volume', 'big', '--yes'], 2],
    [['--gpu', 'H100', '--env', `=${SECRET}`, '--yes'], 2],
    [['--gpu', 'H100', '--env', 'NOT_SET_ANYWHERE', '--yes'], 2],
    [['--gpu', 'H100'], 2],
  ] as const)('is not asked for with %j', async (args, exitCode) => {
    await start({ behavior: { hasPlannedRoutes: true } })
    const { code, stdout, stderr } = await create({}, 'dark-energy', ...args)
    expect(code).toBe(exitCode)
    expect(stdout + stderr).not.toContain(SECRET)
    expect(labRequests().filter(({ method }) => method === 'POST')).toEqual([])
  })

  test('where the route does not exist is created in the web app, which is reported', async () => {
    const { code, stderr } = await create({}, 'dark-energy', '--gpu', 'H100', '--yes')
    expect(code).toBe(1)
    expect(stderr).toContain('in the web app')
  })

  test('whose reply is lost may exist, and is not asked for again', async () => {
    await start({ behavior: { hasPlannedRoutes: true } })
    hubify.fault({ kind: 'reset-after', path: '/api/v1/pods', method: 'POST' })
    const { code, stdout, stderr } = await create({}, 'dark-energy', '--gpu', 'H100', '--yes')
    // The lab does not say by which request a pod was made: it is the only new one that matches.
    expect([code, stdout]).toEqual([0, expect.stringContaining('the only new pod that matches') as string])
    expect(stderr).toContain('No clear response, so Podkeeper is checking whether the pod exists.')
    expect(labRequests().filter(({ method }) => method === 'POST')).toHaveLength(1)
  })
})
