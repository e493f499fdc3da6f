import { describe, expect, test } from 'vitest'
import {
  emptyInventory,
  type PodInventory,
  podsOf,
  podsToConfirm,
  recentlyGonePods,
  withList,
  withoutPod,
  withPod,
} from '../../../src/core/polling/pod-inventory'
import type { Pod } from '../../../src/core/pods/pod'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { pod, stoppedPod } from '../../harness/samples/pods'

const at = (order: number) => ({ order, atMs: order * MINUTE_MS })
const list = (inventory: PodInventory, order: number, pods: readonly Pod[], isComplete = true) =>
  withList(inventory, { pods, isComplete }, at(order))
const ids = (inventory: PodInventory) => podsOf(inventory).map(({ id }) => id)

const one = pod()
const shown = list(emptyInventory, 1, [one])
const missedOnce = list(shown, 2, [])
const missedTwice = list(missedOnce, 3, [])

describe('a successful list', () => {
  test('shows its pods', () => {
    expect(podsOf(list(emptyInventory, 1, [one, pod({ id: 'pod-2' })]))).toEqual([one, pod({ id: 'pod-2' })])
  })

  test('replaces an earlier one', () => {
    expect(podsOf(list(shown, 2, [stoppedPod()]))).toEqual([stoppedPod()])
  })

  test('shows cluster pods and pods of an unknown status too', () => {
    const odd = pod({ id: 'odd', phase: 'unknown', rawStatus: 'MIGRATING', actions: ['defrost'] })
    const member = pod({ id: 'member', clusterId: 'cluster-1' })
    expect(podsOf(list(emptyInventory, 1, [odd, member]))).toEqual([odd, member])
  })

  test('that contains a pod twice shows it once', () => {
    expect(ids(list(emptyInventory, 1, [one, one]))).toEqual(['pod-1'])
  })

  test('says whether it was partial', () => {
    expect(list(emptyInventory, 1, [one], false).isPartial).toBe(true)
    expect(list(shown, 2, [one]).isPartial).toBe(false)
  })
})

describe('an older reply changes nothing:', () => {
  test('a list that was requested before the current one is ignored', () => {
    const newer = list(emptyInventory, 5, [stoppedPod()])
    expect(list(newer, 4, [one])).toBe(newer)
    expect(list(newer, 4, [])).toBe(newer)
  })

  test('a pod that was read before its last state is ignored', () => {
    const newer = list(emptyInventory, 5, [stoppedPod()])
    expect(withPod(newer, one, at(4))).toBe(newer)
    const missing = list(list(newer, 6, []), 7, [])
    expect(withoutPod(missing, 'pod-1', at(4))).toBe(missing)
  })

  test('a list that was requested before a pod was read keeps that pod as it was read', () => {
    const read = withPod(shown, stoppedPod(), at(3))
    expect(podsOf(list(read, 2, [one]))).toEqual([stoppedPod()])
    expect(podsToConfirm(list(list(read, 2, []), 4, []))).toEqual([])
  })

  test('a list that was requested before a pod was found gone does not bring it back', () => {
    const gone = withoutPod(missedTwice, 'pod-1', at(5))
    const late = list(gone, 4, [one])
    expect(ids(late)).toEqual([])
    expect(recentlyGonePods(late, 5 * MINUTE_MS)).toHaveLength(1)
  })
})

