import { beforeEach, describe, expect, test } from 'vitest'
import { FULL_KEY, HUBIFY_KEY, type Simulator, type SimulatorOptions } from '../../../src/simulator/simulator'
import { noKey } from '../../harness/cli/accounts'
import { type CliOptions, newDataFolder, runCli, startSimulator } from '../../harness/cli/cli'

let hubify: Simulator
let folder: string

async function start(options: SimulatorOptions['hubify'] = {}): Promise<void> {
  hubify = await startSimulator([], { hubify: { plan: 'team', ...options } })
}

beforeEach(async () => {
  await start()
  folder = newDataFolder()
})

const command = (env: CliOptions['env'], ...args: string[]): CliOptions => ({
  args,
  dataFolder: folder,
  env: {
    ...noKey,
    HUBIFY_API_KEY: undefined,
    HUBIFY_TOKEN: undefined,
    HUBIFY_API_BASE_URL: hubify.hubifyUrl,
    ...env,
  },
})
const run = (env: CliOptions['env'], ...args: string[]) => runCli(command(env, ...args))
const login = (key: string, ...args: string[]) =>
  runCli({ ...command({}, 'login', '--provider', 'hubify', ...args), input: `${key}\n` })
const labRequests = () => hubify.requests.filter(({ path }) => path.startsWith('/api/v1'))

describe('the costs of a lab', () => {
  const costsOf = async (env: CliOptions['env'], ...args: string[]) => {
    const result = await run(env, 'costs', '--json', ...args)
    return { ...result, json: JSON.parse(result.stdout) as any }
  }

  test('have a row for each pod that runs, and the lab’s own figure where it is not that of the month', async () => {
    const env = { HUBIFY_API_KEY: HUBIFY_KEY }
    const { code, stdout } = await run(env, 'costs', '--account', 'dark-energy')
    expect(code).toBe(0)
    // Hubify says when a pod was created, and not how often it was stopped since.
    expect(stdout).toMatch(/H200 abc123 .*\$1[12]\.\d\d$/m)
    expect(stdout).toMatch(/\(UTC\): \$\d\d\.\d\d · between \$0\.00 and \$/)
    expect(stdout).toMatch(/^Hubify reports for the whole lab: \$\S+ so far.* isn’t part/m)
  })

  test('of several labs are read by one command, on the free plan too', async () => {
    await start({ plan: 'free' })
    const { code, json } = await costsOf({ HUBIFY_API_KEY: HUBIFY_KEY })
    expect(code).toBe(0)
    const amounts = { problem: null, unread: [], labSpending: { totalUsd: expect.any(Number) as number } }
    expect(json.accounts).toMatchObject([
      { name: 'Dark energy', ...amounts },
      { name: 'Protein folds', ...amounts },
    ])
    const sum = (json.rows as any[]).reduce((total, { totalUsd }) => total + totalUsd, 0)
    expect(json.totalUsd).toBeCloseTo(sum, 9)
    expect(json.accounts.every(({ totalUsd }: any) => totalUsd > 0)).toBe(true)
  })

  test('are the total that Hubify reports of the month where that is more, with a row for the rest', async () => {
    await start({ behavior: { hasPlannedRoutes: true } })
    expect((await login(HUBIFY_KEY, '--announced-routes', '--lab', 'dark-energy')).code).toBe(0)
    const { code, json } = await costsOf({})
    expect(code).toBe(0)
    const { labSpending, totalUsd } = json.accounts[0]
    expect(labSpending.isOfMonth).toBe(true)
    expect(totalUsd).toBeCloseTo(labSpending.totalUsd, 1)
    expect(json.rows).toContainEqual(expect.objectContaining({ id: 'lab', name: 'not counted here' }))
  })

  test('of which a part can’t be read are a minimum, say so, and exit with 1', async () => {
    const env = { HUBIFY_API_KEY: HUBIFY_KEY }
    hubify.fault({ kind: 'server-error', path: '/api/v1/costs*' })
    const { code, json, stderr } = await costsOf(env, '--account', 'dark-energy')
    expect([code, json.isAtLeast]).toEqual([1, true])
    expect(json.totalUsd).toBeGreaterThan(0)
    expect(stderr).toContain('Costs reported by Hubify could not be read')
    hubify.fault({ kind: 'server-error', path: '/api/v1/pods*' })
    expect(await run(env, 'costs')).toMatchObject({ code: 4, stdout: '' })
  })
})

