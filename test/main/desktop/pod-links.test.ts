import { expect, test } from 'vitest'
import type { Snapshot } from '../../../src/core/view/snapshot'
import { createPodLinks } from '../../../src/main/desktop/pod-links'
import { podView, snapshotOf } from '../../harness/samples/pod-views'

function links(first: Snapshot) {
  let snapshot = first
  const listeners = new Set<() => void>()
  const shown: string[] = []
  const refused: string[] = []
  let giveUp: () => void = () => {}
  const podLinks = createPodLinks({
    snapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    showPod: (key) => shown.push(key),
    refuse: (text) => refused.push(text),
    waitMs: (_ms, done) => {
      giveUp = done
    },
  })
  return {
    podLinks,
    shown,
    refused,
    listeners,
    giveUp: () => giveUp(),
    publish(next: Snapshot) {
      snapshot = next
      for (const listener of listeners) listener()
    },
  }
}
const live = snapshotOf([podView({ id: 'a' })])
const withEntry = (listedAtMs: number | null, pods = live.pods): Snapshot => ({
  ...live,
  pods,
  listedAtMs,
  accounts: [{ listedAtMs, entry: { isPaused: false } }] as unknown as Snapshot['accounts'],
})

test('a link to a listed pod shows it, one to any other pod says so, and arguments without one are left alone', () => {
  const { podLinks, shown, refused } = links(withEntry(1))
  expect(podLinks.open(['podkeeper', '--', 'podkeeper://pod/account/a'])).toBe(true)
  expect(podLinks.open(['podkeeper://pod/account/b'])).toBe(true)
  expect(podLinks.open(['podkeeper://pod/other/a'])).toBe(true)
  expect(podLinks.open(['podkeeper://nonsense'])).toBe(true)
  expect(podLinks.open(['--hidden'])).toBe(false)
  expect(shown).toEqual(['account/a'])
  expect(refused.map((text) => text.includes('could not be read'))).toEqual([false, false, true])
})

test('right after a start the pod is waited for, once and not forever', () => {
  const first = links(withEntry(null, []))
  first.podLinks.open(['podkeeper://pod/account/a'])
  expect([first.shown, first.refused]).toEqual([[], []])
  first.publish(withEntry(null, []))
  first.publish(withEntry(5))
  first.giveUp()
  expect([first.shown, first.refused, first.listeners.size]).toEqual([['account/a'], [], 0])

  const second = links(withEntry(null, []))
  second.podLinks.open(['podkeeper://pod/account/b'])
  second.publish(withEntry(5))
  expect([second.shown.length, second.refused.length]).toEqual([0, 1])

  const third = links({ ...withEntry(null, []), accounts: [] })
  third.podLinks.open(['podkeeper://pod/account/a'])
  third.giveUp()
  third.publish(withEntry(5))
  expect([third.shown.length, third.refused.length]).toEqual([0, 1])
})

test('a paused account, which is never listed, delays no answer', () => {
  const paused = { listedAtMs: null, entry: { isPaused: true } }
  const snapshot = withEntry(5)
  const accounts = [...snapshot.accounts, paused] as unknown as Snapshot['accounts']
  const { podLinks, refused } = links({ ...snapshot, accounts })
  podLinks.open(['podkeeper://pod/account/b'])
  expect(refused).toHaveLength(1)
})
