import { expect, test } from 'vitest'
import { createSnapshotStore } from '../../../src/renderer/state/snapshot-store'
import { rememberPage } from '../../../src/renderer/state/remembered-page'
import type { Bridge } from '../../../src/shared/ipc'

function storage(initial: string | null = null) {
  let kept = initial
  return {
    kept: () => kept,
    getItem: () => kept,
    setItem: (_key: string, value: string) => void (kept = value),
    removeItem: () => void (kept = null),
  }
}

test('the page of a pod is shown again after a load, until another page was shown', () => {
  const kept = storage()
  const before = createSnapshotStore({} as Bridge)
  rememberPage(before, kept)
  before.showPage('pod', 'account/a')
  const after = createSnapshotStore({} as Bridge)
  rememberPage(after, kept)
  expect(after.store.getState()).toMatchObject({ page: 'pod', pageTarget: { id: 'account/a' } })
  after.showPage('costs')
  expect(kept.kept()).toBeNull()
})

test('the log of a pod is shown again after a load', () => {
  const kept = storage()
  const before = createSnapshotStore({} as Bridge)
  rememberPage(before, kept)
  before.showPage('logs', 'account/a')
  const after = createSnapshotStore({} as Bridge)
  rememberPage(after, kept)
  expect(after.store.getState()).toMatchObject({ page: 'logs', pageTarget: { id: 'account/a' } })
})

test('what no window stored shows no page', () => {
  const snapshotStore = createSnapshotStore({} as Bridge)
  rememberPage(snapshotStore, storage('nonsense'))
  expect(snapshotStore.store.getState().page).toBe('pods')
})
