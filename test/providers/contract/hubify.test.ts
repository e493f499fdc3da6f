import { createHubifyKey } from '../../../src/providers/hubify/key'
import type { HubifyBehavior } from '../../../src/simulator/control/hubify-behavior'
import { HUBIFY_KEY, HUBIFY_READ_ONLY_KEY } from '../../../src/simulator/simulator'
import { startSimulator } from '../../harness/simulator/simulator-fixture'
import { LAB, sampleLabPod } from '../hubify/sample-lab'
import { describeAtServer, describeAtSimulator } from './describe-provider'
import type { ProviderAdapter } from './provider-adapter'

/** Hubify's documents leave open in which form it answers. */
const variants: readonly (readonly [name: string, usesAnnouncedRoutes: boolean, Partial<HubifyBehavior>])[] =
  [
    ['Hubify', false, {}],
    [
      'Hubify with snake_case and errors as texts',
      false,
      { names: 'snake_case', errors: 'text', lists: 'name', hasHourlyCost: false, quotaHeaders: 'none' },
    ],
    [
      'Hubify with announced routes',
      true,
      { hasPlannedRoutes: true, errors: 'problem', lists: 'data.name', hasUsageInLists: true },
    ],
    [
      'Hubify with announced routes that do not exist',
      true,
      { errors: 'message', lists: 'bare', unknownRoutes: 'empty', quotaHeaders: 'minute' },
    ],
  ]

const adapters = variants.map(([name, usesAnnouncedRoutes, behavior]): ProviderAdapter => ({
  name,
  apiKey: HUBIFY_KEY,
  readOnlyKey: HUBIFY_READ_ONLY_KEY,
  async start() {
    const { simulator } = await startSimulator({
      now: Date.now,
      timeFactor: 600,
      hubify: {
        plan: 'free',
        behavior,
        labs: [
          {
            ...LAB,
            pods: [
              {
                documentId: 'pod_1',
                pod: { name: 'one', mode: 'training', persistent: { sizeGb: 50, path: '/workspace' } },
              },
              { documentId: 'pod_2', pod: { name: 'two', mode: 'stopped' } },
            ],
          },
          { id: 'other', slug: 'other', pods: [{ pod: { name: 'three', mode: 'training' } }] },
        ],
      },
    })
    return { simulator, url: simulator.hubifyUrl, runningId: 'pod_1', stoppedId: 'pod_2' }
  },
  connect: (url, { apiKey, clock, deadlineMs }) =>
    createHubifyKey({
      baseUrl: url,
      hosts: 'loopback-only',
      apiKey,
      version: 'contract',
      now: clock.now,
      random: () => 0.5,
      sleep: clock.sleep,
      ...(deadlineMs !== undefined && { deadlineMs }),
    }).lab(LAB, () => ({ usesAnnouncedRoutes })),
  actionPath: (id, action) => `/api/v1/pods/${id}/${action}`,
  runningPod: (id, more = {}) => sampleLabPod({ _id: id, ...more }),
  list: (data) => ({ data, meta: { next_cursor: null, has_more: false } }),
  error: (status, message) => ({ error: { code: 'code', message, status } }),
  exhaustedHeaders: (seconds) => ({
    'x-ratelimit-limit': '60',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1_000) + seconds),
  }),
  capabilities: [
    'webFallback',
    'readLabSpending',
    'listQueuedExperiments',
    'changeLabSettings',
    'createLabPod',
    'remainingQuota',
    'serverTime',
  ],
}))

for (const adapter of adapters) describeAtSimulator(adapter)
// What is answered here has one form.
for (const adapter of adapters.slice(0, 1)) describeAtServer(adapter)
