import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { RUN_ID_VARIABLE } from '../../../src/core/pods/pod-request'
import { createRunpodProvider } from '../../../src/providers/runpod/provider'
import { createSimulator, FULL_KEY, type Simulator } from '../../../src/simulator/simulator'
import { json, problem, startHttpServer, type TestServer, text } from '../../harness/http/http-server'
import { createManualClock } from '../../harness/base/manual-clock'
import { podRequest } from '../../harness/samples/pod-request'
import { samplePod } from './sample-pod'

let server: TestServer
beforeEach(async () => {
  server = await startHttpServer()
})
afterEach(() => server.close())

function connect(baseUrl = server.origin) {
  const clock = createManualClock()
  return createRunpodProvider({
    baseUrl,
    hosts: 'loopback-only',
    apiKey: FULL_KEY,
    version: '1.2.3',
    now: clock.now,
    random: () => 0.5,
    sleep: clock.sleep,
  })
}

const create = async (more: Parameters<typeof podRequest>[0] = {}) => connect().createPod?.(podRequest(more))
const kindOf = (result: Awaited<ReturnType<typeof create>>): string =>
  result === undefined ? 'missing' : result.ok ? 'ok' : result.error.kind
const bodies = (): unknown[] => server.requests.map(({ body }) => JSON.parse(body) as unknown)

describe('the request for a new pod', () => {
  it('always has the GPU count, the cloud and the disk, and nothing that was not asked for', async () => {
    server.reply(json(samplePod(), { status: 201 }))
    await create()
    expect(bodies()).toEqual([
      {
        name: 'night-train',
        gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1 },
        cloud: 'SECURE',
        image: 'example/pytorch:2.8',
        disk: 50,
        ports: ['22/tcp'],
        startSsh: true,
      },
    ])
  })

  it('has the environment, the mounts and where it may be', async () => {
    server.reply(json(samplePod(), { status: 201 }))
    await create({
      environment: { A: 'b' },
      storage: { kind: 'network', volumeId: 'vol', path: '/workspace' },
      dataCenterIds: ['US-KS-2'],
      templateId: 'tpl',
      image: null,
      ports: null,
      startSsh: null,
    })
    expect(bodies()[0]).toMatchObject({
      env: { A: 'b' },
      mounts: { network: [{ volumeId: 'vol', path: '/workspace' }] },
      dataCenterIds: ['US-KS-2'],
      templateId: 'tpl',
    })
    expect(Object.keys(bodies()[0] as object)).not.toContain('image')
    expect(Object.keys(bodies()[0] as object)).not.toContain('ports')
  })
})

describe('the start command of a new pod', () => {
  const lists = { entrypoint: ['/bin/bash', '-c'], cmd: ['python -u "main.py"\n'] }

  it.each([
    ['a line', 'python train.py --lr {1}', { args: 'python train.py --lr {1}' }],
    ['lists', JSON.stringify(lists), lists],
    ['one list', '{"cmd":["sleep","9"]}', { cmd: ['sleep', '9'] }],
    ['JSON of something else', '{"cmd":"sleep"}', { args: '{"cmd":"sleep"}' }],
    ['lists beside something else', '{"cmd":["a"],"user":"root"}', { args: '{"cmd":["a"],"user":"root"}' }],
    ['nothing', null, {}],
  ])('that is %s is sent as that', async (_what, args, sent) => {
    server.reply(json(samplePod(), { status: 201 }))
    await create({ args })
    const { args: line, cmd, entrypoint } = bodies()[0] as Record<string, unknown>
    expect({ args: line, cmd, entrypoint }).toEqual({
      args: undefined,
      cmd: undefined,
      entrypoint: undefined,
      ...sent,
    })
  })

  it.each([
    ['the text', { args: JSON.stringify(lists), ...lists }, JSON.stringify(lists)],
    ['a long text', { args: 'x '.repeat(20_000), cmd: ['x'] }, 'x '.repeat(20_000)],
    ['lists alone', lists, JSON.stringify(lists)],
    ['none', { args: '', cmd: [], entrypoint: [] }, ''],
    ['empty lists', { cmd: [], entrypoint: [] }, ''],
    ['nothing', {}, null],
    ['something else', { args: 7, cmd: 'sleep', entrypoint: [7] }, null],
  ])('is read from a reply with %s', async (_what, fields, args) => {
    const { args: _args, ...others } = samplePod()
    server.reply(json({ ...others, ...fields }))
    expect(await connect().readPodConfiguration?.('k3v9x1m2')).toMatchObject({ ok: true, value: { args } })
  })

  it('that is longer than any request may be is not sent, and neither are such variables', async () => {
    const long = 'x'.repeat(102_400)
    const provider = connect()
    for (const more of [
      { args: long },
      { environment: { A: long } },
      { environment: { A: 'ü'.repeat(51_200) } },
    ])
      expect(await provider.createPod?.(podRequest(more))).toMatchObject({
        ok: false,
        error: { kind: 'invalid', message: expect.stringMatching(/accepts 102,400 at most/) as string },
      })
    expect(await provider.updatePod?.('k3v9x1m2', { args: long })).toMatchObject({
      ok: false,
      error: { kind: 'invalid' },
    })
    expect(server.requests).toEqual([])
    server.reply(json(samplePod(), { status: 201 }))
    expect(kindOf(await create({ args: 'x'.repeat(100_000) }))).toBe('ok')
  })
})

