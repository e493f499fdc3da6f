import { describe, expect, test } from 'vitest'
import { type AlertHistory, alertName } from '../../../src/core/alerts/alert-history'
import { parseAlertHistory } from '../../../src/core/alerts/parse-alert-history'
import type { AlertRules } from '../../../src/core/alerts/alert-plan'
import type { Alert, AlertOutlet, Delivery, PendingAlert } from '../../../src/core/alerts/alert'
import { createAlertDispatcher } from '../../../src/core/alerts/alert-dispatcher'
import { fail, ok } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { pendingAlert, permissiveRules } from '../../harness/samples/pending-alerts'
import { createFakeClock, flushPromises, START_MS } from '../../harness/base/fake-clock'

function fixture(
  options: {
    history?: AlertHistory
    show?: () => Promise<Delivery>
    rules?: Partial<AlertRules>
    outlet?: AlertOutlet
  } = {},
) {
  const clock = createFakeClock()
  const log: string[] = []
  const shown: Alert[] = []
  const state = {
    history: options.history ?? {},
    isActing: true,
    canWrite: true,
    changes: 0,
    show: options.show ?? (async (): Promise<Delivery> => 'shown'),
    rules: options.rules ?? {},
  }
  const dispatcher = createAlertDispatcher({
    notifier: {
      show(alert) {
        log.push(`show ${alert.title}`)
        shown.push(alert)
        return state.show()
      },
      ...(options.outlet && { outlet: options.outlet }),
    },
    alertHistory: {
      load: () => state.history,
      save(history) {
        log.push('save')
        state.history = history
      },
    },
    auditLog: {
      record({ text }) {
        log.push(`record ${text}`)
        return state.canWrite ? ok(undefined) : fail('the disk is full')
      },
    },
    rules: () => ({ ...permissiveRules, ...state.rules }),
    mayAnnounce: () => state.isActing,
    nowMs: () => clock.now().wallMs,
    onChange: () => (state.changes += 1),
    report: (what, cause) =>
      log.push(`report ${what}: ${cause instanceof Error ? cause.message : String(cause)}`),
  })
  return { dispatcher, clock, log, shown, state }
}
const error = pendingAlert()
const warning = pendingAlert({ kind: 'auto-stop-soon' }, { isCritical: true })
const many = (count: number, over: Partial<PendingAlert> = {}): PendingAlert[] =>
  Array.from({ length: count }, (_, index) => pendingAlert({ podId: `pod-${index}` }, over))

