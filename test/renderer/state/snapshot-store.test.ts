import { expect, test, vi } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import type { Snapshot } from '../../../src/core/view/snapshot'
import type { PodKey } from '../../../src/core/pods/pod'
import { answerOf } from '../../../src/renderer/state/answer-of'
import { createSnapshotStore } from '../../../src/renderer/state/snapshot-store'
import { defaultView } from '../../../src/renderer/state/arrange/pod-filter'
import { type Bridge, type Events, type KeyedPodHistory, requestNames } from '../../../src/shared/ipc'
import { serializeSnapshot } from '../../../src/shared/snapshot-text'
import { idleFor, NOW_MS, podView, snapshotOf } from '../../harness/samples/pod-views'

/** The main process's side of the bridge. Published data is copied, as IPC does. */
function fakeApp(initial: Snapshot) {
  const listeners: { [K in keyof Events]: Set<(payload: Events[K]) => void> } = {
    snapshot: new Set(),
    settings: new Set(),
    accountCheck: new Set(),
    channels: new Set(),
    ports: new Set(),
    transfers: new Set(),
    dropFailed: new Set(),
    podsApi: new Set(),
    updates: new Set(),
    showPage: new Set(),
    terminals: new Set(),
    terminalOutput: new Set(),
    log: new Set(),
    showTerminal: new Set(),
  }
  const app = {
    currentSnapshot: initial,
    histories: [] as readonly KeyedPodHistory[],
    /** The pods of each history request. */
    historyRequests: [] as (readonly string[])[],
    publish(snapshot: Snapshot) {
      for (const listener of listeners.snapshot) listener(structuredClone(serializeSnapshot(snapshot)))
    },
    showPod(podKey: PodKey) {
      for (const listener of listeners.showPage) listener({ page: 'pods', about: podKey })
    },
    listenerCount: () => listeners.snapshot.size + listeners.showPage.size,
  }
  const succeed = () => Promise.resolve(ok(undefined))
  const bridge = {
    ...Object.fromEntries(requestNames.map((name) => [name, succeed])),
    snapshot: () => Promise.resolve(ok(structuredClone(app.currentSnapshot))),
    history(podKeys: readonly PodKey[]) {
      app.historyRequests.push(podKeys)
      return Promise.resolve(ok(structuredClone(app.histories)))
    },
    act: (_podKey: PodKey, action: string) =>
      action === 'stop'
        ? Promise.resolve(fail({ message: 'The journal is full.' }))
        : Promise.reject(new Error('the channel is closed')),
    pasteKey: () => Promise.resolve(ok({ kind: 'refused', message: '' })),
    on<K extends keyof Events>(name: K, listener: (payload: Events[K]) => void) {
      listeners[name].add(listener)
      return () => listeners[name].delete(listener)
    },
  } as unknown as Bridge
  return { app, bridge }
}

async function connectStore(initial: Snapshot) {
  const { app, bridge } = fakeApp(initial)
  const snapshotStore = createSnapshotStore(bridge)
  const disconnect = snapshotStore.connect()
  const state = () => snapshotStore.store.getState()
  await vi.waitFor(() => expect(state().snapshot).not.toBeNull())
  return { app, bridge, snapshotStore, disconnect, state }
}

const twoPods = [podView({ id: 'a' }), podView({ id: 'b', costPerHourUsd: 1 })]

test('only a pod that changed loses its identity', async () => {
  const { app, state } = await connectStore(snapshotOf(twoPods))
  const before = state()
  app.publish(
    snapshotOf([twoPods[0]!, podView({ id: 'b', costPerHourUsd: 1, utilPercent: 12 })], { revision: 2 }),
  )
  const after = state()
  expect(after.podsByKey.get('account/a')).toBe(before.podsByKey.get('account/a'))
  expect(after.podsByKey.get('account/b')).not.toBe(before.podsByKey.get('account/b'))
  expect(after.podsByKey.get('account/b')?.utilPercent).toBe(12)
  expect(after.sections).toBe(before.sections)
})

test('a pod keeps its identity when others come before it', async () => {
  const { app, state } = await connectStore(snapshotOf(twoPods))
  const before = state()
  app.publish(snapshotOf([podView({ id: 'c' }), twoPods[1]!, twoPods[0]!], { revision: 2 }))
  expect(state().podsByKey.get('account/a')).toBe(before.podsByKey.get('account/a'))
  expect(state().podsByKey.get('account/b')).toBe(before.podsByKey.get('account/b'))
  expect([...state().podsByKey.keys()]).toEqual(['account/c', 'account/b', 'account/a'])
})

