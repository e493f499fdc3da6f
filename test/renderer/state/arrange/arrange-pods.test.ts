import { describe, expect, test } from 'vitest'
import { parsePodKey, type PodKey } from '../../../../src/core/pods/pod'
import { noGuard } from '../../../../src/core/guard/guard-view'
import { MINUTE_MS } from '../../../../src/core/base/time/time'
import {
  arrangePods,
  type ArrangeOptions,
  holdSections,
  type PodSection,
} from '../../../../src/renderer/state/arrange/arrange-pods'
import { shownGrouping } from '../../../../src/renderer/state/arrange/arrange-view'
import { podGroupings, type PodOrder } from '../../../../src/renderer/state/arrange/pod-filter'
import {
  accountEntry,
  idleFor,
  NOW_MS,
  podView,
  snapshotOf,
  snapshotOfAccounts,
} from '../../../harness/samples/pod-views'

type Pods = Parameters<typeof arrangePods>[0]

const podIdOf = (key: PodKey): string => parsePodKey(key).podId
const ids = (sections: readonly PodSection[]) =>
  sections.map(({ id, podKeys }) => [id, ...podKeys.map(podIdOf)])
const arrange = (pods: Pods, options: Partial<ArrangeOptions> = {}) =>
  arrangePods(pods, { nowMs: NOW_MS, ...options })
const sectionIds = (...pods: Pods) => ids(arrange(pods))

const stopped = { phase: 'stopped', costPerHourUsd: 0 } as const
const creatingFor = (minutes: number) =>
  ({ phase: 'creating', creating: { sinceMs: NOW_MS - minutes * MINUTE_MS, isAtLeast: false } }) as const

test('what needs the user comes first, whatever it costs: idle past its alert, in error, stuck while creating', () => {
  expect(
    sectionIds(
      podView({ id: 'busy', costPerHourUsd: 9 }),
      podView({ id: 'idle', costPerHourUsd: 2, activity: idleFor(15) }),
      podView({ id: 'broken', phase: 'error', costPerHourUsd: 3 }),
      podView({ id: 'stuck', costPerHourUsd: 1, ...creatingFor(15) }),
      podView({ id: 'new', costPerHourUsd: 8, ...creatingFor(14) }),
      podView({ ...stopped, id: 'off' }),
    ),
  ).toEqual([
    ['needs-you', 'broken', 'idle', 'stuck'],
    ['running', 'busy'],
    ['creating', 'new'],
    ['stopped', 'off'],
  ])
})

test('an idle pod stays with the running ones until its alert, and one that is kept on for good', () => {
  const keepOn = { sinceMs: NOW_MS, untilMs: null }
  expect(
    sectionIds(
      podView({ id: 'busy', costPerHourUsd: 9 }),
      podView({ id: 'early', costPerHourUsd: 1, activity: idleFor(14) }),
      podView({ id: 'kept', costPerHourUsd: 5, activity: idleFor(180), guard: { ...noGuard, keepOn } }),
    ),
  ).toEqual([['running', 'early', 'busy', 'kept']])
})

test('the most expensive running pod comes first, and unknown prices and states come last', () => {
  expect(
    sectionIds(
      podView({ id: 'blind', costPerHourUsd: null }),
      podView({ id: 'cheap', costPerHourUsd: 0.2 }),
      podView({ id: 'dear', costPerHourUsd: 9 }),
      podView({ id: 'odd', phase: 'unknown', costPerHourUsd: 3 }),
    ),
  ).toEqual([['running', 'dear', 'odd', 'cheap', 'blind']])
})

test('stopped pods come after the running ones, sorted by disk cost', () => {
  expect(
    sectionIds(
      podView({ ...stopped, id: 'small', stoppedDiskPerHourUsd: 0.01 }),
      podView({ ...stopped, id: 'large', stoppedDiskPerHourUsd: 0.1 }),
      podView({ id: 'running', costPerHourUsd: 0.001 }),
    ),
  ).toEqual([
    ['running', 'running'],
    ['stopped', 'large', 'small'],
  ])
})

test('the pods of a cluster are grouped, and clusters are sorted by cost', () => {
  expect(
    sectionIds(
      podView({ id: 'x1', clusterId: 'x', costPerHourUsd: 3 }),
      podView({ id: 'y1', clusterId: 'y', costPerHourUsd: 2 }),
      podView({ id: 'y2', clusterId: 'y', costPerHourUsd: 2 }),
      podView({ id: 'alone' }),
    ),
  ).toEqual([
    ['running', 'alone'],
    ['cluster:account/y', 'y1', 'y2'],
    ['cluster:account/x', 'x1'],
  ])
})