describe('an alert', () => {
  test('is one line in the activity log, whatever lines it has', () => {
    const { dispatcher, log, shown } = fixture()
    dispatcher.dispatch(
      [{ ...error, title: 'train failed', body: 'It took 16 s.\nCUDA out of memory' }],
      true,
    )
    expect(log).toContain('record train failed. It took 16 s. CUDA out of memory')
    expect(shown[0]?.body).toBe('It took 16 s.\nCUDA out of memory')
  })

  test('is logged, recorded, then shown', () => {
    const { dispatcher, log } = fixture()
    dispatcher.dispatch([error], true)
    expect(log).toEqual(['record pod-1 pod-error 1. So it is.', 'save', 'show pod-1 pod-error 1'])
    dispatcher.dispatch([error], true)
    expect(log).toHaveLength(3)
  })

  test('suppressed by a pause is logged with the reason and not shown', () => {
    const { dispatcher, log, state } = fixture({ rules: { arePaused: true } })
    dispatcher.dispatch([error], true)
    dispatcher.dispatch([error], true)
    expect(log).toEqual(['record pod-1 pod-error 1. So it is. (Not shown: alerts are paused.)', 'save'])
    state.rules = {}
    dispatcher.dispatch([error], true)
    expect(log.slice(2)).toEqual(['record pod-1 pod-error 1. So it is.', 'save', 'show pod-1 pod-error 1'])
  })

  test('is shown even if it cannot be logged, and the failure is reported', () => {
    const { dispatcher, log, shown, state } = fixture()
    state.canWrite = false
    dispatcher.dispatch([error], true)
    expect(shown).toHaveLength(1)
    expect(log).toContain('report An alert could not be saved: the disk is full')
  })

  test('is left to the other process while that one sends alerts, and to this one afterwards', () => {
    const { dispatcher, log, shown, state } = fixture()
    state.isActing = false
    dispatcher.dispatch([error, warning], true)
    expect(log).toEqual([])
    state.isActing = true
    dispatcher.dispatch([error], true)
    expect(shown).toHaveLength(1)
  })

  test('that cannot be shown is not retried, and notifications count as failing until one is delivered', async () => {
    const { dispatcher, shown, state } = fixture({ show: async () => 'failed' })
    dispatcher.dispatch([error], true)
    await flushPromises()
    dispatcher.dispatch([error], true)
    expect([shown.length, dispatcher.areNotificationsFailing(), state.changes]).toEqual([1, true, 1])
    state.show = async () => 'shown'
    dispatcher.dispatch([pendingAlert({ episode: '2' })], true)
    await flushPromises()
    expect([dispatcher.areNotificationsFailing(), state.changes]).toEqual([false, 2])
  })

  test('whose notifier throws does not stop other alerts', async () => {
    const { dispatcher, log } = fixture({ show: () => Promise.reject(new Error('no bus')) })
    dispatcher.dispatch([error, warning], true)
    await flushPromises()
    expect(log.filter((line) => line === 'report An alert could not be shown: no bus')).toHaveLength(2)
    expect(dispatcher.areNotificationsFailing()).toBe(true)
  })

  test('that is delivered like the ones before does not signal a change', async () => {
    const { dispatcher, state } = fixture()
    dispatcher.dispatch([error, warning], true)
    await flushPromises()
    expect([dispatcher.areNotificationsFailing(), state.changes]).toEqual([false, 0])
  })
})

describe('several alerts at once', () => {
  test('are shown individually if there are at most three', () => {
    const { dispatcher, shown } = fixture()
    dispatcher.dispatch(many(3), true)
    expect(shown).toHaveLength(3)
  })

  test('become one notification with the names if there are more than three, each logged and recorded once', () => {
    const { dispatcher, log, shown, state } = fixture()
    dispatcher.dispatch(many(4), true)
    expect(shown).toMatchObject([{ title: '4 pods have an error', body: 'pod-0, pod-1, pod-2, pod-3' }])
    expect(log.map((line) => line.split(' ')[0])).toEqual([
      'record',
      'record',
      'record',
      'record',
      'save',
      'show',
    ])
    expect(Object.values(state.history)).toHaveLength(4)
  })

  test('become one notification about all idle pods, beside the others', () => {
    const { dispatcher, shown, log } = fixture()
    const idle = (podId: string) => pendingAlert({ kind: 'idle', podId }, { podName: podId })
    dispatcher.dispatch([idle('a'), ...many(3), idle('b')], true)
    expect(shown.map(({ title }) => title)).toEqual(['2 pods are idle', ...many(3).map(({ title }) => title)])
    expect(log.filter((line) => line.startsWith('record'))).toHaveLength(5)
    dispatcher.dispatch([idle('c')], true)
    expect(shown.at(-1)?.key.podId).toBe('c')
  })

  test('are never grouped if they are critical', () => {
    const { dispatcher, shown } = fixture()
    dispatcher.dispatch(
      [
        ...many(3),
        ...many(5).map((one) => ({
          ...one,
          key: { ...one.key, kind: 'max-hours-soon' as const },
          isCritical: true,
        })),
      ],
      true,
    )
    expect(shown).toHaveLength(8)
  })

  test('are shown and logged as a summary if they are repeated changes', () => {
    const { dispatcher, log, shown, clock } = fixture()
    for (let episode = 0; episode < 7; episode++) {
      dispatcher.dispatch([pendingAlert({ episode: String(episode) })], true)
      clock.advance(MINUTE_MS)
    }
    expect(shown.map(({ title }) => title).slice(3)).toEqual([
      'pod-1 pod-error 3',
      'pod-1: the same alert 5 times in an hour',
    ])
    expect(log).toContain(
      'record pod-1: the same alert 5 times in an hour. Now: pod-1 pod-error 4. You won’t be alerted about this again for an hour.',
    )
    expect(log.at(-2)).toBe('record pod-1 pod-error 6. So it is. (Not shown: it changes too often.)')
  })
})