test('a snapshot in which only the time differs changes no pod', async () => {
  const { app, state } = await connectStore(snapshotOf(twoPods))
  const before = state()
  app.publish(snapshotOf(twoPods, { revision: 2, atMs: NOW_MS + 15_000, listedAtMs: NOW_MS + 15_000 }))
  expect(state().podsByKey).toBe(before.podsByKey)
  expect(state().snapshot?.balance).toBe(before.snapshot?.balance)
  expect(state().snapshot?.atMs).toBe(NOW_MS + 15_000)
})

test('a pod that is missing from the snapshot is removed', async () => {
  const { app, state } = await connectStore(snapshotOf(twoPods))
  app.publish(snapshotOf([twoPods[0]!], { revision: 2 }))
  expect([...state().podsByKey.keys()]).toEqual(['account/a'])
})

test('an older snapshot never replaces a newer one', async () => {
  const { app, state } = await connectStore(snapshotOf(twoPods, { revision: 5 }))
  app.publish(snapshotOf([], { revision: 4 }))
  expect(state().podsByKey.size).toBe(2)
})

test('histories are requested once per snapshot, and not when only the connection changed', async () => {
  const { app, snapshotStore, state } = await connectStore(snapshotOf(twoPods))
  snapshotStore.setVisible(['account/a'])
  await vi.waitFor(() => expect(app.historyRequests).toEqual([['account/a']]))
  app.histories = [
    { key: 'account/a', podId: 'a', points: [{ atMs: NOW_MS, utilPercent: 5, isIdle: false }] },
  ]
  app.publish(snapshotOf(twoPods, { revision: 2, connection: { kind: 'rate-limited', untilMs: NOW_MS } }))
  expect(app.historyRequests).toHaveLength(1)
  app.publish(snapshotOf(twoPods, { revision: 3, listedAtMs: NOW_MS + 15_000 }))
  await vi.waitFor(() => expect(app.historyRequests).toHaveLength(2))
  await vi.waitFor(() => expect(state().historyEndMs).toBe(NOW_MS))
  expect(state().historiesByKey.get('account/a')?.points).toHaveLength(1)
})

test('histories are requested for visible running pods only, for at most a hundred, one request at a time', async () => {
  const pods = Array.from({ length: 300 }, (_, i) => podView({ id: `p${i}` }))
  const { app, snapshotStore } = await connectStore(
    snapshotOf([...pods, podView({ id: 's', phase: 'stopped' })]),
  )
  snapshotStore.setVisible(['account/s'])
  expect(app.historyRequests).toEqual([])
  snapshotStore.setVisible(['account/s', 'account/p1'])
  snapshotStore.setVisible(pods.map(({ key }) => key))
  snapshotStore.setVisible(pods.map(({ key }) => key))
  await vi.waitFor(() => expect(app.historyRequests).toHaveLength(2))
  expect(app.historyRequests[0]).toEqual(['account/p1'])
  expect(app.historyRequests[1]).toHaveLength(100)
})

test('a known history is not requested again before the next snapshot', async () => {
  const { app, snapshotStore, state } = await connectStore(snapshotOf(twoPods))
  app.histories = twoPods.map(({ key, id }) => ({ key, podId: id, points: [] }))
  snapshotStore.setVisible(['account/a', 'account/b'])
  await vi.waitFor(() => expect(state().historiesByKey.size).toBe(2))
  snapshotStore.setVisible(['account/b'])
  snapshotStore.setVisible(['account/a', 'account/b'])
  expect(app.historyRequests).toHaveLength(1)
})

test('a failed request shows one toast, which can be dismissed', async () => {
  const { bridge, snapshotStore, state } = await connectStore(snapshotOf(twoPods))
  expect(await snapshotStore.runRequest('a was not stopped', bridge.act('account/a', 'stop'))).toBeNull()
  await snapshotStore.runRequest('a was not stopped', bridge.act('account/a', 'stop'))
  expect(state().toasts.map(({ text }) => text)).toEqual(['a was not stopped: The journal is full.'])
  snapshotStore.dismissToast(state().toasts[0]!.id)
  expect(state().toasts).toEqual([])
})

