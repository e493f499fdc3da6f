import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import type { UsageSample } from '../../../src/core/history/usage'
import type { Monitor } from '../../../src/core/monitor/monitor-types'
import type { PodKey } from '../../../src/core/pods/pod'
import { createPodHistories } from '../../../src/main/account/pod-histories'
import { flushPromises, START_MS } from '../../harness/base/fake-clock'
import { createMonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'
import { usageSample } from '../../harness/samples/usage-history'

const KEYS = ['account-1/pod-1', 'account-1/pod-2'] as const

/** Two pods that run since an hour, watched from now on, of which samples were recorded `minutes` ago. */
async function watched(minutes: readonly number[]) {
  const pods = ['pod-1', 'pod-2'].map((id) => pod({ id }))
  const { monitor, clock, provider } = createMonitorFixture({ pods })
  monitor.start()
  await flushPromises()
  const reads: (readonly string[])[] = []
  const recorded = (podId: string): UsageSample[] =>
    minutes.map((minute) => usageSample({ podId, atMs: START_MS - minute * MINUTE_MS }))
  let current: Monitor | null = monitor
  const histories = createPodHistories({
    monitor: (accountId) => (accountId === 'account-1' ? current : null),
    usageHistories: {
      reader: () => ({
        samples: () => Promise.reject(new Error('one by one')),
        rows: () => Promise.reject(new Error('by row')),
        samplesOf(podIds) {
          reads.push(podIds)
          return Promise.resolve(new Map(podIds.map((podId) => [podId, recorded(podId)])))
        },
      }),
    },
    nowMs: () => clock.now().wallMs,
  })
  /** Of each pod; null: a gap, however long. */
  const utils = async (...keys: readonly PodKey[]) =>
    (await histories(keys)).map(({ points }) =>
      points
        .map(({ utilPercent }) => utilPercent)
        .filter((util, at, all) => util !== null || all[at - 1] !== null),
    )
  return { utils, histories, reads, clock, provider, setMonitor: (next: Monitor | null) => (current = next) }
}

test('the trail of a pod begins with what was recorded before its account was watched, with the gaps in it', async () => {
  const { utils, histories } = await watched([40, 10, 4])
  expect(await utils(...KEYS)).toEqual([
    [94, null, 94, null, 94, 0],
    [94, null, 94, null, 94, 0],
  ])
  expect(await histories(['account-1/other', 'account-2/pod-1'])).toEqual([])
})

test('the record is read once for each pod, when someone looks at it, and for all of them at once', async () => {
  const { utils, reads } = await watched([4])
  await Promise.all([utils(KEYS[0]), utils(KEYS[0])])
  expect(await utils(...KEYS)).toEqual([
    [94, 0],
    [94, 0],
  ])
  expect(reads).toEqual([['pod-1'], ['pod-2']])
})

test('an account that is watched anew gets what was recorded before that', async () => {
  const first = await watched([4])
  await first.utils(...KEYS)
  const again = createMonitorFixture({ pods: [pod()] })
  again.monitor.start()
  await flushPromises()
  first.setMonitor(again.monitor)
  expect(await first.utils(KEYS[0])).toEqual([[94, 0]])
  first.setMonitor(null)
  expect(await first.histories(KEYS)).toEqual([])
  expect(first.reads).toEqual([['pod-1', 'pod-2'], ['pod-1']])
})
