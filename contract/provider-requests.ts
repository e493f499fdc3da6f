import { billKinds, type Provider } from '../src/core/pods/provider'
import { providers } from '../src/providers'
import { createSimulator, FULL_KEY } from '../src/simulator/simulator'
import { type Exchange, startRecordingProxy } from './exchange'

/** How to make a provider send every request that a method of it can send; null: it sends none. */
type ProviderCalls = {
  readonly [K in keyof Required<Provider>]: ((provider: Provider) => Promise<unknown>) | null
}

// A new method of a provider must be named here, or this does not compile.
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
  listNetworkVolumes: async (provider) => provider.listNetworkVolumes?.(),
  async readBills(provider) {
    for (const kind of billKinds) await provider.readBills?.(kind, Date.now() - 7_200_000, Date.now())
  },
  readSshKeys: async (provider) => provider.readSshKeys?.(),
  replaceSshKeys: async (provider) => provider.replaceSshKeys?.([]),
  minPollIntervalMs: null,
  remainingQuota: null,
  abortReads: null,
}

/** What the provider of Runpod sends, each method at least once, as it went over the wire. */
export async function providerRequests(): Promise<readonly Exchange[]> {
  const simulator = await createSimulator({
    seed: 1,
    // Two pages, so that the request with a cursor is among them.
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
