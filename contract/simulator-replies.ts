import type { SimulatedFault } from '../src/simulator/control/faults'
import {
  createSimulator,
  FULL_KEY,
  READ_ONLY_KEY,
  RESTRICTED_KEY,
  type Simulator,
} from '../src/simulator/simulator'
import { createFleet } from '../src/simulator/create-fleet'
import { type Exchange, startRecordingProxy } from './exchange'

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN contract'
const GPU = 'NVIDIA GeForce RTX 4090'

/** Sends a request and waits for its reply. */
type Send = (method: string, path: string, body?: unknown, key?: string | null) => Promise<unknown>

/**
 * Collects every kind of reply that the simulator can give, with successes and errors of each endpoint, as sent over
 * the wire.
 */
export async function simulatorReplies(): Promise<readonly Exchange[]> {
  const simulator = await createSimulator({
    seed: 7,
    timeFactor: 600,
    balanceUsd: 1e6,
    pods: [...createFleet(40, 7), ...podsInEveryState],
    networkVolumes: [
      { id: 'standard', sizeGb: 100 },
      { id: 'fast', sizeGb: 100, type: 'HIGH_PERFORMANCE' },
      { id: 'spare', sizeGb: 10 },
    ],
    endpoints: [
      { id: 'queue', minWorkers: 2, isBusy: true },
      { id: 'balanced', type: 'LOAD_BALANCER', workers: ['INITIALIZING', 'THROTTLED', 'UNHEALTHY'] },
      { id: 'cpus', cpus: [{ id: 'cpu5c', vcpuCount: 4 }] },
    ],
  })
  const seen = await startRecordingProxy(simulator.url)
  const send: Send = async (method, path, body, key = FULL_KEY) => {
    const response = await fetch(seen.url + path, {
      method,
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    await response.text()
  }
  try {
    await readEverything(send)
    await changeEverything(send)
    await sendInvalidRequests(send)
    await triggerFaults(send, simulator)
    await readOddFigures(send, simulator)
    return [...seen.exchanges]
  } finally {
    await seen.close()
    await simulator.close()
  }
}

const podsInEveryState = [
  { id: 'running', name: 'running', mode: 'training', globalNetworking: true },
  { id: 'own', name: 'own', mode: 'training', persistent: { sizeGb: 20, path: '/workspace' } },
  { id: 'net', name: 'net', mode: 'idle', network: { volumeId: 'standard', path: '/workspace' } },
  { id: 'cpu', name: 'cpu', mode: 'cpu-only' },
  { id: 'off', name: 'off', mode: 'stopped' },
  { id: 'bad', name: 'bad', mode: 'error' },
  { id: 'new', name: 'new', mode: 'training', startedAgoMin: 0, provisioningS: 1e6 },
  { id: 'starting', name: 'starting', mode: 'training', startedAgoMin: 0, provisioningS: 0, startingS: 1e6 },
  { id: 'blind', name: 'blind', mode: 'telemetry-missing', missingAs: 'empty' },
  {
    id: 'pulling',
    name: 'pulling',
    mode: 'training',
    startedAgoMin: 0,
    startingS: 1e6,
    statusWhilePulling: 'RUNNING',
  },
  { id: 'dead', name: 'dead', mode: 'container-dead', downAs: 'negative' },
  { id: 'partly', name: 'partly', mode: 'training', missingFigures: ['cpu', 'memory'] },
  { id: 'member', name: 'member', mode: 'training', cluster: { id: 'c', rank: 0 } },
  { id: 'held', name: 'held', mode: 'training', locked: true },
  { id: 'taken', name: 'taken', mode: 'stopped', stoppedAgoMin: 1, gpusTakenForMin: 1e6 },
  { id: 'doomed', name: 'doomed', mode: 'training' },
  { id: 'doomed2', name: 'doomed2', mode: 'training' },
] as const

async function readEverything(send: Send): Promise<void> {
  const gpu = encodeURIComponent(GPU)
  const free = 'include=AVAILABILITY&product=POD'
  for (const path of [
    '/v2/pods?includeClusterPods=true',
    '/v2/pods',
    ...podsInEveryState.map(({ id }) => `/v2/pods/${id}`),
    '/v2/pods/running/logs',
    '/v2/account/ssh-keys',
    '/v2/account/secrets',
    '/v2/account/limits',
    '/v2/network-volumes',
    '/v2/network-volumes/fast',
    '/v2/serverless',
    ...['queue', 'balanced', 'cpus'].flatMap((id) => [
      `/v2/serverless/${id}`,
      `/v2/serverless/${id}/workers`,
    ]),
    '/v2/templates',
    '/v2/templates/tplpytorch',
    '/v2/catalog/templates',
    '/v2/catalog/templates?source=verified',
    '/v2/catalog/templates?source=community',
    '/v2/catalog/gpus',
    `/v2/catalog/gpus?${free}`,
    `/v2/catalog/gpus?${free},CLUSTER&count=8&cloud=COMMUNITY&countryCodes=SE&minCudaVersion=12`,
    `/v2/catalog/gpus/${gpu}`,
    `/v2/catalog/gpus/${gpu}?${free}&cudaVersions=12.8`,
    '/v2/catalog/cpus',
    `/v2/catalog/cpus?${free}&vcpuCount=4`,
    '/v2/catalog/cpus/cpu5c',
    '/v2/catalog/datacenters',
    '/v2/catalog/datacenters?include=GPU_AVAILABILITY,CPU_AVAILABILITY&regions=EUROPE',
    '/v2/catalog/datacenters/US-KS-2?include=GPU_AVAILABILITY',
    ...['', '/pods', '/network-volumes', '/clusters', '/serverless', '/endpoints'].flatMap((bill) =>
      ['hour', 'day', 'week', 'month', 'year'].map(
        (size) => `/v2/billing${bill}?bucketSize=${size}&lastN=${size === 'hour' ? 48 : 3}`,
      ),
    ),
    '/v2/billing/pods?podId=running',
  ]) {
    await send('GET', path)
  }
}

async function changeEverything(send: Send): Promise<void> {
  const base = { name: 'made', image: 'example/pytorch:2.8' }
  await send('PUT', '/v2/account/ssh-keys', { keys: [KEY] })
  await send('POST', '/v2/pods', { ...base, gpu: { id: GPU, count: 1 }, startSsh: true, ports: ['22/tcp'] })
  await send('POST', '/v2/pods', { ...base, cpu: { id: 'cpu5c', vcpuCount: 2 } })
  await send('PATCH', '/v2/pods/running', { name: 'renamed', env: { A: '1' } })
  await send('POST', '/v2/network-volumes', { name: 'new', size: 10, dataCenter: 'US-KS-2' })
  await send('PATCH', '/v2/network-volumes/fast', { size: 200 })
  await send('DELETE', '/v2/network-volumes/spare')
  await send('PATCH', '/v2/serverless/queue', { workers: { min: 0 } })
  for (const [id, action] of [
    ['running', 'restart'],
    ['own', 'stop'],
    ['off', 'start'],
    ['doomed', 'terminate'],
  ]) {
    await send('POST', `/v2/pods/${id}/action`, { action })
  }
  await send('DELETE', '/v2/pods/doomed2')
}

/** All errors that the API itself can return. */
async function sendInvalidRequests(send: Send): Promise<void> {
  const stop = { action: 'stop' }
  await send('GET', '/v2/pods', undefined, null)
  await send('GET', '/v2/pods', undefined, 'rpa_wrong')
  await send('POST', '/v2/pods/running/action', stop, READ_ONLY_KEY)
  await send('PATCH', '/v2/pods/running', { name: 'n' }, READ_ONLY_KEY)
  await send('DELETE', '/v2/pods/running', undefined, READ_ONLY_KEY)
  await send('POST', '/v2/pods', {}, READ_ONLY_KEY)
  await send('PUT', '/v2/account/ssh-keys', { keys: [] }, READ_ONLY_KEY)
  await send('GET', '/v2/pods/none')
  await send('PATCH', '/v2/pods/none', { name: 'n' })
  await send('DELETE', '/v2/pods/none')
  await send('POST', '/v2/pods/none/action', stop)
  for (const path of [
    '/v2/pods/none/logs',
    '/v2/templates/none',
    '/v2/network-volumes/none',
    '/v2/serverless/none',
    '/v2/serverless/none/workers',
    '/v2/catalog/gpus/none',
    '/v2/catalog/cpus/none',
    '/v2/catalog/datacenters/none',
    '/v2/nothing',
    '/v2/pods?limit=0',
    '/v2/pods/running/logs?tail=x',
    '/v2/catalog/gpus?product=POD',
    '/v2/catalog/gpus?include=ALL',
    '/v2/catalog/datacenters?include=ALL',
    '/v2/catalog/templates?source=none',
    '/v2/billing?bucketSize=decade',
    '/v2/billing/pods?lastN=1&startTime=2026-01-01T00:00:00Z',
  ]) {
    await send('GET', path)
  }
  await send('DELETE', '/v2/pods')
  await send('POST', '/v2/pods/off/action', '{')
  await send('POST', '/v2/pods/running/action', { action: 'reset' })
  await send('POST', '/v2/pods/running/action', { action: 'stop', force: true })
  await send('POST', '/v2/pods/bad/action', stop)
  await send('POST', '/v2/pods/member/action', stop)
  await send('POST', '/v2/pods/held/action', stop)
  await send('POST', '/v2/pods/taken/action', { action: 'start' })
  await send('PATCH', '/v2/pods/member', { name: 'n' })
  await send('PATCH', '/v2/pods/running', { colour: 'red' })
  await send('PATCH', '/v2/pods/running', { mounts: { network: [] } })
  await send('DELETE', '/v2/pods/member')
  await send('POST', '/v2/pods', { name: 'n' })
  await send('POST', '/v2/pods', { name: 'n', image: 'i' })
  await send('POST', '/v2/pods', { name: 'n', gpu: { id: GPU, count: 1 }, templateId: 'none' })
  await send('PUT', '/v2/account/ssh-keys', { keys: ['none'] })
  await send('POST', '/v2/network-volumes', { name: 'n', size: 9, dataCenter: 'US-KS-2' })
  await send('POST', '/v2/network-volumes', { name: 'n', size: 10, dataCenter: 'US-GA-1' })
  await send('POST', '/v2/network-volumes', {}, READ_ONLY_KEY)
  await send('PATCH', '/v2/network-volumes/none', { size: 10 })
  await send('PATCH', '/v2/network-volumes/fast', { size: 20 })
  await send('PATCH', '/v2/network-volumes/fast', {})
  await send('PATCH', '/v2/network-volumes/fast', { size: 200 }, READ_ONLY_KEY)
  await send('DELETE', '/v2/templates/tplsft0001')
  await send('DELETE', '/v2/templates/tplpytorch')
  await send('DELETE', '/v2/templates/tplinfer01', undefined, READ_ONLY_KEY)
  await send('PATCH', '/v2/serverless/none', { workers: { min: 0 } })
  await send('PATCH', '/v2/serverless/queue', { workers: { min: 9 } })
  await send('PATCH', '/v2/serverless/queue', { workers: { least: 0 } })
  await send('PATCH', '/v2/serverless/queue', { workers: { min: 0 } }, READ_ONLY_KEY)
  await send('DELETE', '/v2/network-volumes/standard')
  await send('DELETE', '/v2/network-volumes/none')
  await send('DELETE', '/v2/network-volumes/fast', undefined, READ_ONLY_KEY)
}

/** What clients saw of the service that its document allows and doesn't mention. */
async function readOddFigures(send: Send, simulator: Simulator): Promise<void> {
  simulator.scenario('zero-gpus')
  await send('POST', '/v2/pods/off/action', { action: 'start' })
  simulator.clearFaults()
  simulator.scenario('bare-lists')
  simulator.scenario('telemetry-outage')
  await send('GET', '/v2/pods/running')
  simulator.clearFaults()
  await send('GET', '/v2/pods')
  await send('GET', '/v2/pods/running/logs', undefined, RESTRICTED_KEY)
  await send('GET', '/v2/billing/pods', undefined, RESTRICTED_KEY)
}

/** Faults that imitate the API's own replies. A firewall's page is not one of these. */
async function triggerFaults(send: Send, simulator: Simulator): Promise<void> {
  const kinds: readonly SimulatedFault['kind'][] = [
    'unauthorized',
    'forbidden',
    'rate-limited',
    'server-error',
    'timed-out',
    'bad-request',
    'unprocessable',
    'no-capacity',
    'gone',
    'no-gpu',
    'no-balance',
  ]
  for (const kind of kinds) {
    simulator.fault({ kind })
    await send('GET', '/v2/pods')
    await send('GET', '/v2/billing/pods')
    await send('POST', '/v2/pods/running/action', { action: 'start' })
    await send('POST', '/v2/pods', {})
    await send('POST', '/v2/network-volumes', {})
    simulator.clearFaults()
  }
}
