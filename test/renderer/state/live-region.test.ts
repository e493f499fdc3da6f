import { expect, test } from 'vitest'
import { changesToSay } from '../../../src/renderer/state/live-region'
import { idleFor, NOW_MS, podView, snapshotOf } from '../../harness/pod-views'

const before = snapshotOf([podView({ name: 'alpha' })])

test('figures that move are not said', () => {
  const next = snapshotOf([podView({ name: 'alpha', utilPercent: 3, costSinceStartUsd: 67 })])
  expect(changesToSay(before, next)).toBe('')
})

test('a pod that falls idle is said once', () => {
  const idle = (minutes: number) => snapshotOf([podView({ name: 'alpha', activity: idleFor(minutes) })])
  expect(changesToSay(before, idle(1))).toBe('alpha: idle.')
  expect(changesToSay(idle(1), idle(2))).toBe('')
})

test('every step of a stop is said', () => {
  const intent = {
    id: 'i',
    podId: 'pod-1',
    action: 'stop',
    origin: 'person',
    waitsForGpu: false,
    nextTryAtMs: null,
    canWaitForGpu: false,
    undoUntilMs: null,
    message: null,
    atMs: 0,
  } as const
  const withIntent = (over: object) =>
    snapshotOf([podView({ name: 'alpha', intent: { ...intent, phase: 'sent', ...over } })])
  const scheduled = withIntent({ phase: 'scheduled', undoUntilMs: NOW_MS })
  expect(changesToSay(before, scheduled)).toBe('alpha: stop can be undone.')
  expect(changesToSay(scheduled, withIntent({}))).toBe('alpha: stopping.')
  expect(changesToSay(withIntent({}), withIntent({ phase: 'did-not-happen' }))).toBe(
    'alpha: stop did not happen.',
  )
})

test('a pod that went is said by its name', () => {
  const tombstone = { id: 'pod-1', name: 'alpha', goneAtMs: NOW_MS, how: 'vanished' } as const
  expect(changesToSay(before, snapshotOf([], { tombstones: [tombstone] }))).toBe('alpha is gone.')
})

test('a crowd of changes is said as a number', () => {
  const pods = ['a', 'b', 'c', 'd'].map((id) => podView({ id, name: id }))
  expect(changesToSay(snapshotOf([]), snapshotOf(pods))).toBe('4 pods changed.')
})

test('the loss of the connection is said, and its return', () => {
  const connection = { kind: 'offline', sinceMs: 0, nextTryAtMs: 0, failure: '' } as const
  const offline = snapshotOf(before.pods, { connection })
  expect(changesToSay(before, offline)).toBe('The picture is no longer live.')
  expect(changesToSay(offline, before)).toBe('The picture is live.')
})

test('another account is another picture, not a change of this one', () => {
  expect(changesToSay(before, snapshotOf([], { account: null }))).toBe('')
})
