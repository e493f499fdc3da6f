import { expect, test } from 'vitest'
import { noGuard } from '../../../../src/core/guard/guard-view'
import {
  countByFilter,
  defaultView,
  filterPods,
  isTable,
} from '../../../../src/renderer/state/arrange/pod-filter'
import { loadView, saveView } from '../../../../src/renderer/pods/saved-view'
import { idleFor, podView } from '../../../harness/samples/pod-views'

const pods = [
  podView({ id: 'a1', name: 'llama-sft', hardware: '4 × H100 SXM', dataCenterId: 'US-KS-2' }),
  podView({ id: 'b2', name: 'qwen-eval', hardware: '1 × RTX 4090', activity: idleFor(1) }),
  podView({ id: 'c3', name: 'Whisper', phase: 'stopped', dataCenterId: 'EU-RO-1' }),
  podView({ id: 'd4', name: 'broken', phase: 'error' }),
  podView({ id: 'e5', name: 'new', phase: 'creating' }),
  podView({ id: 'f6', name: 'odd', phase: 'unknown', rawStatus: 'HIBERNATING' }),
]
const ids = (view: Partial<typeof defaultView>) =>
  filterPods(pods, { ...defaultView, ...view }).map(({ id }) => id)

test('without filter and search, all pods are shown and the array keeps its identity', () => {
  expect(filterPods(pods, defaultView)).toBe(pods)
  expect(filterPods(pods, { ...defaultView, search: '   ' })).toBe(pods)
})

test('each filter selects the pods that its name describes', () => {
  expect(ids({ filter: 'running' })).toEqual(['a1'])
  expect(ids({ filter: 'creating' })).toEqual(['e5'])
  expect(ids({ filter: 'unknown' })).toEqual(['f6'])
  expect(ids({ filter: 'idle' })).toEqual(['b2'])
  expect(ids({ filter: 'stopped' })).toEqual(['c3'])
  expect(ids({ filter: 'error' })).toEqual(['d4'])
  const { all, ...others } = countByFilter(pods)
  expect(others).toEqual({ running: 1, idle: 1, creating: 1, stopped: 1, error: 1, unknown: 1 })
  expect(Object.values(others).reduce((sum, count) => sum + count, 0)).toBe(all)
})

test('a pod that is kept on does not count as idle', () => {
  const guard = { ...noGuard, keepOn: { sinceMs: 0, untilMs: null } }
  const kept = podView({ activity: idleFor(180), guard })
  expect(countByFilter([kept])).toMatchObject({ running: 1, idle: 0 })
})

test('a pod that stopped while idle no longer counts as idle', () => {
  expect(countByFilter([podView({ phase: 'stopped', activity: idleFor(5) })]).idle).toBe(0)
})

test.each([
  ['LLAMA', ['a1']],
  ['f6', ['f6']],
  ['4090', ['b2']],
  ['eu-ro', ['c3']],
  ['  sft  h100 ', ['a1']],
  ['h100 4090', []],
  ['.*', []],
])('the search "%s" matches name, id, GPU and data center word by word', (search, foundIds) => {
  expect(ids({ search })).toEqual(foundIds)
})

test('a search is combined with the filter', () => {
  expect(ids({ search: 'e', filter: 'stopped' })).toEqual(['c3'])
})

test('order, filter, layout and grouping are stored, but the search is not', () => {
  const stored = new Map<string, string>()
  saveView(
    { setItem: (key, text) => stored.set(key, text) },
    { order: 'age', isReversed: true, filter: 'error', layout: 'table', grouping: 'gpu', search: 'secret' },
  )
  const storage = { getItem: (key: string) => stored.get(key) ?? null }
  expect(loadView(storage)).toEqual({
    order: 'age',
    isReversed: true,
    filter: 'error',
    layout: 'table',
    grouping: 'gpu',
    search: '',
  })
  expect([...stored.values()].join()).not.toContain('secret')
})

test.each([
  '',
  '{',
  'null',
  '[]',
  '"x"',
  '{"order":"toString","filter":7,"layout":"toString","isReversed":1}',
])('the stored view %j is replaced by the default', (text) =>
  expect(loadView({ getItem: () => text })).toEqual(defaultView),
)

test('full storage is not an error', () => {
  const setItem = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  expect(() => saveView({ setItem }, defaultView)).not.toThrow()
})

test('more than twelve pods are a table, unless someone chose otherwise', () => {
  expect([12, 13].map((count) => isTable('auto', count))).toEqual([false, true])
  expect([isTable('cards', 200), isTable('table', 1)]).toEqual([false, true])
})