describe('templates', () => {
  const template = (id: string) => ({ id, name: id, image: 'a/b' })
  const page = (ids: readonly string[], nextCursor: string | null) =>
    json({ templates: ids.map(template), pagination: { nextCursor, hasNextPage: nextCursor !== null } })
  const idsOf = async (source: 'own' | 'community') => {
    const read = await connect().listTemplates?.(source)
    return read?.ok === true ? read.value.map(({ id }) => id) : read
  }

  it('are read to the last page', async () => {
    server.reply(page(['a', 'b'], 'c 2'), page([], 'c3'), page(['d'], null))
    expect(await idsOf('community')).toEqual(['a', 'b', 'd'])
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/v2/catalog/templates?source=community',
      '/v2/catalog/templates?source=community&cursor=c+2',
      '/v2/catalog/templates?source=community&cursor=c3',
    ])
  })

  it('are read without pages, too', async () => {
    server.reply(json({ templates: [template('a')] }))
    expect(await idsOf('own')).toEqual(['a'])
    expect(server.requests.map(({ path }) => path)).toEqual(['/v2/templates'])
  })

  it('end where a server never stops, and are none where a page fails', async () => {
    let count = 0
    server.replyWith(() => page([`t${(count += 1)}`], `c${count}`))
    expect(await idsOf('own')).toHaveLength(10)
    server.replyWith(({ path }) =>
      path.includes('cursor') ? problem(422, 'foreign cursor') : page(['a'], 'c'),
    )
    expect(await idsOf('own')).toMatchObject({ ok: false, error: { kind: 'invalid' } })
  })
})