describe('a critical alert', () => {
  test('is logged and shown, then recorded with its delivery time', async () => {
    const { dispatcher, log, clock } = fixture()
    dispatcher.dispatch([warning], true)
    expect(dispatcher.deliveredAtMs(warning.key)).toBeNull()
    clock.advance(1_000)
    await flushPromises()
    expect(log.map((line) => line.split(' ')[0])).toEqual(['record', 'show', 'save'])
    expect(dispatcher.deliveredAtMs(warning.key)).toBe(START_MS + 1_000)
    dispatcher.dispatch([warning], true)
    expect(log).toHaveLength(3)
  })

  test('is not shown a second time while the first attempt is in progress', async () => {
    let taken: (delivery: Delivery) => void = () => {}
    const { dispatcher, shown } = fixture({ show: () => new Promise((resolve) => (taken = resolve)) })
    dispatcher.dispatch([warning], true)
    dispatcher.dispatch([warning], true)
    expect(shown).toHaveLength(1)
    taken('shown')
    await flushPromises()
    dispatcher.dispatch([warning], true)
    expect(shown).toHaveLength(1)
  })

  test('that is not delivered is retried at the next poll, then with growing delays, and is logged once', async () => {
    const { dispatcher, clock, log, shown, state } = fixture({ show: async () => 'failed' })
    const minutes: number[] = []
    for (let second = 0; second < 7_200; second += 15) {
      const before = shown.length
      dispatcher.dispatch([warning], true)
      await flushPromises()
      if (shown.length > before) minutes.push(second / 60)
      clock.advance(15_000)
    }
    expect(minutes).toEqual([0, 0.25, 1.25, 3.25, 7.25, 15.25, 30.25, 45.25, 60.25, 75.25, 90.25, 105.25])
    expect(log.filter((line) => line.startsWith('record'))).toHaveLength(1)
    expect(dispatcher.deliveredAtMs(warning.key)).toBeNull()
    state.show = async () => 'shown'
    clock.advance(15 * MINUTE_MS)
    dispatcher.dispatch([warning], true)
    await flushPromises()
    expect(dispatcher.deliveredAtMs(warning.key)).toBe(START_MS + 2 * HOUR_MS + 15 * MINUTE_MS)
  })

  const warned = (log: readonly string[]) =>
    log.filter((line) => line.startsWith('record pod-1 auto-stop-soon'))

  test.each([
    ['while something else did', [error]],
    ['while nothing did', []],
  ])('starts over when its condition holds again after it did not, %s', async (_, meanwhile) => {
    const { dispatcher, log } = fixture({ show: async () => 'failed' })
    dispatcher.dispatch([warning], true)
    await flushPromises()
    dispatcher.dispatch(meanwhile, true)
    dispatcher.dispatch([warning], true)
    expect(warned(log)).toHaveLength(2)
  })

  test('does not start over after another alert was dispatched alone, because its condition may have held all along', async () => {
    const { dispatcher, log } = fixture({ show: async () => 'failed' })
    dispatcher.dispatch([warning], true)
    await flushPromises()
    dispatcher.dispatch([error], false)
    dispatcher.dispatch([warning], true)
    expect(warned(log)).toHaveLength(1)
  })

  test('that is still being shown is not shown again when its condition briefly did not hold', () => {
    const { dispatcher, shown } = fixture({ show: () => new Promise(() => {}) })
    dispatcher.dispatch([warning], true)
    dispatcher.dispatch([], true)
    dispatcher.dispatch([warning], true)
    expect(shown).toHaveLength(1)
  })

  test('counts as delivered in the next run', async () => {
    const first = fixture()
    first.dispatcher.dispatch([warning], true)
    await flushPromises()
    const next = fixture({ history: parseAlertHistory(JSON.parse(JSON.stringify(first.state.history))) })
    next.dispatcher.dispatch([warning], true)
    expect(next.shown).toEqual([])
    expect(next.dispatcher.deliveredAtMs(warning.key)).toBe(START_MS)
    expect(next.dispatcher.deliveredAtMs({ ...warning.key, episode: '2' })).toBeNull()
  })
})

