import { expect, test } from 'vitest'
import type { AlertKind } from '../../../src/core/alerts/alert'
import { type AlertedPod, alertStatus, type AlertStatus } from '../../../src/core/guard/alert-status'
import type { Activity } from '../../../src/core/idle/activity'

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
const unknown: Activity = { kind: 'unknown', reason: 'not-seen', sinceMs: null }
const keepOn = { sinceMs: SINCE, untilMs: null }

const podWith = (over: Partial<AlertedPod>): AlertedPod => ({
  phase: 'running',
  activity: idle,
  keepOn: null,
  warningStatus: () => 'current',
  ...over,
})

test.each<[AlertKind, string, Partial<AlertedPod>, AlertStatus]>([
  ['idle', '1000', {}, 'current'],
  ['idle-reminder', '1000:2', {}, 'current'],
  ['idle', '999', {}, 'stale'],
  ['idle', '1000', { activity: busy }, 'stale'],
  ['idle', '1000', { activity: unknown }, 'unknown'],
  ['idle', '1000', { phase: 'stopped' }, 'stale'],
  ['idle', '1000', { keepOn }, 'stale'],
  ['partly-idle', '1000:7', { activity: partly }, 'current'],
  ['partly-idle', '1000:6', { activity: partly }, 'unknown'],
  ['partly-idle', '1000:7', { activity: busy }, 'stale'],
  ['partly-idle', '1000:7', { activity: idle }, 'stale'],
  ['partly-idle', '1000:7', { activity: unknown }, 'unknown'],
  ['partly-idle', '1000:7', { activity: partly, keepOn }, 'stale'],
  ['kept-on', '1000:3', { keepOn }, 'current'],
  ['kept-on', '999:3', { keepOn }, 'unknown'],
  ['kept-on', '1000:3', {}, 'stale'],
  ['auto-stop-soon', 'quiet:run-1:5:first', {}, 'current'],
  ['auto-stop-soon', 'quiet:run-1:5:first', { keepOn }, 'stale'],
  ['auto-stop-soon', 'quiet:run-1:5:first', { warningStatus: () => 'unknown' }, 'unknown'],
  ['max-hours-soon', 'max-hours:run-1:5:first', { phase: 'error' }, 'stale'],
  ['pod-error', '1', { phase: 'stopped' }, 'unknown'],
])('the alert %s of episode %s, while its pod is %o, is %s', (kind, episode, over, status) => {
  expect(alertStatus({ kind, episode }, podWith(over))).toBe(status)
})

test.each([
  ['auto-stop-soon', 'budget:run-1:5:first', 'budget'],
  ['auto-stop-soon', 'quiet:run-1:5:last', 'quiet'],
  ['max-hours-soon', 'max-hours:run-1:5:first', 'max-hours'],
] as const)('a warning %s of episode %s is about a stop caused by %s', (kind, episode, expected) => {
  const asked: unknown[] = []
  const warningStatus: AlertedPod['warningStatus'] = (...args) => {
    asked.push(args)
    return 'unknown'
  }
  expect(alertStatus({ kind, episode }, podWith({ warningStatus }))).toBe('unknown')
  expect(asked).toEqual([[expected, episode]])
})
