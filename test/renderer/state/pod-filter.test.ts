import { expect, test } from 'vitest'
import { countByFilter, filterPods, usualView } from '../../../src/renderer/state/pod-filter'
import { keepView, readView } from '../../../src/renderer/pods/saved-filter'
import { idleFor, podView } from '../../harness/pod-views'

const pods = [
  podView({ id: 'a1', name: 'llama-sft', hardware: '4 × H100 SXM', dataCenterId: 'US-KS-2' }),
  podView({ id: 'b2', name: 'qwen-eval', hardware: '1 × RTX 4090', activity: idleFor(1) }),
  podView({ id: 'c3', name: 'Whisper', phase: 'stopped', dataCenterId: 'EU-RO-1' }),
  podView({ id: 'd4', name: 'broken', phase: 'error' }),
  podView({ id: 'e5', name: 'new', phase: 'creating' }),
  podView({ id: 'f6', name: 'odd', phase: 'unknown', rawStatus: 'HIBERNATING' }),
]
const ids = (view: Partial<typeof usualView>) =>
  filterPods(pods, { ...usualView, ...view }).map(({ id }) => id)

test('without filter and search nothing is hidden, and the list stays the same one', () => {
  expect(filterPods(pods, usualView)).toBe(pods)
  expect(filterPods(pods, { ...usualView, search: '   ' })).toBe(pods)
})

test('each filter lets through what its name says', () => {
  expect(ids({ filter: 'running' })).toEqual(['a1', 'b2'])
  expect(ids({ filter: 'idle' })).toEqual(['b2'])
  expect(ids({ filter: 'stopped' })).toEqual(['c3'])
  expect(ids({ filter: 'error' })).toEqual(['d4'])
  expect(countByFilter(pods)).toEqual({ all: 6, running: 2, idle: 1, stopped: 1, error: 1 })
})

test('a pod that stopped while it was idle is not idle any more', () => {
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
])('"%s" is looked for in name, id, GPU and data centre, word by word', (search, found) => {
  expect(ids({ search })).toEqual(found)
})

test('a search goes through the filter as well', () => {
  expect(ids({ search: 'e', filter: 'stopped' })).toEqual(['c3'])
})

test('order and filter are kept, what was searched for is not', () => {
  const kept = new Map<string, string>()
  keepView(
    { setItem: (key, text) => kept.set(key, text) },
    { order: 'age', filter: 'error', search: 'secret' },
  )
  const storage = { getItem: (key: string) => kept.get(key) ?? null }
  expect(readView(storage)).toEqual({ order: 'age', filter: 'error', search: '' })
  expect([...kept.values()].join()).not.toContain('secret')
})

test.each(['', '{', 'null', '[]', '"x"', '{"order":"toString","filter":7}'])(
  'a kept view of %j is the usual one',
  (text) => expect(readView({ getItem: () => text })).toEqual(usualView),
)

test('a full disk does not matter', () => {
  const setItem = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  expect(() => keepView({ setItem }, usualView)).not.toThrow()
})
