import { expect, test, vi } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import type { Snapshot } from '../../../src/core/view/snapshot'
import type { PodHistory } from '../../../src/core/polling/fleet'
import { createMirror } from '../../../src/renderer/state/snapshot-store'
import { type Bridge, type Events, requestNames } from '../../../src/shared/ipc'
import { writeSnapshot } from '../../../src/shared/snapshot-text'
import { NOW_MS, podView, snapshotOf } from '../../harness/pod-views'

/** The app's side of the bridge: what it publishes passes through a copy, as IPC makes one. */
function fakeApp(first: Snapshot) {
  const listeners: { [K in keyof Events]: Set<(payload: Events[K]) => void> } = {
    snapshot: new Set(),
    settings: new Set(),
    showPod: new Set(),
    showPage: new Set(),
    terminals: new Set(),
    terminalOutput: new Set(),
    showTerminal: new Set(),
  }
  const app = {
    snapshotNow: first,
    histories: [] as readonly PodHistory[],
    /** Which pods were asked for, each time. */
    historyReads: [] as (readonly string[])[],
    publish(snapshot: Snapshot) {
      for (const listener of listeners.snapshot) listener(structuredClone(writeSnapshot(snapshot)))
    },
    showPod(podId: string) {
      for (const listener of listeners.showPod) listener(podId)
    },
    listenerCount: () => listeners.snapshot.size + listeners.showPod.size + listeners.showPage.size,
  }
  const done = () => Promise.resolve(ok(undefined))
  const bridge = {
    ...Object.fromEntries(requestNames.map((name) => [name, done])),
    snapshot: () => Promise.resolve(ok(structuredClone(app.snapshotNow))),
    history(podIds: readonly string[]) {
      app.historyReads.push(podIds)
      return Promise.resolve(ok(structuredClone(app.histories)))
    },
    stopPod: () => Promise.resolve(fail({ message: 'The journal is full.' })),
    startPod: () => Promise.reject(new Error('the channel is closed')),
    pasteKey: () => Promise.resolve(ok({ kind: 'refused', message: '' })),
    on<K extends keyof Events>(name: K, listener: (payload: Events[K]) => void) {
      listeners[name].add(listener)
      return () => listeners[name].delete(listener)
    },
  } as unknown as Bridge
  return { app, bridge }
}

async function connected(first: Snapshot) {
  const { app, bridge } = fakeApp(first)
  const mirror = createMirror(bridge)
  const disconnect = mirror.connect()
  const state = () => mirror.store.getState()
  await vi.waitFor(() => expect(state().snapshot).not.toBeNull())
  return { app, bridge, mirror, disconnect, state }
}

const two = [podView({ id: 'a' }), podView({ id: 'b', costPerHourUsd: 1 })]

test('a pod that did not change keeps its identity, one that did does not', async () => {
  const { app, state } = await connected(snapshotOf(two))
  const before = state()
  app.publish(
    snapshotOf([two[0]!, podView({ id: 'b', costPerHourUsd: 1, utilPercent: 12 })], { revision: 2 }),
  )
  const after = state()
  expect(after.podsById.get('a')).toBe(before.podsById.get('a'))
  expect(after.podsById.get('b')).not.toBe(before.podsById.get('b'))
  expect(after.podsById.get('b')?.utilPercent).toBe(12)
  expect(after.sections).toBe(before.sections)
})

test('a pod keeps its identity when others come before it', async () => {
  const { app, state } = await connected(snapshotOf(two))
  const before = state()
  app.publish(snapshotOf([podView({ id: 'c' }), two[1]!, two[0]!], { revision: 2 }))
  expect(state().podsById.get('a')).toBe(before.podsById.get('a'))
  expect(state().podsById.get('b')).toBe(before.podsById.get('b'))
  expect([...state().podsById.keys()]).toEqual(['c', 'b', 'a'])
})

test('a picture in which nothing but the time moved changes no pod at all', async () => {
  const { app, state } = await connected(snapshotOf(two))
  const before = state()
  app.publish(snapshotOf(two, { revision: 2, atMs: NOW_MS + 15_000, pictureAtMs: NOW_MS + 15_000 }))
  expect(state().podsById).toBe(before.podsById)
  expect(state().snapshot?.balance).toBe(before.snapshot?.balance)
  expect(state().snapshot?.atMs).toBe(NOW_MS + 15_000)
})

test('a pod that left is not kept', async () => {
  const { app, state } = await connected(snapshotOf(two))
  app.publish(snapshotOf([two[0]!], { revision: 2 }))
  expect([...state().podsById.keys()]).toEqual(['a'])
})