describe('a new pod', () => {
  const capacity = 'There are no longer any instances available with the requested specifications.'
  it.each([
    ['is that of the reply', json(samplePod(), { status: 201 }), 'ok'],
    ['is accepted by a reply without a body', { kind: 'answer', status: 204, headers: {}, body: '' }, 'ok'],
    ['found no machine', problem(400, capacity), 'no-capacity'],
    ['was refused for another reason', problem(400, 'unknown CPU flavor'), 'invalid'],
    ['is too expensive', problem(402, 'insufficient balance'), 'no-balance'],
    ['is not allowed', problem(403, 'no access'), 'forbidden'],
    ['is not valid', problem(422, 'Request validation failed.'), 'invalid'],
    ['may be put off', problem(429, 'slow down'), 'rate-limited'],
    ['may exist after a 408', problem(408, 'took too long'), 'unreachable'],
    ['may exist after a 500', problem(500, 'something went wrong'), 'unreachable'],
    ['may exist after a 500 that speaks of capacity', problem(500, capacity), 'unreachable'],
    ['may exist after a broken connection', { kind: 'reset' }, 'unreachable'],
    ['may exist after half an answer', { kind: 'half', status: 201, body: '{"id":"abc"}' }, 'unreadable'],
    ['may exist after a web page', text('<html>welcome', { status: 201 }), 'unreadable'],
    ['may exist after an empty object', json({}, { status: 201 }), 'unreadable'],
    ['may exist after another pod', json(samplePod({ name: 'other' }), { status: 201 }), 'unreadable'],
  ] as const)('%s', async (_title, reply, kind) => {
    server.reply(reply as Parameters<TestServer['reply']>[0])
    expect(kindOf(await create())).toBe(kind)
    expect(server.requests).toHaveLength(1)
  })

  it('is not searched for again when the words of its environment are in the error', async () => {
    server.reply(problem(400, capacity))
    expect(kindOf(await create({ environment: { WORD: 'instances' } }))).toBe('no-capacity')
  })

  it('never has a value of its environment in an error', async () => {
    server.reply(problem(422, 'env.TOKEN: hunter2-hunter2 is not valid'))
    const result = await create({ environment: { TOKEN: 'hunter2-hunter2' } })
    expect(JSON.stringify(result)).not.toContain('hunter2')
    expect(JSON.stringify(result)).toContain('Runpod refused to create the pod (HTTP 422).')
  })

  it('names the field that is not valid', async () => {
    server.reply(
      json({ title: 'Unprocessable', status: 422, errors: ['$.ports: is not a port'] }, { status: 422 }),
    )
    const result = await create()
    expect(result?.ok === false && result.error.message).toContain('$.ports: is not a port')
  })
})

describe('a pod that was created by Podkeeper', () => {
  it('names its request; one of someone else, or with a name that is none, does not', async () => {
    server.reply(
      json({
        pods: [
          samplePod({ id: 'own', env: { [RUN_ID_VARIABLE]: 'run-12345678', SECRET: 'canary' } }),
          samplePod({ id: 'other' }),
          samplePod({ id: 'bad', env: { [RUN_ID_VARIABLE]: 'a b\n' } }),
          samplePod({ id: 'blind', env: undefined }),
        ],
      }),
    )
    const list = await connect().listPods()
    const pods = list.ok ? list.value.pods : []
    expect(pods.map(({ id, runId, isEnvironmentHidden }) => [id, runId, isEnvironmentHidden])).toEqual([
      ['own', 'run-12345678', undefined],
      ['other', undefined, undefined],
      ['bad', undefined, undefined],
      ['blind', undefined, true],
    ])
    expect(JSON.stringify(list)).not.toContain('canary')
  })
})

describe('an edit', () => {
  it('sends only what changes', async () => {
    server.reply(json(samplePod()))
    await connect().updatePod?.('k3v9x1m2', { name: 'night-train', ports: [], isLocked: false })
    expect(server.requests[0]?.method).toBe('PATCH')
    expect(bodies()).toEqual([{ name: 'night-train', ports: [], locked: false }])
  })

  it('of an id that is none sends nothing', async () => {
    const result = await connect().updatePod?.('..', { name: 'x' })
    expect(result?.ok).toBe(false)
    expect(server.requests).toHaveLength(0)
  })
})

