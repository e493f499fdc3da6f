import type { IntentView } from '../../../src/core/intents/intent-view'
import { expect, test } from 'vitest'
import { noGuard } from '../../../src/core/guard/guard-view'
import { announcementText } from '../../../src/renderer/state/announcement-text'
import { idleFor, NOW_MS, podView, snapshotOf, intentView } from '../../harness/samples/pod-views'

const before = snapshotOf([podView({ name: 'alpha' })])

test('changed figures are not announced', () => {
  const next = snapshotOf([podView({ name: 'alpha', utilPercent: 3, costSinceStartUsd: 67 })])
  expect(announcementText(before, next)).toBe('')
})

test('a pod that becomes idle is announced once', () => {
  const idle = (minutes: number) => snapshotOf([podView({ name: 'alpha', activity: idleFor(minutes) })])
  expect(announcementText(before, idle(1))).toBe('alpha became idle.')
  expect(announcementText(idle(1), idle(2))).toBe('')
})

test('an idle pod that is kept running is announced as such', () => {
  const guard = { ...noGuard, keepOn: { sinceMs: 0, untilMs: null } }
  const kept = snapshotOf([podView({ name: 'alpha', activity: idleFor(1), guard })])
  expect(announcementText(before, kept)).toBe('alpha: idle, and kept running.')
})

test('every step of a stop is announced', () => {
  const withIntent = (over: Partial<IntentView>) =>
    snapshotOf([podView({ name: 'alpha', intent: intentView(over) })])
  const scheduled = withIntent({ phase: 'scheduled', undoUntilMs: NOW_MS })
  expect(announcementText(before, scheduled)).toBe('alpha: stop can be undone.')
  expect(announcementText(scheduled, withIntent({}))).toBe('alpha: stopping.')
  expect(announcementText(withIntent({}), withIntent({ phase: 'did-not-happen' }))).toBe(
    'alpha: stop did not happen.',
  )
})

test('a pod that is gone is announced by its name', () => {
  const pod = { accountId: 'account', key: 'account/pod-1', id: 'pod-1', name: 'alpha' } as const
  const gonePod = { ...pod, goneAtMs: NOW_MS, how: 'vanished' } as const
  expect(announcementText(before, snapshotOf([], { gonePods: [gonePod] }))).toBe('alpha is gone.')
})

test('many changes are announced by what became of the pods', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  const pods = names.map((id) => podView({ id, name: id }))
  expect(announcementText(snapshotOf([]), snapshotOf(pods))).toBe('7 pods: running.')
  const idle = snapshotOf(names.map((id) => podView({ id, name: id, activity: idleFor(1) })))
  expect(announcementText(snapshotOf(pods), idle)).toBe('7 pods became idle.')
  const phases = ['stopped', 'stopped', 'running', 'creating', 'error', 'terminated'] as const
  const mixed = snapshotOf(
    phases.map((phase, index) => podView({ id: names[index] ?? '', name: names[index] ?? '', phase })),
  )
  expect(announcementText(snapshotOf([]), mixed)).toBe(
    '2 pods: stopped. c: running. d: creating. 2 more pods changed.',
  )
})

test('a lost connection and its return are announced', () => {
  const connection = { kind: 'offline', sinceMs: 0, nextTryAtMs: 0, failure: '' } as const
  const offline = snapshotOf(before.pods, { connection })
  expect(announcementText(before, offline)).toBe('Data is no longer live.')
  expect(announcementText(offline, before)).toBe('Data is live.')
})

test('a switch to another account announces no changes', () => {
  expect(announcementText(before, snapshotOf([], { account: null }))).toBe('')
})
