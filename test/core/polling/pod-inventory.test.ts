import { describe, expect, test } from 'vitest'
import {
  emptyPicture,
  type Picture,
  podsOf,
  podsToConfirm,
  shownTombstones,
  withList,
  withoutPod,
  withPod,
} from '../../../src/core/polling/pod-inventory'
import type { Pod } from '../../../src/core/pods/pod'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import { pod, stoppedPod } from '../../harness/pods'

const at = (order: number) => ({ order, atMs: order * MINUTE_MS })
const list = (picture: Picture, order: number, pods: readonly Pod[], isComplete = true) =>
  withList(picture, { pods, isComplete }, at(order))
const ids = (picture: Picture) => podsOf(picture).map(({ id }) => id)

const one = pod()
const shown = list(emptyPicture, 1, [one])
const missedOnce = list(shown, 2, [])
const missedTwice = list(missedOnce, 3, [])

describe('a good list', () => {
  test('shows its pods', () => {
    expect(podsOf(list(emptyPicture, 1, [one, pod({ id: 'pod-2' })]))).toEqual([one, pod({ id: 'pod-2' })])
  })

  test('replaces what an earlier one showed', () => {
    expect(podsOf(list(shown, 2, [stoppedPod()]))).toEqual([stoppedPod()])
  })

  test('shows cluster pods and pods of an unknown status too', () => {
    const odd = pod({ id: 'odd', phase: 'unknown', rawStatus: 'MIGRATING', actions: ['defrost'] })
    const member = pod({ id: 'member', clusterId: 'cluster-1' })
    expect(podsOf(list(emptyPicture, 1, [odd, member]))).toEqual([odd, member])
  })

  test('that names a pod twice shows it once', () => {
    expect(ids(list(emptyPicture, 1, [one, one]))).toEqual(['pod-1'])
  })

  test('says whether it was partial', () => {
    expect(list(emptyPicture, 1, [one], false).isPartial).toBe(true)
    expect(list(shown, 2, [one]).isPartial).toBe(false)
  })
})

describe('an older reply changes nothing', () => {
  test('a list that was asked for before the one that is shown', () => {
    const newer = list(emptyPicture, 5, [stoppedPod()])
    expect(list(newer, 4, [one])).toBe(newer)
    expect(list(newer, 4, [])).toBe(newer)
  })

  test('a pod that was read before it was seen last', () => {
    const newer = list(emptyPicture, 5, [stoppedPod()])
    expect(withPod(newer, one, at(4))).toBe(newer)
    const missing = list(list(newer, 6, []), 7, [])
    expect(withoutPod(missing, 'pod-1', at(4))).toBe(missing)
  })

  test('a list that was asked for before a pod was read keeps that pod as it was read', () => {
    const read = withPod(shown, stoppedPod(), at(3))
    expect(podsOf(list(read, 2, [one]))).toEqual([stoppedPod()])
    expect(podsToConfirm(list(list(read, 2, []), 4, []))).toEqual([])
  })

  test('a list that was asked for before a pod was found gone does not bring it back', () => {
    const gone = withoutPod(missedTwice, 'pod-1', at(5))
    const late = list(gone, 4, [one])
    expect(ids(late)).toEqual([])
    expect(shownTombstones(late, 5 * MINUTE_MS)).toHaveLength(1)
  })
})

