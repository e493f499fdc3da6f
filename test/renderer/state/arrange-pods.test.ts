import { expect, test } from 'vitest'
import { arrangePods } from '../../../src/renderer/state/arrange-pods'
import { idleFor, NOW_MS, podView } from '../../harness/pod-views'

const ids = (...pods: Parameters<typeof arrangePods>[0]) =>
  arrangePods(pods).map(({ id, podIds }) => [id, ...podIds])

test('the dearest running pod comes first, whether idle or not; an unknown price comes last', () => {
  expect(
    ids(
      podView({ id: 'blind', costPerHourUsd: null }),
      podView({ id: 'cheap', costPerHourUsd: 0.2 }),
      podView({ id: 'dear', costPerHourUsd: 9 }),
      podView({ id: 'new', phase: 'creating', costPerHourUsd: 3 }),
    ),
  ).toEqual([['active', 'dear', 'new', 'cheap', 'blind']])
})

test('a pod in error stands above everything', () => {
  expect(
    ids(
      podView({ id: 'dear', costPerHourUsd: 9 }),
      podView({ id: 'broken', phase: 'error', costPerHourUsd: 0 }),
    ),
  ).toEqual([['active', 'broken', 'dear']])
})

test('stopped pods stand after the running ones, by what their disks cost', () => {
  const stopped = { phase: 'stopped', costPerHourUsd: 0 } as const
  expect(
    ids(
      podView({ ...stopped, id: 'small', stoppedDiskPerHourUsd: 0.01 }),
      podView({ ...stopped, id: 'large', stoppedDiskPerHourUsd: 0.1 }),
      podView({ id: 'running', costPerHourUsd: 0.001 }),
    ),
  ).toEqual([
    ['active', 'running'],
    ['stopped', 'large', 'small'],
  ])
})

test('the pods of a cluster stand together, clusters by what they cost', () => {
  expect(
    ids(
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

test('equal prices are ordered by name, so that the order of the answer moves no card', () => {
  const [a, b] = [podView({ id: '2', name: 'alpha' }), podView({ id: '1', name: 'beta' })]
  expect(ids(a, b)).toEqual(ids(b, a))
  expect(ids(b, a)).toEqual([['active', '2', '1']])
})

test('without pods there is no section', () => expect(arrangePods([])).toEqual([]))

const inOrder = (order: Parameters<typeof arrangePods>[1], ...pods: Parameters<typeof arrangePods>[0]) =>
  arrangePods(pods, order).flatMap(({ podIds }) => podIds)

test('the longest idle pod comes first, the busy ones by price; trouble above both', () => {
  expect(
    inOrder(
      'idle',
      podView({ id: 'busy', costPerHourUsd: 9 }),
      podView({ id: 'busy-cheap', costPerHourUsd: 1 }),
      podView({ id: 'short', activity: idleFor(2) }),
      podView({ id: 'long', activity: idleFor(50), costPerHourUsd: 0.1 }),
      podView({ id: 'broken', phase: 'error' }),
    ),
  ).toEqual(['broken', 'long', 'short', 'busy', 'busy-cheap'])
})

test('by name means as people order names', () => {
  const named = (name: string) => podView({ id: name, name })
  expect(inOrder('name', named('run-10'), named('Run-9'), named('alpha'))).toEqual([
    'alpha',
    'Run-9',
    'run-10',
  ])
})

test('the oldest comes first; where no start is known its creation counts, and without either it is last', () => {
  expect(
    inOrder(
      'age',
      podView({ id: 'ageless', startedAtMs: null, createdAtMs: null }),
      podView({ id: 'young', startedAtMs: NOW_MS - 1 }),
      podView({ id: 'old', startedAtMs: NOW_MS - 9 }),
      podView({ id: 'created', startedAtMs: null, createdAtMs: NOW_MS - 5 }),
    ),
  ).toEqual(['old', 'created', 'young', 'ageless'])
})

test('stopped pods stay in their group whatever the order', () => {
  const [stopped, running] = [
    podView({ id: 'a', name: 'a', phase: 'stopped' }),
    podView({ id: 'b', name: 'b' }),
  ]
  expect(inOrder('name', stopped, running)).toEqual(['b', 'a'])
})
