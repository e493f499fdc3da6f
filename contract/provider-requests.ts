import { templateSources } from '../src/core/pods/catalog'
import { cloudTiers } from '../src/core/pods/pod-request'
import { billKinds, type Provider } from '../src/core/pods/provider'
import { providers } from '../src/providers'
import { createSimulator, FULL_KEY } from '../src/simulator/simulator'
import { type Exchange, startRecordingProxy } from './exchange'
import { editRequests, formRequests, podChanges, podRequests } from './pod-requests'

/** For each provider method, how to make it send every request that it can send; null if it sends none. */
type ProviderCalls = {
  readonly [K in keyof Omit<Required<Provider>, 'serviceName'>]:
    | ((provider: Provider) => Promise<unknown>)
    | null
}

// The type makes compilation fail if a new provider method is missing here.
const providerCalls: ProviderCalls = {
  listPods: (provider) => provider.listPods(),
  getPod: (provider) => provider.getPod('running'),
  async act(provider) {
    await provider.act('stopped', 'start')
    await provider.act('running', 'restart')
    await provider.act('running', 'stop')
  },
  terminatePod: (provider) => provider.terminatePod('stopped'),
  readBalance: async (provider) => provider.readBalance?.(),
  readAccountId: async (provider) => provider.readAccountId?.(),
  readStatusChange: async (provider) => provider.readStatusChange?.('running'),
  listNetworkVolumes: async (provider) => provider.listNetworkVolumes?.(),
  async readBills(provider) {
    for (const kind of billKinds) await provider.readBills?.(kind, Date.now() - 7_200_000, Date.now())
  },
  readSshKeys: async (provider) => provider.readSshKeys?.(),
  replaceSshKeys: async (provider) => provider.replaceSshKeys?.([]),
  async createPod(provider) {
    for (const request of podRequests) await provider.createPod?.(request)
  },
  async updatePod(provider) {
    for (const changes of podChanges) await provider.updatePod?.('running', changes)
  },
  async streamLogs(provider) {
    for (const query of [
      { source: null, tail: 100, sinceMs: null, afterId: null },
      { source: 'system', tail: 0, sinceMs: 0, afterId: null },
      { source: 'system', tail: 5_000, sinceMs: null, afterId: new Date(0).toISOString() },
    ] as const) {
      const stream = provider.streamLogs?.('running', query, {
        onOpen: () => setImmediate(() => stream?.close()),
        onLines: () => {},
      })
      await stream?.ended
    }
  },
  readPodConfiguration: async (provider) => provider.readPodConfiguration?.('running'),
  async listGpus(provider) {
    for (const cloud of cloudTiers) await provider.listGpus?.({ cloud, count: 2 })
  },
  listCpus: async (provider) => provider.listCpus?.(4),
  listDataCenters: async (provider) => provider.listDataCenters?.(),
  async listTemplates(provider) {
    for (const source of templateSources) await provider.listTemplates?.(source)
  },
  listSecretTemplates: async (provider) => provider.listSecretTemplates?.(),
  deleteTemplate: async (provider) => provider.deleteTemplate?.('tplsft0001'),
  async createNetworkVolume(provider) {
    for (const kind of ['standard', 'high-performance'] as const)
      await provider.createNetworkVolume?.({ name: 'data', sizeGb: 10, dataCenterId: 'US-KS-2', kind })
  },
  async changeNetworkVolume(provider) {
    await provider.changeNetworkVolume?.('volume', { sizeGb: 4_096 })
    await provider.changeNetworkVolume?.('volume', { name: 'renamed' })
  },
  deleteNetworkVolume: async (provider) => provider.deleteNetworkVolume?.('spare'),
  listEndpoints: async (provider) => provider.listEndpoints?.(),
  readEndpoint: async (provider) => provider.readEndpoint?.('idle'),
  listEndpointWorkers: async (provider) => provider.listEndpointWorkers?.('idle'),
  readServerlessPrices: async (provider) => provider.readServerlessPrices?.(),
  setMinimumToZero: async (provider) => provider.setMinimumToZero?.('idle'),
  listSecretNames: async (provider) => provider.listSecretNames?.(),
  readAccountLimits: async (provider) => provider.readAccountLimits?.(),
  // Only labs have these.
  webFallback: null,
  readLabSpending: null,
  listQueuedExperiments: null,
  changeLabSettings: null,
  createLabPod: null,
  minPollIntervalMs: null,
  remainingQuota: null,
  serverTime: null,
  observeReplies: null,
  abortReads: null,
}

/**
 * The requests of the Runpod provider, with each method called at least once, as sent over the wire; besides, those of
 * so many forms of a new pod and of an edit.
 */
export async function providerRequests(forms = 0): Promise<readonly Exchange[]> {
  const simulator = await createSimulator({
    seed: 1,
    // Two pages, so that the request with a cursor is included.
    maxPageSize: 1,
    pods: [
      { id: 'running', name: 'running', mode: 'training' },
      { id: 'stopped', name: 'stopped', mode: 'stopped' },
    ],
    networkVolumes: [
      { id: 'volume', sizeGb: 100 },
      { id: 'spare', sizeGb: 100 },
    ],
    endpoints: [{ id: 'idle', minWorkers: 1 }, { id: 'other' }],
    conditions: { stock: { '*': 'HIGH' } },
  })
  const seen = await startRecordingProxy(simulator.url)
  try {
    const provider = providers.runpod.create({
      baseUrl: `${seen.url}/v2`,
      hosts: 'loopback-only',
      apiKey: FULL_KEY,
      version: 'contract',
      now: () => ({ wallMs: Date.now(), monotonicMs: performance.now(), runId: 'contract' }),
      random: Math.random,
    })
    for (const [name, providerCall] of Object.entries(providerCalls)) {
      const before = seen.exchanges.length
      await providerCall?.(provider)
      if (providerCall !== null && seen.exchanges.length === before)
        throw new Error(`${name} has sent nothing`)
    }
    for (const request of formRequests(forms)) await provider.createPod?.(request)
    for (const changes of editRequests(forms)) await provider.updatePod?.('running', changes)
    return [...seen.exchanges]
  } finally {
    await seen.close()
    await simulator.close()
  }
}
