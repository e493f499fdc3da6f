import { expect, test } from 'vitest'
import type { Activity } from '../../../src/core/idle/activity'
import { isAlertStale } from '../../../src/core/view/stale-alerts'
import type { StopCause } from '../../../src/core/intents/intent'
import { type AutoStopView, noGuard, type PodGuardView } from '../../../src/core/guard/guard-view'
import type { AlertKey, AlertKind } from '../../../src/core/alerts/alert'
import type { PodView, Snapshot } from '../../../src/core/view/snapshot'
import { podView, snapshotOf } from '../../harness/samples/pod-views'

const SINCE = 1_000
const idle: Activity = {
  kind: 'idle',
  sinceMs: SINCE,
  idleForMs: 900_000,
  quietForMs: 0,
  evidence: { gpuUtil: null, cpuUtil: { min: 0, max: 1 }, isMemoryStill: true, samples: 61, idleSamples: 61 },
}
const busy: Activity = { kind: 'busy', by: 'gpu', partlyIdle: null }
const partly: Activity = { ...busy, partlyIdle: { idleGpus: 7, gpus: 8, sinceMs: SINCE, idleForMs: 1 } }
const unknown: PodView['activity'] = { kind: 'unknown', reason: 'not-seen', sinceMs: null }

const keyOf = (kind: AlertKind, episode = String(SINCE)): AlertKey => ({
  kind,
  accountId: 'account',
  podId: 'pod-1',
  episode,
})
const withPod = (over: Partial<PodView>): Snapshot => snapshotOf([podView({ activity: idle, ...over })])
const guarded = (guard: Partial<PodGuardView>): Partial<PodView> => ({ guard: { ...noGuard, ...guard } })
const keptOn = guarded({ keepOn: { sinceMs: 1, untilMs: null } })
const planned = (because: StopCause): AutoStopView => ({
  kind: 'planned',
  cause: because,
  action: 'stop',
  atMs: 9,
})
const held: AutoStopView = { kind: 'blocked', cause: 'quiet', conditions: ['warned'], text: 'Not stopped.' }

test.each<[AlertKind, string, Partial<PodView>, boolean]>([
  ['idle', 'goes on', {}, false],
  ['idle', 'cannot be seen just now', { activity: unknown }, false],
  ['idle', 'works again', { activity: busy }, true],
  ['idle', 'is idle anew', { activity: { ...idle, sinceMs: SINCE + 1 } }, true],
  ['idle', 'was stopped', { phase: 'stopped' }, true],
  ['idle', 'is kept on', keptOn, true],
  ['partly-idle', 'goes on', { activity: partly }, false],
  ['partly-idle', 'cannot be seen just now', { activity: unknown }, false],
  ['partly-idle', 'works on all its GPUs', { activity: busy }, true],
  ['partly-idle', 'is idle on all its GPUs', { activity: idle }, true],
  ['partly-idle', 'is kept on', { activity: partly, ...keptOn }, true],
  ['auto-stop-soon', 'goes on', guarded({ autoStop: planned('quiet') }), false],
  ['auto-stop-soon', 'is held for a while', guarded({ autoStop: held }), false],
  ['auto-stop-soon', 'works again', guarded({ autoStop: { kind: 'watching', dueAtMs: null } }), true],
  ['auto-stop-soon', 'is not ticked any more', guarded({ autoStop: { kind: 'off' } }), true],
  ['auto-stop-soon', 'is stopped for another reason', guarded({ autoStop: planned('max-hours') }), true],
  ['max-hours-soon', 'goes on', guarded({ autoStop: planned('max-hours') }), false],
  ['max-hours-soon', 'was stopped', { phase: 'stopped' }, true],
  ['kept-on', 'goes on', keptOn, false],
  ['kept-on', 'is not kept on any more', {}, true],
  ['pod-error', 'was stopped', { phase: 'stopped' }, false],
])('the staleness of the %s alert of a pod that %s is detected', (kind, _what, over, expected) => {
  expect(isAlertStale(keyOf(kind), withPod(over))).toBe(expected)
})

test('a reminder belongs to the idle episode that it names', () => {
  expect(isAlertStale(keyOf('idle-reminder', `${SINCE}:2`), withPod({}))).toBe(false)
  expect(isAlertStale(keyOf('idle-reminder', `${SINCE - 1}:2`), withPod({}))).toBe(true)
})

test('a budget warning belongs to the stop at the budget', () => {
  const key = keyOf('auto-stop-soon', 'budget:run-1:5:first')
  expect(isAlertStale(key, withPod(guarded({ autoStop: planned('budget') })))).toBe(false)
  expect(isAlertStale(key, withPod(guarded({ autoStop: planned('quiet') })))).toBe(true)
})

test('alerts with buttons of a gone pod or another account are stale', () => {
  const elsewhere = snapshotOf([podView({ activity: idle, accountId: 'another' })])
  for (const snapshot of [snapshotOf([]), elsewhere])
    for (const kind of ['idle', 'partly-idle', 'auto-stop-soon', 'max-hours-soon', 'kept-on'] as const)
      expect(isAlertStale(keyOf(kind), snapshot)).toBe(true)
})

test('an alert without a pod stays until the user closes it', () => {
  expect(isAlertStale({ ...keyOf('idle'), podId: null }, snapshotOf([]))).toBe(false)
})
