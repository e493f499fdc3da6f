import { expect, test, vi } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import type { DataImpact } from '../../../src/core/pods/data-impact'
import type { PodKey } from '../../../src/core/pods/pod'
import type { Bridge } from '../../../src/shared/ipc'
import { autoStopDoneText, autoStopNotes } from '../../../src/renderer/guard/auto-stop-switch-text'
import { runInBulk } from '../../../src/renderer/state/run-in-bulk'
import { setAutoStop } from '../../../src/renderer/guard/set-auto-stop'
import { stopPods } from '../../../src/renderer/pods/bulk/stop-pods'
import { createSnapshotStore } from '../../../src/renderer/state/snapshot-store'
import { noGuard } from '../../../src/core/guard/guard-view'
import { accountEntry, podView, snapshotOf, snapshotOfAccounts } from '../../harness/samples/pod-views'

const kept: DataImpact = {
  impact: 'kept',
  storage: 'volume',
  sizeGb: 100,
  path: '/workspace',
  stoppedCostPerDayUsd: 0.72,
}
const podsOf = (count: number) =>
  Array.from({ length: count }, (_, at) => podView({ id: `p${at}`, name: `pod ${at}`, stopImpact: [kept] }))

function servicesOf(bridge: Partial<Record<keyof Bridge, (...args: never[]) => unknown>>) {
  const snapshotStore = createSnapshotStore(bridge as unknown as Bridge)
  const toasts = () => snapshotStore.store.getState().toasts.map(({ text }) => text)
  return { bridge: bridge as unknown as Bridge, snapshotStore, navigate: () => {}, toasts }
}

test('many pods are stopped with one request, and a thousand with five', async () => {
  for (const [count, requests] of [
    [42, 1],
    [1_000, 5],
  ] as const) {
    const stop = vi.fn(async (_keys: readonly PodKey[]) => ok([]))
    const services = servicesOf({ stopPods: stop })
    await stopPods(services, podsOf(count))
    expect(stop).toHaveBeenCalledTimes(requests)
    expect(new Set(stop.mock.calls.flatMap(([keys]) => keys)).size).toBe(count)
    expect(services.toasts()).toEqual([])
  }
})

test('pods that would lose everything are not among them: each is asked for by itself, afterwards', async () => {
  const order: unknown[] = []
  const services = servicesOf({
    stopPods: async (keys: unknown) => (order.push(keys), ok([])),
    act: async (...args: unknown[]) => (order.push(args), ok(undefined)),
  })
  await stopPods(services, [podView({ id: 'lost' }), ...podsOf(2)])
  expect(order).toEqual([
    ['account/p0', 'account/p1'],
    ['account/lost', 'stop'],
  ])
})

test('what failed is one message, with the reason', async () => {
  const failing = async (keys: readonly PodKey[]) =>
    ok(keys.slice(0, 3).map((key) => ({ key, message: 'It is locked.' })))
  const services = servicesOf({})
  expect(await runInBulk(services, podsOf(5), 'not stopped', failing)).toBe(2)
  expect(services.toasts()).toEqual(['pod 0 and 2 others were not stopped: It is locked.'])
  const refused = servicesOf({})
  expect(
    await runInBulk(refused, podsOf(1), 'not changed', async () => fail({ message: 'Too often.' })),
  ).toBe(0)
  expect(refused.toasts()).toEqual(['pod 0 was not changed: Too often.'])
  const broken = servicesOf({})
  expect(await runInBulk(broken, podsOf(2), 'not changed', () => Promise.reject(new Error('gone')))).toBe(0)
  expect(broken.toasts()).toEqual(['pod 0 and 1 other were not changed: Podkeeper didn’t respond.'])
})