describe('the settings of a lab', () => {
  const env = { HUBIFY_API_KEY: HUBIFY_KEY }

  test('are changed there, by one request for the lab that is named', async () => {
    await start({ behavior: { hasPlannedRoutes: true } })
    const args = ['lab', 'set', 'idleAlertMinutes', '30', '--account', 'protein-folds']
    expect(await run(env, ...args)).toMatchObject({
      code: 0,
      stdout: 'Protein folds: idle alert after 30 min.\n',
    })
    const changes = labRequests().filter(({ method }) => method === 'PATCH')
    expect(changes).toMatchObject([{ path: '/api/v1/labs/protein-folds/settings' }])
    const logged = await run(env, 'activity', '--account', 'protein-folds')
    expect(logged.stdout).toContain('Changed at Hubify for Protein folds: idle alert after 30 min.')
    const json = await run(
      env,
      'lab',
      'set',
      'autoScheduleEnabled',
      'true',
      '--account',
      'dark-energy',
      '--json',
    )
    expect(JSON.parse(json.stdout)).toMatchObject({
      account: { name: 'Dark energy' },
      autoScheduleEnabled: true,
    })
  })

  test.each([
    [['set', 'idleAlertMinutes', '30'], 2, /--account: Dark energy, Protein folds/],
    [['set', 'idleAlertMinutes', '0', '--account', 'dark-energy'], 2, /from 1 to 1440/],
    [['set', 'idleAlertMin', '30', '--account', 'dark-energy'], 2, /^Usage: podkeeper lab set/],
    [['set', 'idleAlertMinutes', '30', '--account', 'dark-energy'], 1, /in the web app: /],
  ] as const)('are not changed by %j', async (args, exitCode, text) => {
    const { code, stderr } = await run(env, 'lab', ...args)
    expect([code, stderr]).toEqual([exitCode, expect.stringMatching(text)])
    expect((await run(env, 'activity')).stdout).not.toContain('Changed at Hubify')
  })

  test('are not reported by the service, which is said, and so is an account that is none', async () => {
    const shown = await run(env, 'lab', '--json')
    expect(JSON.parse(shown.stdout)).toMatchObject({
      labs: [
        { account: { name: 'Dark energy' }, slug: 'dark-energy', idleAlertMinutes: null },
        { account: { name: 'Protein folds' } },
      ],
    })
    const runpod = await startSimulator([])
    const noLab = { RUNPOD_API_KEY: FULL_KEY, RUNPOD_API_BASE_URL: `${runpod.url}/v2` }
    expect(await run(noLab, 'lab')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('no lab') as string,
    })
  })
})

describe('the own queue of a lab', () => {
  test('is listed by queue list --lab, although nothing of it is started here', async () => {
    const env = { HUBIFY_API_KEY: HUBIFY_KEY }
    const { code, stdout } = await run(env, 'queue', 'list', '--lab', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout).labs).toMatchObject([
      {
        account: { name: 'Dark energy' },
        problem: null,
        experiments: [
          { title: 'MCMC with a free equation of state', computeMode: 'H200', priority: 'high' },
          { title: 'Anomaly search in the residuals' },
        ],
      },
      { experiments: [{ title: 'Fold the kinase set' }] },
    ])
    const text = await run(env, 'queue', 'list', '--lab', '--account', 'dark-energy')
    expect(text.stdout).toMatch(/MCMC with a free equation of state +H200 +high/)
    hubify.fault({ kind: 'server-error', path: '/api/v1/experiments*' })
    expect((await run(env, 'queue', 'list', '--lab')).code).toBe(4)
  })
})
