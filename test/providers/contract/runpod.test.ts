import { createRunpodProvider } from '../../../src/providers/runpod/provider'
import { FULL_KEY, READ_ONLY_KEY } from '../../../src/simulator/simulator'
import { startSimulator } from '../../harness/simulator/simulator-fixture'
import { samplePod } from '../runpod/sample-pod'
import { describeAtServer, describeAtSimulator } from './describe-provider'
import type { ProviderAdapter } from './provider-adapter'

const runpod: ProviderAdapter = {
  name: 'Runpod',
  apiKey: FULL_KEY,
  readOnlyKey: READ_ONLY_KEY,
  async start() {
    const pods = [
      { id: 'one', name: 'one', mode: 'training' },
      { id: 'two', name: 'two', mode: 'stopped' },
    ] as const
    const { simulator } = await startSimulator({ pods, now: Date.now, timeFactor: 600 })
    return { simulator, url: simulator.url, runningId: 'one', stoppedId: 'two' }
  },
  connect: (url, { apiKey, clock, deadlineMs }) =>
    createRunpodProvider({
      baseUrl: url,
      hosts: 'loopback-only',
      apiKey,
      version: 'contract',
      now: clock.now,
      random: () => 0.5,
      sleep: clock.sleep,
      ...(deadlineMs !== undefined && { deadlineMs }),
    }),
  actionPath: (id) => `/v2/pods/${id}/action`,
  runningPod: (id, more = {}) => samplePod({ id, ...more }),
  list: (pods) => ({ pods, pagination: { hasNextPage: false, nextCursor: null } }),
  error: (status, detail) => ({ title: 'Error', status, detail }),
  exhaustedHeaders: (seconds) => ({ ratelimit: `"minute";r=0;t=${seconds}` }),
  capabilities: [
    'readBalance',
    'readAccountId',
    'readStatusChange',
    'listNetworkVolumes',
    'readBills',
    'readSshKeys',
    'replaceSshKeys',
    'createPod',
    'updatePod',
    'readPodConfiguration',
    'listGpus',
    'listCpus',
    'listDataCenters',
    'listTemplates',
    'createNetworkVolume',
    'changeNetworkVolume',
    'deleteNetworkVolume',
    'listSecretNames',
    'readAccountLimits',
    'remainingQuota',
    'serverTime',
  ],
}

describeAtSimulator(runpod)
describeAtServer(runpod)
