import { expect, test } from 'vitest'
import type { Activity } from '../../src/core/activity'
import { isCurrent, isOver } from '../../src/core/alert-episode'
import type { AlertKey } from '../../src/core/ports'
import type { PodView } from '../../src/core/snapshot'
import { podView, snapshotOf } from '../renderer/pod-views'

const SINCE = 1_000
const idle: Activity = {
  kind: 'idle',
  sinceMs: SINCE,
  idleForMs: 900_000,
  quietForMs: 0,
  evidence: { gpuUtil: null, cpuUtil: { min: 0, max: 1 }, isMemoryStill: true, samples: 61, idleSamples: 61 },
}
const key: AlertKey = { kind: 'idle', accountId: 'account', podId: 'pod-1', episode: String(SINCE) }
const with_ = (over: Partial<PodView>) => snapshotOf([podView({ activity: idle, ...over })])

test('an idle alert holds while that very stretch of idleness lasts', () => {
  expect(isCurrent(key, with_({}))).toBe(true)
  expect(isOver(key, with_({}))).toBe(false)
})

const unknown: PodView['activity'] = { kind: 'unknown', reason: 'not-seen', sinceMs: null }
const busy: Activity = { kind: 'busy', by: 'gpu', partlyIdle: null }
test.each([
  ['works again', with_({ activity: busy }), true],
  ['is idle anew', with_({ activity: { ...idle, sinceMs: SINCE + 1 } }), true],
  ['was stopped', with_({ phase: 'stopped' }), true],
  ['is gone', snapshotOf([]), true],
  ['is of another account', snapshotOf([podView({ activity: idle })], { account: null }), true],
  ['cannot be seen just now', with_({ activity: unknown }), false],
])('once the pod %s no button of it does anything', (_what, snapshot, over) => {
  expect(isCurrent(key, snapshot)).toBe(false)
  expect(isOver(key, snapshot)).toBe(over)
})

test('an alert about no pod stays until somebody closes it, and has no button to press', () => {
  const message: AlertKey = { ...key, kind: 'app', podId: null }
  expect(isOver(message, with_({}))).toBe(false)
  expect(isCurrent(message, with_({}))).toBe(false)
})
