import { expect, test } from 'vitest'
import { parsePodKey, type PodKey } from '../../../src/core/pods/pod'
import { arrangePods } from '../../../src/renderer/state/arrange-pods'
import { idleFor, NOW_MS, podView } from '../../harness/pod-views'

const podIdOf = (key: PodKey): string => parsePodKey(key).podId

const sectionIds = (...pods: Parameters<typeof arrangePods>[0]) =>
  arrangePods(pods).map(({ id, podKeys }) => [id, ...podKeys.map(podIdOf)])

test('the most expensive running pod comes first, whether idle or not, and unknown prices come last', () => {
  expect(
    sectionIds(
      podView({ id: 'blind', costPerHourUsd: null }),
      podView({ id: 'cheap', costPerHourUsd: 0.2 }),
      podView({ id: 'dear', costPerHourUsd: 9 }),
      podView({ id: 'new', phase: 'creating', costPerHourUsd: 3 }),
    ),
  ).toEqual([['active', 'dear', 'new', 'cheap', 'blind']])
})

test('a pod in error comes before all others', () => {
  expect(
    sectionIds(
      podView({ id: 'dear', costPerHourUsd: 9 }),
      podView({ id: 'broken', phase: 'error', costPerHourUsd: 0 }),
    ),
  ).toEqual([['active', 'broken', 'dear']])
})

test('stopped pods come after the running ones, sorted by disk cost', () => {
  const stopped = { phase: 'stopped', costPerHourUsd: 0 } as const
  expect(
    sectionIds(
      podView({ ...stopped, id: 'small', stoppedDiskPerHourUsd: 0.01 }),
      podView({ ...stopped, id: 'large', stoppedDiskPerHourUsd: 0.1 }),
      podView({ id: 'running', costPerHourUsd: 0.001 }),
    ),
  ).toEqual([
    ['active', 'running'],
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
    ['active', 'alone'],
    ['cluster:y', 'y1', 'y2'],
    ['cluster:x', 'x1'],
  ])
})

test('pods with equal prices are sorted by name, so that the order of the reply moves no card', () => {
  const [a, b] = [podView({ id: '2', name: 'alpha' }), podView({ id: '1', name: 'beta' })]
  expect(sectionIds(a, b)).toEqual(sectionIds(b, a))
  expect(sectionIds(b, a)).toEqual([['active', '2', '1']])
})

test('there is no section without pods', () => expect(arrangePods([])).toEqual([]))

const orderedIds = (order: Parameters<typeof arrangePods>[1], ...pods: Parameters<typeof arrangePods>[0]) =>
  arrangePods(pods, order).flatMap(({ podKeys }) => podKeys.map(podIdOf))

test('the order by idleness puts the longest idle pod first, busy ones by price, and errors before both', () => {
  expect(
    orderedIds(
      'idle',
      podView({ id: 'busy', costPerHourUsd: 9 }),
      podView({ id: 'busy-cheap', costPerHourUsd: 1 }),
      podView({ id: 'short', activity: idleFor(2) }),
      podView({ id: 'long', activity: idleFor(50), costPerHourUsd: 0.1 }),
      podView({ id: 'broken', phase: 'error' }),
    ),
  ).toEqual(['broken', 'long', 'short', 'busy', 'busy-cheap'])
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

test('stopped pods stay in their section in every order', () => {
  const [stopped, running] = [
    podView({ id: 'a', name: 'a', phase: 'stopped' }),
    podView({ id: 'b', name: 'b' }),
  ]
  expect(orderedIds('name', stopped, running)).toEqual(['b', 'a'])
})
