import { billKinds, type Provider } from '../src/core/pods/provider'
import { providers } from '../src/providers'
import { createSimulator, FULL_KEY } from '../src/simulator/simulator'
import { type Exchange, startRecordingProxy } from './exchange'

/** For each provider method, how to make it send every request that it can send; null if it sends none. */
type ProviderCalls = {
  readonly [K in keyof Required<Provider>]: ((provider: Provider) => Promise<unknown>) | null
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
  listNetworkVolumes: async (provider) => provider.listNetworkVolumes?.(),
  async readBills(provider) {
    for (const kind of billKinds) await provider.readBills?.(kind, Date.now() - 7_200_000, Date.now())
  },
  readSshKeys: async (provider) => provider.readSshKeys?.(),
  replaceSshKeys: async (provider) => provider.replaceSshKeys?.([]),
  // Only labs have these.
  webFallback: null,
  readLabSpending: null,
  listQueuedExperiments: null,
  changeLabSettings: null,
  createLabPod: null,
  minPollIntervalMs: null,
  remainingQuota: null,
  serverTime: null,
  abortReads: null,
}

/** The requests of the Runpod provider, with each method called at least once, as sent over the wire. */
export async function providerRequests(): Promise<readonly Exchange[]> {
  const simulator = await createSimulator({
    seed: 1,
    // Two pages, so that the request with a cursor is included.
    maxPageSize: 1,
    pods: [
      { id: 'running', name: 'running', mode: 'training' },
      { id: 'stopped', name: 'stopped', mode: 'stopped' },
    ],
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
    return [...seen.exchanges]
  } finally {
    await seen.close()
    await simulator.close()
  }
}