describe('a pod that is missing', () => {
  test('from one complete list stays', () => {
    expect(ids(missedOnce)).toEqual(['pod-1'])
    expect(podsToConfirm(missedOnce)).toEqual([])
  })

  test('from two complete lists in a row stays too, and must be read', () => {
    expect(ids(missedTwice)).toEqual(['pod-1'])
    expect(podsToConfirm(missedTwice)).toEqual(['pod-1'])
  })

  test('and returns a 404 on a single read is gone', () => {
    const gone = withoutPod(missedTwice, 'pod-1', at(4))
    expect(ids(gone)).toEqual([])
    expect(recentlyGonePods(gone, 4 * MINUTE_MS)).toEqual([
      { id: 'pod-1', name: 'trainer', goneAtMs: 4 * MINUTE_MS, how: 'vanished' },
    ])
  })

  test.each([
    ['none', shown],
    ['only one', missedOnce],
  ])('from %s of the lists is not gone by a 404 alone', (_, inventory) => {
    expect(withoutPod(inventory, 'pod-1', at(9))).toBe(inventory)
  })

  test('and is found by a single read exists', () => {
    const found = withPod(missedTwice, one, at(4))
    expect(podsToConfirm(found)).toEqual([])
    expect(withoutPod(found, 'pod-1', at(5))).toBe(found)
  })

  test('twice, with a list in between that contains it, was not missing in a row', () => {
    const back = list(list(missedOnce, 3, [one]), 4, [])
    expect(podsToConfirm(back)).toEqual([])
  })

  test('from partial lists is not missing', () => {
    const partial = [2, 3, 4, 5].reduce((inventory, order) => list(inventory, order, [], false), shown)
    expect(ids(partial)).toEqual(['pod-1'])
    expect(podsToConfirm(partial)).toEqual([])
  })

  test('together with all others is read like all of them', () => {
    const many = Array.from({ length: 30 }, (_, index) => pod({ id: `pod-${index}` }))
    const empty = list(list(list(emptyInventory, 1, many), 2, []), 3, [])
    expect(podsOf(empty)).toHaveLength(30)
    expect(podsToConfirm(empty)).toHaveLength(30)
  })

  test('that was never shown is not shown as gone', () => {
    expect(withoutPod(missedTwice, 'stranger', at(4))).toBe(missedTwice)
    expect(withPod(missedTwice, pod({ id: 'stranger' }), at(4))).toBe(missedTwice)
  })
})

describe('a pod that the API reports as terminated', () => {
  const ended = pod({ phase: 'terminated', rawStatus: 'TERMINATED' })

  test('is gone immediately, through a list or a single read', () => {
    for (const gone of [list(shown, 2, [ended]), withPod(shown, ended, at(2))]) {
      expect(ids(gone)).toEqual([])
      expect(recentlyGonePods(gone, 2 * MINUTE_MS)).toEqual([
        { id: 'pod-1', name: 'trainer', goneAtMs: 2 * MINUTE_MS, how: 'reported' },
      ])
    }
  })

  test('is shown as gone once, since the first report, however long the API lists it', () => {
    const ending = [2, 3, 4].reduce((inventory, order) => list(inventory, order, [ended]), shown)
    expect(recentlyGonePods(ending, 4 * MINUTE_MS)).toMatchObject([{ goneAtMs: 2 * MINUTE_MS }])
    const days = withList(ending, { pods: [ended], isComplete: true }, { order: 5, atMs: 3 * DAY_MS })
    expect(recentlyGonePods(days, 3 * DAY_MS)).toEqual([])
  })

  test('is not gone if the list is older than its last read', () => {
    const read = withPod(shown, one, at(3))
    expect(ids(list(read, 2, [ended]))).toEqual(['pod-1'])
  })
})

describe('a gone pod', () => {
  const gone = withoutPod(missedTwice, 'pod-1', at(4))
  const goneAtMs = 4 * MINUTE_MS

  test('is shown for 24 hours', () => {
    expect(recentlyGonePods(gone, goneAtMs + DAY_MS - 1)).toHaveLength(1)
    expect(recentlyGonePods(gone, goneAtMs + DAY_MS)).toEqual([])
  })

  test('is shown when the clock is set back', () => {
    expect(recentlyGonePods(gone, goneAtMs - HOUR_MS)).toHaveLength(1)
  })

  test('is shown while lists do not contain it', () => {
    expect(recentlyGonePods(list(list(gone, 5, []), 6, []), 6 * MINUTE_MS)).toHaveLength(1)
  })

  test('is no longer shown as gone when it comes back', () => {
    const back = list(gone, 5, [one])
    expect(ids(back)).toEqual(['pod-1'])
    expect(recentlyGonePods(back, 5 * MINUTE_MS)).toEqual([])
  })

  test('is shown again when it disappears again', () => {
    const again = list(list(list(gone, 5, [one]), 6, []), 7, [])
    expect(recentlyGonePods(withoutPod(again, 'pod-1', at(8)), 8 * MINUTE_MS)).toMatchObject([
      { goneAtMs: 8 * MINUTE_MS },
    ])
  })
})
