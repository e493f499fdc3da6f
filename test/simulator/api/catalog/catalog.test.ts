import { describe, expect, it } from 'vitest'
import { READ_ONLY_KEY, type Simulator } from '../../../../src/simulator/simulator'
import { sendRequest, startSimulator } from '../../../harness/simulator/simulator-fixture'

const levels = ['NONE', 'LOW', 'MEDIUM', 'HIGH']
const gpus = async (simulator: Simulator, query = '') =>
  (await sendRequest(simulator, `/v2/catalog/gpus${query}`)).body.gpus

describe('the GPU catalog', () => {
  it('has prices, and availability only on request', async () => {
    const { simulator } = await startSimulator()
    const [first, ...rest] = await gpus(simulator)
    expect(rest.length).toBeGreaterThan(10)
    expect(Object.keys(first)).not.toContain('availability')
    const one = await sendRequest(simulator, `/v2/catalog/gpus/${encodeURIComponent('NVIDIA H200')}`)
    expect(one.body).toMatchObject({ id: 'NVIDIA H200', price: { secure: 3.99 }, community: false })
    expect((await sendRequest(simulator, '/v2/catalog/gpus/none')).status).toBe(404)
    expect((await sendRequest(simulator, '/v2/catalog/gpus/%E0%A4%A')).status).toBe(404)
  })

  it('shows availability, at most that of any location, and less for more GPUs', async () => {
    const { simulator } = await startSimulator()
    const free = async (count: number) => gpus(simulator, `?include=AVAILABILITY&product=POD&count=${count}`)
    const rank = (gpu: any) => levels.indexOf(gpu.availability)
    const [one, eight] = [await free(1), await free(8)]
    for (const gpu of one) {
      const best = Math.max(0, ...(gpu.dataCenters ?? []).map(rank))
      expect(rank(gpu)).toBe(best)
    }
    expect(one.some((gpu: any, i: number) => rank(eight[i]) < rank(gpu))).toBe(true)
    expect(one.every((gpu: any, i: number) => rank(eight[i]) <= rank(gpu))).toBe(true)
  })

  it('changes with time and is the same at the same time', async () => {
    const { simulator, clock } = await startSimulator()
    const free = () => gpus(simulator, '?include=AVAILABILITY&product=POD')
    const before = await free()
    expect(await free()).toEqual(before)
    clock.advanceS(3_600)
    expect(await free()).not.toEqual(before)
  })

  it('can be filtered by country and by CUDA version', async () => {
    const { simulator } = await startSimulator()
    const french = await gpus(simulator, '?include=AVAILABILITY&product=POD&countryCodes=FR')
    expect(french).toEqual([])
    const some = await gpus(simulator, '?include=AVAILABILITY&product=POD&countryCodes=SE,JP')
    const places = some.flatMap((gpu: any) => (gpu.dataCenters ?? []).map(({ id }: any) => id))
    expect(new Set(places)).toEqual(new Set(['EU-SE-1', 'AP-JP-1']))
    const [newer] = await gpus(simulator, '?include=AVAILABILITY&product=POD&minCudaVersion=12.8')
    expect(newer.cudaVersions.map((each: any) => each.version)).toEqual(['12.8', '13.0'])
    const amd = (await gpus(simulator, '?include=AVAILABILITY&product=POD')).at(-1)
    expect(amd).not.toHaveProperty('cudaVersions')
  })

  it.each([
    ['include=PRICES', 422],
    ['include=AVAILABILITY', 400],
    ['product=POD', 400],
    ['count=2', 400],
    ['include=AVAILABILITY&product=DESK', 422],
    ['include=AVAILABILITY&product=POD&count=0', 422],
    ['include=AVAILABILITY&product=POD&countryCodes=fr', 422],
    ['include=AVAILABILITY&product=POD&cudaVersions=12', 422],
    ['include=AVAILABILITY&product=POD&cudaVersions=12.8&minCudaVersion=12', 400],
  ])('rejects %s', async (query, status) => {
    const { simulator } = await startSimulator()
    expect((await sendRequest(simulator, `/v2/catalog/gpus?${query}`)).status).toBe(status)
  })
})