test('pods with equal prices are sorted by name, so that the order of the reply moves no card', () => {
  const [a, b] = [podView({ id: '2', name: 'alpha' }), podView({ id: '1', name: 'beta' })]
  expect(sectionIds(a, b)).toEqual(sectionIds(b, a))
  expect(sectionIds(b, a)).toEqual([['running', '2', '1']])
})

test('there is no section without pods', () => expect(arrange([])).toEqual([]))

const orderedIds = (order: PodOrder, ...pods: Pods) =>
  arrange(pods, { order }).flatMap(({ podKeys }) => podKeys.map(podIdOf))

test('the order by idleness puts the longest idle pod first, busy ones by price, and what needs the user before both', () => {
  expect(
    orderedIds(
      'idle',
      podView({ id: 'busy', costPerHourUsd: 9 }),
      podView({ id: 'busy-cheap', costPerHourUsd: 1 }),
      podView({ id: 'short', activity: idleFor(2) }),
      podView({ id: 'long', activity: idleFor(50), costPerHourUsd: 0.1 }),
      podView({ id: 'broken', phase: 'error' }),
    ),
  ).toEqual(['long', 'broken', 'short', 'busy', 'busy-cheap'])
})

test('the order by name is case-insensitive and numeric', () => {
  const named = (name: string) => podView({ id: name, name })
  expect(orderedIds('name', named('run-10'), named('Run-9'), named('alpha'))).toEqual([
    'alpha',
    'Run-9',
    'run-10',
  ])
})

test('the order by age uses the start, then the creation, and puts pods with neither last', () => {
  expect(
    orderedIds(
      'age',
      podView({ id: 'ageless', startedAtMs: null, createdAtMs: null }),
      podView({ id: 'young', startedAtMs: NOW_MS - 1 }),
      podView({ id: 'old', startedAtMs: NOW_MS - 9 }),
      podView({ id: 'created', startedAtMs: null, createdAtMs: NOW_MS - 5 }),
    ),
  ).toEqual(['old', 'created', 'young', 'ageless'])
})

test('the orders of the table sort by idle cost, GPU and account', () => {
  const pods = [
    podView({ id: 'a', accountId: 'y', hardware: '1 × RTX 4090', costPerHourUsd: 1 }),
    podView({ id: 'b', accountId: 'x', hardware: null, costPerHourUsd: 2 }),
    podView({ id: 'c', accountId: 'x', hardware: '1 × A100', activity: idleFor(5), idleCostUsd: 3 }),
  ]
  expect(orderedIds('idle-cost', ...pods)).toEqual(['c', 'b', 'a'])
  expect(orderedIds('hardware', ...pods)).toEqual(['c', 'a', 'b'])
  const nameOf = (accountId: string) => ({ x: 'Zeta', y: 'alpha' })[accountId] ?? ''
  expect(arrange(pods, { order: 'account', nameOf }).flatMap(({ podKeys }) => podKeys.map(podIdOf))).toEqual([
    'a',
    'c',
    'b',
  ])
})

test('a reversed order keeps the sections, and the order of equal pods', () => {
  const pods = [
    podView({ id: 'cheap', costPerHourUsd: 1 }),
    podView({ id: 'dear', costPerHourUsd: 2 }),
    podView({ id: 'dear-2', costPerHourUsd: 2 }),
    podView({ ...stopped, id: 'off' }),
  ]
  expect(ids(arrange(pods, { isReversed: true }))).toEqual([
    ['running', 'cheap', 'dear', 'dear-2'],
    ['stopped', 'off'],
  ])
})

test('stopped pods stay in their section in every order', () => {
  const pods = [podView({ id: 'a', name: 'a', phase: 'stopped' }), podView({ id: 'b', name: 'b' })]
  expect(orderedIds('name', ...pods)).toEqual(['b', 'a'])
})

test('held sections keep every pod in its place, add what is new and drop what is gone', () => {
  const before = arrange([
    podView({ id: 'a', costPerHourUsd: 3 }),
    podView({ id: 'b', costPerHourUsd: 2 }),
    podView({ ...stopped, id: 'off' }),
  ])
  const after = arrange([
    podView({ id: 'a', costPerHourUsd: 3, activity: idleFor(20) }),
    podView({ id: 'b', costPerHourUsd: 9 }),
    podView({ id: 'c', costPerHourUsd: 8 }),
    podView({ id: 'broken', phase: 'error' }),
  ])
  expect(ids(holdSections(before, after))).toEqual([
    ['running', 'a', 'b', 'c'],
    ['needs-you', 'broken'],
  ])
  expect(holdSections([], after)).toEqual(after)
})

