import { describe, expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { createSingleReads } from '../../../src/core/polling/single-reads'
import type { Pod } from '../../../src/core/pods/pod'
import { instant, pod, telemetry } from '../../harness/samples/pods'

const bare = telemetry({ gpus: [], cpuUtilPercent: null, memoryUtilPercent: null })
const bareList = (...ids: readonly string[]): Pod[] => ids.map((id) => pod({ id, telemetry: bare }))

/** Lists every 15 s; returns the ids that are read after each list. `read`: what a read shows; null: it fails. */
function lists(pods: readonly Pod[], count: number, read: (listed: Pod) => Pod | null, minIntervalMs = 0) {
  const reads = createSingleReads()
  return Array.from({ length: count }, (_, index) => {
    const due = reads.due(pods, instant(index * 15 * SECOND_MS), minIntervalMs)
    for (const listed of due) {
      const single = read(listed)
      if (single !== null) reads.onRead(listed, single)
    }
    return due.map(({ id }) => id)
  })
}

const full = ({ id }: Pod): Pod => pod({ id })
const countOf = (read: readonly (readonly string[])[]): number => read.flat().length

describe('pods are read one by one', () => {
  test('from the third list on that lacks what the single pod has, at each poll', () => {
    expect(lists(bareList('a'), 5, full)).toEqual([[], [], ['a'], ['a'], ['a']])
    expect(lists([pod({ id: 'a' })], 5, full).flat()).toEqual([])
  })

  test('hardly ever if they have no more than the list', () => {
    expect(countOf(lists(bareList('a'), (2 * 60 * MINUTE_MS) / 15_000, (listed) => listed))).toBe(4)
  })

  test('again soon if one read failed, or had no figures', () => {
    for (const read of [() => null, ({ id }: Pod) => pod({ id, telemetry: null })])
      expect(countOf(lists(bareList('a'), 40, read))).toBe(5)
  })

  test('as many as the quota allows, in turn', () => {
    const read = lists(bareList('a', 'b', 'c'), 5, full, 5_000)
    expect(read.map(({ length }) => length)).toEqual([0, 0, 2, 2, 2])
    expect(new Set(read.flat())).toEqual(new Set(['a', 'b', 'c']))
    expect(lists(bareList('a', 'b'), 4, full, 60_000).map(({ length }) => length)).toEqual([0, 0, 1, 1])
  })

  test('not if they are not running, or a service manages them', () => {
    const managed = { cloudPodId: null, idleMinutes: null, stopsAtMs: null, terminatesAtMs: null }
    const others = [pod({ phase: 'stopped', telemetry: null }), pod({ id: 'b', telemetry: bare, managed })]
    expect(lists(others, 6, full).flat()).toEqual([])
  })
})