describe('alerts that also go elsewhere', () => {
  /** With places outside this computer, of which `accepted` has what they took. */
  function withOutlet(delivery: Delivery = 'failed') {
    const taken: string[] = []
    const holding: ReadonlySet<string>[] = []
    const accepted = new Map<string, number>()
    const rig = fixture({
      show: async () => delivery,
      outlet: {
        take: ({ title }) => void taken.push(title),
        acceptedAtMs: (key) => accepted.get(alertName(key)) ?? null,
        onHolding: (names) => void holding.push(names),
      },
    })
    return { ...rig, taken, holding, accepted }
  }

  test('are taken before they count as shown, and not when they are suppressed', () => {
    const rig = withOutlet()
    rig.dispatcher.dispatch(many(4), true)
    // On the screen they are one notification.
    expect([rig.taken.length, rig.shown.length]).toEqual([4, 1])
    rig.dispatcher.dispatch(many(4), true)
    rig.state.rules = { arePaused: true }
    rig.dispatcher.dispatch([...many(4), pendingAlert({ episode: 'paused' })], true)
    expect(rig.taken).toHaveLength(4)
  })

  test('are offered at every poll while they are critical and undelivered', async () => {
    const rig = withOutlet()
    for (let poll = 0; poll < 4; poll += 1) {
      rig.dispatcher.dispatch([warning], true)
      await flushPromises()
    }
    expect(rig.taken).toHaveLength(4)
  })

  test('count as delivered once one place accepted them, and are not shown again', async () => {
    const rig = withOutlet()
    rig.dispatcher.dispatch([warning], true)
    await flushPromises()
    expect(rig.dispatcher.deliveredAtMs(warning.key)).toBeNull()
    rig.accepted.set(alertName(warning.key), 12_345)
    expect(rig.dispatcher.deliveredAtMs(warning.key)).toBe(12_345)
    rig.clock.advance(HOUR_MS)
    rig.dispatcher.dispatch([warning], true)
    await flushPromises()
    expect([rig.shown.length, rig.taken.length]).toEqual([1, 1])
    expect(rig.state.history[alertName(warning.key)]).toMatchObject({ state: 'said', deliveredAtMs: 12_345 })
  })

  test('get the alerts that hold, after complete polls only', () => {
    const rig = withOutlet()
    rig.dispatcher.dispatch([error], false)
    expect(rig.holding).toEqual([])
    rig.dispatcher.dispatch([error, warning], true)
    expect(rig.holding).toEqual([new Set([error, warning].map(({ key }) => alertName(key)))])
    rig.state.isActing = false
    rig.dispatcher.dispatch([], true)
    expect(rig.holding).toHaveLength(1)
  })
})

test('while nothing may be written, only alerts about that are shown, once, and again until the system takes them', async () => {
  const { dispatcher, log, state, clock } = fixture({ show: async () => 'failed' })
  state.isActing = false
  const pending = [
    pendingAlert({}, { isCritical: true }),
    pendingAlert({}, { isCritical: true, isOfReader: true, title: 'No folder' }),
  ]
  const dispatch = async () => {
    dispatcher.dispatch(pending, false)
    await flushPromises()
    clock.advance(MINUTE_MS)
  }
  await dispatch()
  state.show = async () => 'shown'
  await dispatch()
  await dispatch()
  expect(log).toEqual(['show No folder', 'show No folder'])
})