describe('groups that a person chose', () => {
  const pods = [
    podView({ accountId: 'b', id: 'busy', costPerHourUsd: 9 }),
    podView({ accountId: 'a', id: 'off', ...stopped }),
    podView({ accountId: 'a', id: 'idle', costPerHourUsd: 1, activity: idleFor(20) }),
    podView({ accountId: 'a', id: 'early', costPerHourUsd: 1, activity: idleFor(5) }),
    podView({ accountId: 'a', id: 'busy', costPerHourUsd: 4, clusterId: 'c' }),
  ]

  test('are the accounts in the order of the person, each with what needs them first', () => {
    expect(ids(arrange(pods, { grouping: 'account', accountIds: ['b', 'a'] }))).toEqual([
      ['account:b', 'busy'],
      ['account:a', 'idle', 'early', 'busy', 'off'],
    ])
    expect(arrange(pods, { grouping: 'account' }).map(({ about }) => about)).toEqual(['a', 'b'])
  })

  test('are sorted by a column alone once the person chose one', () => {
    const [own] = ids(arrange(pods.slice(1), { grouping: 'account', order: 'name', isReversed: true }))
    expect(own?.slice(0, 1)).toEqual(['account:a'])
    expect(ids(arrange(pods.slice(1), { grouping: 'account', isReversed: true }))).toEqual([
      ['account:a', 'off', 'early', 'idle', 'busy'],
    ])
  })

  test('are the types of GPU, however many a pod has, with the most expensive type first', () => {
    const ofType = (id: string, gpuName: string | null, hardware: string | null, costPerHourUsd: number) =>
      podView({ id, gpuName, hardware, costPerHourUsd })
    expect(
      ids(
        arrange(
          [
            ofType('small', 'RTX 4090', '1 × RTX 4090', 0.7),
            ofType('big', 'H100 SXM', '4 × H100 SXM', 10),
            ofType('one', 'H100 SXM', '1 × H100 SXM', 3),
            ofType('cpu', null, '8 vCPU', 0.2),
            ofType('what', null, null, 0.1),
          ],
          { grouping: 'gpu' },
        ),
      ),
    ).toEqual([
      ['gpu:H100 SXM', 'big', 'one'],
      ['gpu:RTX 4090', 'small'],
      ['gpu:No GPU', 'cpu'],
      ['gpu:Unknown hardware', 'what'],
    ])
  })

  test('are the data centers, with the most expensive one first', () => {
    const at = (id: string, dataCenterId: string | null, costPerHourUsd: number) =>
      podView({ id, dataCenterId, costPerHourUsd })
    expect(
      ids(
        arrange([at('a', 'EU-RO-1', 1), at('b', null, 2), at('c', 'US-KS-2', 9), at('d', 'EU-RO-1', 5)], {
          grouping: 'data-center',
        }),
      ),
    ).toEqual([
      ['data-center:US-KS-2', 'c'],
      ['data-center:EU-RO-1', 'd', 'a'],
      ['data-center:Unknown data center', 'b'],
    ])
  })

  test('are none, where what needs the user still comes first', () => {
    expect(ids(arrange(pods, { grouping: 'none' }))).toEqual([
      ['all', 'idle', 'early', 'busy', 'busy', 'off'],
    ])
    expect(arrange([], { grouping: 'none' })).toEqual([])
  })

  test('contain every pod exactly once', () => {
    for (const grouping of podGroupings)
      expect(
        arrange(pods, { grouping })
          .flatMap(({ podKeys }) => podKeys)
          .sort(),
      ).toEqual(pods.map(({ key }) => key).sort())
  })
})

test('pods are grouped by account only where several are shown, and otherwise as the person chose', () => {
  const one = snapshotOf([podView()])
  const several = snapshotOfAccounts([
    { entry: accountEntry({ id: 'a' }) },
    { entry: accountEntry({ id: 'b' }) },
  ])
  expect(shownGrouping(one, { grouping: 'gpu' })).toBe('gpu')
  expect(shownGrouping(one, { grouping: 'account' })).toBe('state')
  expect(shownGrouping(several, { grouping: 'account' })).toBe('account')
  expect(shownGrouping(null, { grouping: 'account' })).toBe('state')
})
