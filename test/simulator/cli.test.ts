import { describe, expect, it } from 'vitest'
import { readCommand } from '../../src/simulator/cli'
import { runSimulator } from '../../src/simulator/main'
import { FULL_KEY } from '../../src/simulator/simulator'
import { startSimulator } from '../harness/simulator/simulator-fixture'

const demo = { pods: [{ name: 'only', mode: 'idle' }] } as const
const read = (...args: string[]) => readCommand(args, demo)

describe("the simulator's command line", () => {
  it('can set pods, speed, seed and port', () => {
    expect(read('--pods', '200', '--speed', '60', '--seed', '8', '--port', '4701')).toMatchObject({
      kind: 'run',
      options: { timeFactor: 60, seed: 8, port: 4_701, balanceUsd: 1_000_000 },
    })
    const fleet = read('--pods=200')
    expect(fleet.kind === 'run' && fleet.options.pods).toHaveLength(200)
  })

  it('runs the demo by default', () => {
    expect(read()).toEqual({
      kind: 'run',
      options: {
        ...demo,
        seed: 7,
        timeFactor: 1,
        port: 4_700,
        balanceUsd: 164.2,
        maxPageSize: 1_000,
        pagination: true,
        ssh: 'any-key',
        hasSimulatedDates: false,
      },
      scenarios: [],
      faults: [],
      replayFile: null,
    })
  })

  it('can replay a recording, which has its own pods and time', () => {
    expect(read('--replay', 'x.json')).toMatchObject({ replayFile: 'x.json', options: { pods: [] } })
    expect(read('--replay', 'x.json', '--speed', '2')).toMatchObject({ kind: 'refused' })
    expect(read('--replay', 'x.json', '--pods', '2')).toMatchObject({ kind: 'refused' })
  })

  it('can refresh figures now and then only', () => {
    expect(read('--metrics-every', '30')).toMatchObject({ options: { conditions: { metricsEveryS: 30 } } })
  })

  it('can disable SSH', () => {
    const command = read('--ssh', 'none')
    expect(command.kind === 'run' && command.options).not.toHaveProperty('ssh')
  })

  it('can serve a Hubify instead, or both', () => {
    const hubify = read('--provider', 'hubify', '--planned', '--plan=free')
    expect(hubify).toMatchObject({
      options: {
        pods: [],
        hasRunpodApi: false,
        hubify: { plan: 'free', behavior: { hasPlannedRoutes: true } },
      },
    })
    const both = read('--provider=both', '--behavior', '{"errors":"problem","lists":"bare"}')
    expect(both).toMatchObject({
      options: { ...demo, hubify: { behavior: { errors: 'problem', lists: 'bare' } } },
    })
    expect(both.kind === 'run' && both.options).not.toHaveProperty('hasRunpodApi')
    expect(read()).not.toHaveProperty('options.hubify')
  })

  it('can set any number of scenarios and faults', () => {
    const fault = { kind: 'hang', path: '/v2/pods', count: 2 }
    const args = ['--scenario', 'idle', '--scenario=no-gpus', '--fault', JSON.stringify(fault)]
    expect(read(...args)).toMatchObject({ scenarios: ['idle', 'no-gpus'], faults: [fault] })
  })

  it.each([
    [['--pods', 'many'], '--pods must be 0 or more, not "many"'],
    [['--pods', '1.5'], '--pods must be a whole number'],
    [['--speed', '0.5'], '--speed must be 1 or more'],
    [['--metrics-every', 'x'], '--metrics-every must be 0 or more'],
    [['--port', '99999'], '--port must be 0 to 65535'],
    [['--seed='], '--seed must be 0 or more'],
    [['--dates', 'julian'], '--dates is real or simulated'],
    [['--ssh', 'all'], '--ssh is any-key'],
    [['--scenario', 'flood'], 'there is no scenario "flood"; there are calm,'],
    [['--fault', '{"kind":"flood"}'], 'no such kind of fault; there are unauthorized,'],
    [['--fault', 'hang'], "--fault 'hang'"],
    [['--provider', 'aws'], '--provider is runpod, hubify or both'],
    [['--planned'], '--planned, --plan and --behavior need --provider hubify'],
    [['--plan', 'pro'], '--planned, --plan and --behavior need --provider hubify'],
    [['--provider=hubify', '--plan', 'gold'], '--plan is free, pro, team'],
    [['--provider=hubify', '--behavior', '{"errors":"haiku"}'], '--behavior '],
    [['--provider=hubify', '--per-minute', '9'], '--per-minute is for Runpod'],
    [['--colour'], "Unknown option '--colour'"],
    [['now'], 'Unexpected argument'],
  ])('is rejected with instructions if it is invalid: %s', (args, message) => {
    const command = read(...args)
    expect(command.kind === 'refused' && command.message).toContain(message)
    expect(command.kind === 'refused' && command.message).toContain('--help')
  })

  it('has a help text', () => {
    const command = read('-h')
    expect(command.kind === 'help' && command.text).toContain('--scenario NAME')
  })
})