test('an older snapshot never replaces a newer one', async () => {
  const { app, state } = await connected(snapshotOf(two, { revision: 5 }))
  app.publish(snapshotOf([], { revision: 4 }))
  expect(state().podsById.size).toBe(2)
})

test('histories are read once a picture, and not when only the connection changed', async () => {
  const { app, mirror, state } = await connected(snapshotOf(two))
  mirror.see(['a'])
  await vi.waitFor(() => expect(app.historyReads).toEqual([['a']]))
  app.histories = [{ podId: 'a', points: [{ atMs: NOW_MS, utilPercent: 5, isIdle: false }] }]
  app.publish(snapshotOf(two, { revision: 2, connection: { kind: 'rate-limited', untilMs: NOW_MS } }))
  expect(app.historyReads).toHaveLength(1)
  app.publish(snapshotOf(two, { revision: 3, pictureAtMs: NOW_MS + 15_000 }))
  await vi.waitFor(() => expect(app.historyReads).toHaveLength(2))
  await vi.waitFor(() => expect(state().historyEndMs).toBe(NOW_MS))
  expect(state().historiesById.get('a')?.points).toHaveLength(1)
})

test('only running pods in sight are asked for, a hundred at most, one question at a time', async () => {
  const pods = Array.from({ length: 300 }, (_, i) => podView({ id: `p${i}` }))
  const { app, mirror } = await connected(snapshotOf([...pods, podView({ id: 's', phase: 'stopped' })]))
  mirror.see(['s'])
  expect(app.historyReads).toEqual([])
  mirror.see(['s', 'p1'])
  mirror.see(pods.map(({ id }) => id))
  mirror.see(pods.map(({ id }) => id))
  await vi.waitFor(() => expect(app.historyReads).toHaveLength(2))
  expect(app.historyReads[0]).toEqual(['p1'])
  expect(app.historyReads[1]).toHaveLength(100)
})

test('what comes into sight with its history known is not asked for again until the next picture', async () => {
  const { app, mirror, state } = await connected(snapshotOf(two))
  app.histories = two.map(({ id }) => ({ podId: id, points: [] }))
  mirror.see(['a', 'b'])
  await vi.waitFor(() => expect(state().historiesById.size).toBe(2))
  mirror.see(['b'])
  mirror.see(['a', 'b'])
  expect(app.historyReads).toHaveLength(1)
})

test('a request that fails becomes one line, which can be dismissed', async () => {
  const { bridge, mirror, state } = await connected(snapshotOf(two))
  expect(await mirror.report('a was not stopped', bridge.stopPod('a'))).toBeNull()
  await mirror.report('a was not stopped', bridge.stopPod('a'))
  expect(state().lines.map(({ text }) => text)).toEqual(['a was not stopped: The journal is full.'])
  mirror.dismissLine(state().lines[0]!.id)
  expect(state().lines).toEqual([])
})

test('a request that never reached the app is a failure too', async () => {
  const { bridge, mirror, state } = await connected(snapshotOf(two))
  expect(await mirror.report('a was not started', bridge.startPod('a'))).toBeNull()
  expect(state().lines[0]?.text).toBe('a was not started: Podkeeper did not answer.')
})

test('a pod can be asked for twice, and each time counts', async () => {
  const { app, state } = await connected(snapshotOf(two))
  app.showPod('a')
  const first = state().wanted
  app.showPod('a')
  expect(state().wanted?.id).toBe('a')
  expect(state().wanted).not.toEqual(first)
})

test('a view hides pods, and another picture is seen through the same view', async () => {
  const { app, mirror, state } = await connected(snapshotOf(two))
  mirror.setView({ search: 'no-such' })
  expect(state().sections).toEqual([])
  app.publish(snapshotOf([...two, podView({ id: 'c', name: 'no-such-luck' })], { revision: 2 }))
  expect(state().sections).toMatchObject([{ podIds: ['c'] }])
})

test('a pod that is asked for is shown, even when the view hides it', async () => {
  const { mirror, state } = await connected(snapshotOf(two))
  mirror.setView({ search: 'no-such', filter: 'idle', order: 'name' })
  mirror.turnTo('settings')
  mirror.show('b')
  expect(state().sections[0]?.podIds).toContain('b')
  expect(state().view).toEqual({ search: '', filter: 'all', order: 'name' })
  expect(state().page).toBe('pods')
})

test('what is disconnected hears nothing more', async () => {
  const { app, disconnect } = await connected(snapshotOf(two))
  expect(app.listenerCount()).toBe(3)
  disconnect()
  expect(app.listenerCount()).toBe(0)
})
