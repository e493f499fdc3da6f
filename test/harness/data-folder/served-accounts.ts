import type { Holder } from '../../../src/node/pods-api/accounts/holder'
import type { ReadAccount, ServedAccount } from '../../../src/node/pods-api/accounts/served-account'
import { ok } from '../../../src/core/base/result'
import { toAccountDetails } from '../../../src/core/pods-api/account-details'
import type { DataImpact } from '../../../src/core/pods/data-impact'
import type { JobView } from '../../../src/core/queue/queue-view'
import { defaultSettings } from '../../../src/core/settings/settings'
import type { PodView } from '../../../src/core/view/snapshot'
import type { ControlHandlers } from '../../../src/node/control/control-requests'
import type { ControlledQueueView } from '../../../src/node/control/queue-control'
import { ApiUnavailable } from '../../../src/node/pods-api/api-server'
import { podView, snapshotOf } from '../samples/pod-views'

/* Accounts as the Pods API and agents are served them, over a program that does as a test says. */

export const servedAccount = (id: string, more: Partial<ServedAccount> = {}): ServedAccount => ({
  id,
  name: id,
  slug: id,
  hubifyLabId: null,
  provider: null,
  ...more,
})

const volume: DataImpact = {
  impact: 'kept',
  storage: 'volume',
  sizeGb: 50,
  path: '/workspace',
  stoppedCostPerDayUsd: null,
}

/** Of pods that were read. By default each is called like its id, and keeps its data when it stops. */
export function detailsOf(
  ...pods: readonly (Partial<PodView> & Pick<PodView, 'id'>)[]
): ReadAccount['details'] {
  const views = pods.map((pod) =>
    podView({ name: pod.id, actions: ['stop', 'terminate'], stopImpact: [volume], ...pod }),
  )
  return toAccountDetails(
    { snapshot: () => snapshotOf(views), accountPods: () => ({ accountId: 'a', pods: [] }) },
    { settings: defaultSettings, hasHistory: true },
  )
}

export const queueOf = (...jobs: JobView[]): ControlledQueueView => ({
  jobs,
  suggestions: [],
  countdowns: [],
  rules: { podKeys: [], accountIds: [], isPaused: false },
  experiments: [],
  pods: [],
})

export interface FakeHolder {
  readonly holder: Holder
  /** What it was asked to do, in order. */
  readonly asked: {
    readonly name: keyof ControlHandlers
    readonly args: readonly unknown[]
  }[]
}

/** Does everything that it is asked, or as `requests` say. Nothing can be read unless `reads` say how. */
export function createFakeHolder(
  requests: Partial<ControlHandlers> = {},
  reads: Partial<Pick<Holder, 'details' | 'queue' | 'keeperOf'>> = {},
): FakeHolder {
  const asked: FakeHolder['asked'] = []
  const unread = (): Promise<never> =>
    Promise.reject(new ApiUnavailable('No program watches the data folder'))
  const handlers = new Proxy(requests, {
    get:
      (known, name: keyof ControlHandlers) =>
      (...args: unknown[]) => {
        asked.push({ name, args })
        const handler = known[name] as ((...given: unknown[]) => unknown) | undefined
        return handler?.(...args) ?? Promise.resolve(ok(undefined))
      },
  }) as ControlHandlers
  return {
    asked,
    holder: {
      details: unread,
      queue: unread,
      health: unread,
      keeperOf: () => null,
      ask: (_accountId, request) => request(handlers),
      close: () => {},
      ...reads,
    },
  }
}