describe('the rest of the catalogue', () => {
  it('has CPUs, with their availability on request', async () => {
    const { simulator } = await startSimulator()
    const { body } = await sendRequest(
      simulator,
      '/v2/catalog/cpus?include=AVAILABILITY&product=POD&vcpuCount=4',
    )
    expect(body.cpus).toHaveLength(4)
    expect(levels).toContain(body.cpus[0].availability)
    expect((await sendRequest(simulator, '/v2/catalog/cpus/cpu5c')).body).toMatchObject({ group: 'Gen 5' })
    expect(
      (await sendRequest(simulator, '/v2/catalog/cpus?include=AVAILABILITY&product=POD&vcpuCount=3')).status,
    ).toBe(422)
  })

  it('has data centers by region, volume type, certificate and network', async () => {
    const { simulator } = await startSimulator()
    const ids = async (query: string) =>
      (await sendRequest(simulator, `/v2/catalog/datacenters?${query}`)).body.dataCenters.map(
        (each: any) => each.id,
      )
    expect(await ids('regions=ASIA,OCEANIA')).toEqual(['AP-JP-1', 'OC-AU-1'])
    expect(await ids('networkVolumeTypes=STANDARD,HIGH_PERFORMANCE')).toEqual(['US-KS-2', 'EU-RO-1'])
    expect(await ids('compliance=GDPR,SOC_2_TYPE_2')).toEqual(['EU-RO-1'])
    expect(await ids('globalNetwork=false')).toEqual(['US-GA-1', 'AP-JP-1', 'OC-AU-1'])
    const one = await sendRequest(simulator, '/v2/catalog/datacenters/US-KS-2?include=GPU_AVAILABILITY')
    expect(one.body.gpuAvailability.length).toBeGreaterThan(3)
    expect(one.body).not.toHaveProperty('cpuAvailability')
    expect((await sendRequest(simulator, '/v2/catalog/datacenters/none')).status).toBe(404)
    expect((await sendRequest(simulator, '/v2/catalog/datacenters?include=ALL')).status).toBe(422)
  })

  it("has the account's templates and three kinds of public ones", async () => {
    const { simulator } = await startSimulator()
    const names = async (path: string) =>
      (await sendRequest(simulator, path)).body.templates.map((each: any) => each.name)
    expect(await names('/v2/templates')).toContain('SFT, our way')
    expect(await names('/v2/catalog/templates')).toContain('PyTorch')
    expect(await names('/v2/catalog/templates?source=community')).toEqual(['whisper batch'])
    expect((await sendRequest(simulator, '/v2/catalog/templates?source=other')).status).toBe(422)
    expect((await sendRequest(simulator, '/v2/templates/tplpytorch')).body).toMatchObject({ public: true })
    expect((await sendRequest(simulator, '/v2/templates/none')).status).toBe(404)
    const first = (await sendRequest(simulator, '/v2/catalog/templates?limit=2')).body
    expect(first.pagination).toEqual({ hasNextPage: true, nextCursor: first.templates[1].id })
    const next = `/v2/catalog/templates?cursor=${first.pagination.nextCursor}`
    expect(await names(next)).toEqual(['Ubuntu'])
    expect((await sendRequest(simulator, next)).body.pagination).toEqual({
      hasNextPage: false,
      nextCursor: null,
    })
    expect((await sendRequest(simulator, '/v2/templates?cursor=tplcomfyui')).status).toBe(422)
  })

  it('has the network volumes that the configured pods use', async () => {
    const { simulator } = await startSimulator({
      networkVolumes: [{ id: 'a', sizeGb: 500, name: 'data' }],
      pods: [
        { name: 'x', mode: 'idle', network: { volumeId: 'a', path: '/w' } },
        { name: 'y', mode: 'idle', network: { volumeId: 'b', path: '/w' }, dataCenterId: 'EU-SE-1' },
      ],
    })
    const { networkVolumes } = (await sendRequest(simulator, '/v2/network-volumes')).body
    expect(networkVolumes).toEqual([
      { id: 'a', name: 'data', size: 500, dataCenter: 'US-KS-2', type: 'STANDARD' },
      { id: 'b', name: 'b', size: 100, dataCenter: 'EU-SE-1', type: 'STANDARD' },
    ])
    expect((await sendRequest(simulator, '/v2/network-volumes/b')).body).toEqual(networkVolumes[1])
    expect((await sendRequest(simulator, '/v2/network-volumes/c')).status).toBe(404)
  })
})

describe("the account's SSH keys", () => {
  const put = (simulator: Simulator, body: unknown, key?: string) =>
    sendRequest(simulator, '/v2/account/ssh-keys', { method: 'PUT', body, ...(key !== undefined && { key }) })

  it('are replaced as a whole', async () => {
    const { simulator } = await startSimulator({ sshKeys: ['ssh-ed25519 AAAA old'] })
    expect((await put(simulator, { keys: ['ssh-rsa BBBB new', 'ssh-ed25519 CCCC'] })).status).toBe(200)
    const { body } = await sendRequest(simulator, '/v2/account/ssh-keys', { key: READ_ONLY_KEY })
    expect(body).toEqual({ keys: ['ssh-rsa BBBB new', 'ssh-ed25519 CCCC'] })
  })

  it.each([
    ['no list', {}],
    ['a fingerprint', { keys: ['SHA256:abcdef'] }],
    ['two keys in one line', { keys: ['ssh-rsa AAAA a\nssh-rsa BBBB b'] }],
    ['a field too many', { keys: [], merge: true }],
  ])('are unchanged if the request is invalid: %s', async (_, body) => {
    const { simulator } = await startSimulator({ sshKeys: ['ssh-ed25519 AAAA old'] })
    expect((await put(simulator, body)).status).toBe(422)
    expect((await put(simulator, { keys: [] }, READ_ONLY_KEY)).status).toBe(403)
    expect((await sendRequest(simulator, '/v2/account/ssh-keys')).body.keys).toEqual(['ssh-ed25519 AAAA old'])
  })
})