describe('a pod that is missing', () => {
  test('from one complete list stays', () => {
    expect(ids(missedOnce)).toEqual(['pod-1'])
    expect(podsToConfirm(missedOnce)).toEqual([])
  })

  test('from two complete lists in a row stays too, and is to be asked for', () => {
    expect(ids(missedTwice)).toEqual(['pod-1'])
    expect(podsToConfirm(missedTwice)).toEqual(['pod-1'])
  })

  test('and not found by a GET is gone', () => {
    const gone = withoutPod(missedTwice, 'pod-1', at(4))
    expect(ids(gone)).toEqual([])
    expect(shownTombstones(gone, 4 * MINUTE_MS)).toEqual([
      { id: 'pod-1', name: 'trainer', goneAtMs: 4 * MINUTE_MS, how: 'vanished' },
    ])
  })

  test.each([
    ['none', shown],
    ['only one', missedOnce],
  ])('from %s of the lists is not gone by a 404 alone', (_, picture) => {
    expect(withoutPod(picture, 'pod-1', at(9))).toBe(picture)
  })

  test('and found by a GET is there', () => {
    const found = withPod(missedTwice, one, at(4))
    expect(podsToConfirm(found)).toEqual([])
    expect(withoutPod(found, 'pod-1', at(5))).toBe(found)
  })

  test('that a list shows between two that lack it was not missing in a row', () => {
    const back = list(list(missedOnce, 3, [one]), 4, [])
    expect(podsToConfirm(back)).toEqual([])
  })

  test('from partial lists is not missing', () => {
    const partial = [2, 3, 4, 5].reduce((picture, order) => list(picture, order, [], false), shown)
    expect(ids(partial)).toEqual(['pod-1'])
    expect(podsToConfirm(partial)).toEqual([])
  })

  test('of all pods at once are all asked for', () => {
    const many = Array.from({ length: 30 }, (_, index) => pod({ id: `pod-${index}` }))
    const empty = list(list(list(emptyPicture, 1, many), 2, []), 3, [])
    expect(podsOf(empty)).toHaveLength(30)
    expect(podsToConfirm(empty)).toHaveLength(30)
  })

  test('that was never shown has no tombstone', () => {
    expect(withoutPod(missedTwice, 'stranger', at(4))).toBe(missedTwice)
    expect(withPod(missedTwice, pod({ id: 'stranger' }), at(4))).toBe(missedTwice)
  })
})

describe('a pod that the API calls terminated', () => {
  const ended = pod({ phase: 'terminated', rawStatus: 'TERMINATED' })

  test('is gone at once, by its list or by itself', () => {
    for (const gone of [list(shown, 2, [ended]), withPod(shown, ended, at(2))]) {
      expect(ids(gone)).toEqual([])
      expect(shownTombstones(gone, 2 * MINUTE_MS)).toEqual([
        { id: 'pod-1', name: 'trainer', goneAtMs: 2 * MINUTE_MS, how: 'reported' },
      ])
    }
  })

  test('has one tombstone, from when it was first called so, however long the API lists it', () => {
    const ending = [2, 3, 4].reduce((picture, order) => list(picture, order, [ended]), shown)
    expect(shownTombstones(ending, 4 * MINUTE_MS)).toMatchObject([{ goneAtMs: 2 * MINUTE_MS }])
    const days = withList(ending, { pods: [ended], isComplete: true }, { order: 5, atMs: 3 * DAY_MS })
    expect(shownTombstones(days, 3 * DAY_MS)).toEqual([])
  })

  test('by an older list than it was read is not', () => {
    const read = withPod(shown, one, at(3))
    expect(ids(list(read, 2, [ended]))).toEqual(['pod-1'])
  })
})

describe('a tombstone', () => {
  const gone = withoutPod(missedTwice, 'pod-1', at(4))
  const goneAtMs = 4 * MINUTE_MS

  test('lasts 24 hours', () => {
    expect(shownTombstones(gone, goneAtMs + DAY_MS - 1)).toHaveLength(1)
    expect(shownTombstones(gone, goneAtMs + DAY_MS)).toEqual([])
  })

  test('lasts when the clock is set back', () => {
    expect(shownTombstones(gone, goneAtMs - HOUR_MS)).toHaveLength(1)
  })

  test('outlives lists that do not have the pod', () => {
    expect(shownTombstones(list(list(gone, 5, []), 6, []), 6 * MINUTE_MS)).toHaveLength(1)
  })

  test('is taken away when the pod comes back', () => {
    const back = list(gone, 5, [one])
    expect(ids(back)).toEqual(['pod-1'])
    expect(shownTombstones(back, 5 * MINUTE_MS)).toEqual([])
  })

  test('is made anew when the pod goes again', () => {
    const again = list(list(list(gone, 5, [one]), 6, []), 7, [])
    expect(shownTombstones(withoutPod(again, 'pod-1', at(8)), 8 * MINUTE_MS)).toMatchObject([
      { goneAtMs: 8 * MINUTE_MS },
    ])
  })
})