test('a request that never reached the app counts as failed', async () => {
  const { bridge, snapshotStore, state } = await connectStore(snapshotOf(twoPods))
  expect(await snapshotStore.runRequest('a was not started', bridge.act('account/a', 'start'))).toBeNull()
  expect(state().toasts[0]?.text).toBe('a was not started: Podkeeper didn’t respond.')
  expect(await answerOf(bridge.act('account/a', 'start'))).toEqual(
    fail({ message: 'Podkeeper didn’t respond.' }),
  )
})

test('a request without a value was done or failed, which shows a toast', async () => {
  const { bridge, snapshotStore, state } = await connectStore(snapshotOf(twoPods))
  expect(await snapshotStore.tryRequest('a was not moved', bridge.moveJob('a', 'last'))).toBe(true)
  expect(state().toasts).toEqual([])
  expect(await snapshotStore.tryRequest('a was not stopped', bridge.act('account/a', 'stop'))).toBe(false)
  expect(await snapshotStore.tryRequest('a was not started', bridge.act('account/a', 'start'))).toBe(false)
  expect(state().toasts.map(({ text }) => text)).toEqual([
    'a was not stopped: The journal is full.',
    'a was not started: Podkeeper didn’t respond.',
  ])
})

test('repeated requests to show the same pod are distinguished', async () => {
  const { app, state } = await connectStore(snapshotOf(twoPods))
  app.showPod('account/a')
  const firstRequest = state().focusRequest
  app.showPod('account/a')
  expect(state().focusRequest?.id).toBe('account/a')
  expect(state().focusRequest).not.toEqual(firstRequest)
})

test('a filter hides pods and stays in effect for the next snapshot', async () => {
  const { app, snapshotStore, state } = await connectStore(snapshotOf(twoPods))
  snapshotStore.setView({ search: 'no-such' })
  expect(state().sections).toEqual([])
  app.publish(snapshotOf([...twoPods, podView({ id: 'c', name: 'no-such-luck' })], { revision: 2 }))
  expect(state().sections).toMatchObject([{ podKeys: ['account/c'] }])
})

test('a requested pod is shown even when the filter hides it', async () => {
  const { snapshotStore, state } = await connectStore(snapshotOf(twoPods))
  snapshotStore.setView({ search: 'no-such', filter: 'idle', order: 'name' })
  snapshotStore.showPage('settings')
  snapshotStore.showPod('account/b')
  expect(state().sections[0]?.podKeys).toContain('account/b')
  expect(state().view).toEqual({ ...defaultView, order: 'name' })
  expect(state().page).toBe('pods')
})

test('no pod changes its section while the list is held, and all are arranged anew once it is not', async () => {
  const pods = (minutes: number) => [
    podView({ id: 'a', costPerHourUsd: 1, activity: idleFor(minutes) }),
    podView({ id: 'b', costPerHourUsd: 2 }),
  ]
  const sectionsOf = () => state().sections.map(({ kind, podKeys }) => [kind, ...podKeys])
  const { app, snapshotStore, state } = await connectStore(snapshotOf(pods(14)))
  const before = [['running', 'account/a', 'account/b']]
  expect(sectionsOf()).toEqual(before)
  snapshotStore.holdSections(true)
  app.publish(snapshotOf(pods(15), { revision: 2 }))
  expect(sectionsOf()).toEqual(before)
  snapshotStore.holdSections(false)
  const after = [
    ['needs-you', 'account/a'],
    ['running', 'account/b'],
  ]
  expect(sectionsOf()).toEqual(after)
  snapshotStore.holdSections(true)
  app.publish(snapshotOf(pods(1), { revision: 3 }))
  expect(sectionsOf()).toEqual(after)
  // Whoever sorts or filters asks for another order.
  snapshotStore.setView({ order: 'name' })
  expect(sectionsOf()).toEqual(before)
})

test('a pod that is creating for long needs the user, although nothing but the time changed', async () => {
  const creating = podView({ phase: 'creating', creating: { sinceMs: NOW_MS, isAtLeast: false } })
  const { app, state } = await connectStore(snapshotOf([creating]))
  expect(state().sections[0]?.kind).toBe('creating')
  app.publish(snapshotOf([creating], { revision: 2, atMs: NOW_MS + 15 * 60_000 }))
  expect(state().sections[0]?.kind).toBe('needs-you')
})

test('a disconnected store receives no more events', async () => {
  const { app, disconnect } = await connectStore(snapshotOf(twoPods))
  expect(app.listenerCount()).toBe(2)
  disconnect()
  expect(app.listenerCount()).toBe(0)
})