test('the auto-stop menu says how many pods are on, and what keeps them from being stopped', () => {
  const rules = { isAutoStopped: true }
  const on = { ...noGuard, rules, isAutoStopEnabled: true }
  const pods = [...podsOf(2).map((pod) => ({ ...pod, guard: on })), podView({ id: 'lost' })]
  const ticked = snapshotOf(pods, {
    guard: { autoStop: 'ticked', areAutoStopsPaused: false, isDryRun: false },
  })
  expect(autoStopNotes(pods, ticked)).toEqual([
    'On for 2 of 3.',
    '1 pod would lose all data, so it isn’t stopped unless the pod’s rules allow it.',
  ])
  const off = snapshotOfAccounts([
    { entry: accountEntry({ id: 'account', name: 'Lab' }), pods },
    { entry: accountEntry({ id: 'b' }), guard: ticked.guard },
  ])
  expect(
    autoStopNotes(
      pods.slice(0, 2).map((pod) => ({ ...pod, guard: { ...noGuard, rules } })),
      off,
    ),
  ).toEqual(['On for 0 of 2.', 'Auto-stop is off for Lab. Turning it on asks you once.'])
  expect(autoStopDoneText(true, 3)).toBe('Auto-stop is on for 3 pods')
  expect(autoStopDoneText(false, 1)).toBe('Auto-stop is off for 1 pod')
  expect(autoStopDoneText(null, 2)).toBe('Auto-stop of 2 pods follows the account setting')
})

test('auto-stop of all pods is taken back at once, to what each had before', async () => {
  const select = vi.fn(async (_keys: readonly PodKey[], _value: boolean | null) => ok([]))
  const services = servicesOf({ selectForAutoStop: select })
  const withRule = (id: string, rules: { isAutoStopped?: boolean }) =>
    podView({ id, name: id, guard: { ...noGuard, rules } })
  const pods = [
    withRule('on', { isAutoStopped: true }),
    withRule('off', { isAutoStopped: false }),
    withRule('account', {}),
    withRule('off-too', { isAutoStopped: false }),
  ]
  await setAutoStop(services, pods, true)
  expect(select.mock.calls).toEqual([[pods.map(({ key }) => key), true]])
  const [toast] = services.snapshotStore.store.getState().toasts
  expect(toast?.text).toBe('Auto-stop is on for 4 pods')
  select.mockClear()
  toast?.undo?.()
  // Who was on before stays on.
  await vi.waitFor(() =>
    expect(select.mock.calls).toEqual([
      [['account/off', 'account/off-too'], false],
      [['account/account'], null],
    ]),
  )
})

test('auto-stop of an account that is off is turned on by one question, and off again by the undo', async () => {
  const requests: unknown[] = []
  const record =
    (name: string, answer: unknown) =>
    async (...args: unknown[]) => (requests.push([name, ...args]), ok(answer))
  const off = { entry: accountEntry({ id: 'account' }), pods: podsOf(2) }
  for (const count of [null, 3]) {
    const services = servicesOf({
      turnOnAutoStop: record('turnOn', count),
      setAutoStop: record('set', undefined),
      selectForAutoStop: record('select', []),
    })
    services.snapshotStore.store.setState({ wholeSnapshot: snapshotOfAccounts([off]) })
    await setAutoStop(services, podsOf(2), true)
    expect(requests.splice(0)).toEqual([['turnOn', 'account', ['p0', 'p1']]])
    // Refused, nothing else is asked for.
    expect(services.toasts()).toEqual(count === null ? [] : ['Auto-stop is on for 3 pods'])
    services.snapshotStore.store.getState().toasts[0]?.undo?.()
  }
  await vi.waitFor(() =>
    expect(requests).toEqual([
      ['set', 'account', 'off'],
      ['select', ['account/p0', 'account/p1'], null],
    ]),
  )
})

test('without a pod that was changed, there is nothing to undo', async () => {
  const services = servicesOf({
    selectForAutoStop: async (keys: readonly PodKey[]) =>
      ok(keys.map((key) => ({ key, message: 'It is gone.' }))),
  })
  await setAutoStop(services, podsOf(2), false)
  expect(services.snapshotStore.store.getState().toasts.map(({ undo }) => undo)).toEqual([null])
})