describe('at the simulator', () => {
  let simulator: Simulator
  beforeEach(async () => {
    simulator = await createSimulator({
      seed: 1,
      pods: [{ id: 'one', name: 'one', mode: 'training', env: { A: 'b' } }],
      networkVolumes: [{ id: 'vol', sizeGb: 100 }],
      conditions: { stock: { '*': 'HIGH', 'NVIDIA L4': 'NONE' }, spendLimitUsd: 80 },
    })
  })
  afterEach(() => simulator.close())
  const at = () => connect(`${simulator.url}/v2`)

  test('GPUs have prices by cloud and stock by data center, and none where none is free', async () => {
    const gpus = await at().listGpus?.({ cloud: 'SECURE', count: 1 })
    const offers = gpus?.ok === true ? gpus.value : []
    expect(offers.find(({ name }) => name === 'RTX 4090')).toMatchObject({
      id: 'NVIDIA GeForce RTX 4090',
      memoryGb: 24,
      priceUsd: { SECURE: 0.69, COMMUNITY: 0.34 },
      maxCount: { SECURE: 8, COMMUNITY: 4 },
      stock: 'high',
    })
    expect(offers.find(({ name }) => name === 'L4')).toMatchObject({
      stock: 'none',
      dataCenters: [],
      priceUsd: { SECURE: 0.43, COMMUNITY: null },
    })
  })

  test('CPUs, data centers, templates, secrets and limits are read', async () => {
    const provider = at()
    const cpus = await provider.listCpus?.(4)
    expect(cpus?.ok === true && cpus.value[0]).toMatchObject({
      id: 'cpu3c',
      vcpuRange: { min: 2, max: 32 },
      pricePerVcpuUsd: 0.03,
    })
    const places = await provider.listDataCenters?.()
    expect(places?.ok === true && places.value[0]).toMatchObject({
      id: 'US-KS-2',
      volumeKinds: ['standard', 'high-performance'],
    })
    const own = await provider.listTemplates?.('own')
    expect(own).toMatchObject({
      ok: true,
      value: [{ id: 'tplsft0001', variableNames: ['HF_HOME', 'WANDB_MODE'] }],
    })
    expect(JSON.stringify(own)).not.toContain('offline')
    expect(await provider.listSecretNames?.()).toEqual({ ok: true, value: ['HF_TOKEN', 'WANDB_API_KEY'] })
    expect(await provider.readAccountLimits?.()).toEqual({ ok: true, value: { spendPerHourUsd: 80 } })
  })

  test('a volume is made, grows, gets a name, and is deleted unless a pod has it', async () => {
    const provider = at()
    const spec = { name: 'data', sizeGb: 10, dataCenterId: 'US-KS-2', kind: 'standard' } as const
    const made = await provider.createNetworkVolume?.(spec)
    const id = made?.ok === true ? made.value.id : ''
    expect(made).toMatchObject({ ok: true, value: { name: 'data', sizeGb: 10, isHighPerformance: false } })
    expect(await provider.changeNetworkVolume?.(id, { sizeGb: 20 })).toMatchObject({
      value: { sizeGb: 20, name: 'data' },
    })
    expect(await provider.changeNetworkVolume?.(id, { sizeGb: 10 })).toMatchObject({
      ok: false,
      error: { kind: 'invalid', message: expect.stringContaining('storage cannot be reduced') as string },
    })
    simulator.addPod({ name: 'user', mode: 'idle', network: { volumeId: 'vol', path: '/w' } })
    expect(await provider.deleteNetworkVolume?.('vol')).toMatchObject({ ok: false })
    expect(await provider.deleteNetworkVolume?.(id)).toEqual({ ok: true, value: undefined })
    const left = await provider.listNetworkVolumes?.()
    expect(left?.ok === true && left.value.map((volume) => volume.id)).toEqual(['vol'])
  })

  test('a pod says how it is set up, its environment included', async () => {
    expect(await at().readPodConfiguration?.('one')).toMatchObject({
      ok: true,
      value: {
        gpu: { typeId: 'NVIDIA GeForce RTX 4090', count: 1 },
        image: 'example/pytorch:2.8',
        containerDiskGb: 40,
        storage: { kind: 'none' },
        ports: ['8888/http', '22/tcp'],
        environment: { A: 'b' },
        args: '',
        registryId: null,
        isRegistryKnown: true,
        hasGlobalNetworking: false,
      },
    })
  })

  test('what a pod does not say is not known, and never none', async () => {
    simulator.addPod({
      id: 'silent',
      name: 'silent',
      mode: 'idle',
      omit: ['args', 'registry', 'globalNetworking', 'disk', 'env'],
    })
    expect(await at().readPodConfiguration?.('silent')).toMatchObject({
      ok: true,
      value: {
        args: null,
        registryId: null,
        isRegistryKnown: false,
        hasGlobalNetworking: null,
        containerDiskGb: null,
        environment: null,
      },
    })
  })
})