describe('the standalone simulator', () => {
  it('runs until it is ended, prints its address, and then frees its port', async () => {
    const printed: string[] = []
    let end = () => {}
    const ended = new Promise<void>((resolve) => (end = resolve))
    const code = runSimulator(
      ['--port=0', '--pods=3', '--scenario=key-refused'],
      (text) => printed.push(text),
      ended,
    )
    await expect.poll(() => printed).toHaveLength(1)
    const url = /http:\S+/.exec(printed[0]!)![0]
    const ask = () => fetch(`${url}/v2/pods`, { headers: { authorization: `Bearer ${FULL_KEY}` } })
    expect((await ask()).status).toBe(401)
    end()
    expect(await code).toBe(0)
    await expect(ask()).rejects.toThrow('fetch failed')
  })

  it.each([
    ['hubify', [0, 5]],
    ['both', [7, 7]],
  ] as const)('serves %s with a fleet in its labs', async (provider, [accountPods, labPods]) => {
    const printed: string[] = []
    let end = () => {}
    const ended = new Promise<void>((resolve) => (end = resolve))
    const args = ['--port=0', `--pods=${provider === 'both' ? 7 : 5}`, '--provider', provider, '--ssh=none']
    const code = runSimulator(args, (text) => printed.push(text), ended)
    await expect.poll(() => printed).toHaveLength(1)
    const baseUrl = /HUBIFY_API_BASE_URL=(\S+)/.exec(printed[0]!)![1]!
    const key = /HUBIFY_API_KEY=(\S+)/.exec(printed[0]!)![1]!
    const ask = async (url: string, token: string) => {
      const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
      return response.ok ? ((await response.json()) as any) : null
    }
    const { data: labs } = await ask(`${baseUrl}/labs`, key)
    const lists = await Promise.all(labs.map(({ id }: any) => ask(`${baseUrl}/pods?labId=${id}`, key)))
    const ids = lists.flatMap(({ data }) => data.map(({ runpodPodId }: any) => runpodPodId))
    expect([labs.length, new Set(ids).size]).toEqual([2, labPods])
    const account = await ask(`${new URL(baseUrl).origin}/v2/pods`, FULL_KEY)
    expect(account?.pods.length ?? 0).toBe(accountPods)
    expect(printed[0]!.includes(FULL_KEY)).toBe(provider === 'both')
    end()
    expect(await code).toBe(0)
  })

  it('serves a recording, and says what is wrong with another file', async () => {
    const printed: string[] = []
    let end = () => {}
    const ended = new Promise<void>((resolve) => (end = resolve))
    const run = (file: string) =>
      runSimulator(['--port=0', `--replay=${file}`], (text) => printed.push(text), ended)
    const code = run('test/fixtures/runpod/zero-gpus.json')
    await expect.poll(() => printed).toHaveLength(1)
    const url = /runs at (\S+)/.exec(printed[0]!)![1]!
    const ask = (path: string, init = {}) =>
      fetch(url + path, { ...init, headers: { authorization: `Bearer ${FULL_KEY}` } })
    expect(((await (await ask('/v2/pods')).json()) as any).pods[0]).toMatchObject({ gpu: { count: 0 } })
    expect((await ask('/v2/pods/pod-1', { method: 'DELETE' })).status).toBe(403)
    end()
    expect(await code).toBe(0)
    expect(await run('package.json')).toBe(1)
    expect(printed.at(-1)).toMatch(/^package\.json: The file is not a recording: format/)
    expect(await run('test/nowhere.json')).toBe(1)
    expect(printed.at(-1)).toContain('can’t be read')
  })

  it('says what to do if its port is in use', async () => {
    const { simulator } = await startSimulator()
    const printed: string[] = []
    const { port } = new URL(simulator.url)
    const code = await runSimulator([`--port=${port}`], (text) => printed.push(text), Promise.resolve())
    expect(code).toBe(1)
    expect(printed).toEqual([`Port ${port} is taken; choose another with --port, or 0 for any that is free.`])
  })

  it('rejects an invalid command line with a specific exit code', async () => {
    const printed: string[] = []
    expect(await runSimulator(['--speed=x'], (text) => printed.push(text), Promise.resolve())).toBe(2)
    expect(printed[0]).toContain('--speed')
  })
})
