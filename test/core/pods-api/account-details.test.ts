import { expect, test } from 'vitest'
import { toAccountDetails } from '../../../src/core/pods-api/account-details'
import { defaultSettings } from '../../../src/core/settings/settings'
import { obstacle } from '../../harness/samples/obstacles'
import { podView, snapshotOf } from '../../harness/samples/pod-views'

test('a running pod whose container is not up says so as the reason of its status', () => {
  const container = { kind: 'starting', sinceMs: 0, isOverdue: true } as const
  const snapshot = snapshotOf([podView({ container }), podView({ id: 'pod-2' })])
  const monitor = { snapshot: () => snapshot, accountPods: () => ({ accountId: 'a', pods: [] }) }
  const { pods } = toAccountDetails(monitor, { settings: defaultSettings, hasHistory: true })
  expect(pods.map(({ phase, statusReason }) => [phase, statusReason])).toEqual([
    ['running', 'No container yet'],
    ['running', null],
  ])
})

test('an account says what keeps its rules from being carried out', () => {
  const snapshot = { ...snapshotOf([]), obstacles: [obstacle()] }
  const monitor = { snapshot: () => snapshot, accountPods: () => ({ accountId: 'a', pods: [] }) }
  const { obstacles } = toAccountDetails(monitor, { settings: defaultSettings, hasHistory: true })
  expect(obstacles).toMatchObject([{ code: 'notifications', severity: 'warning', podId: null }])
})
