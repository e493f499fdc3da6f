import { describe, expect, test } from 'vitest'
import type { StopStatus, StopStatuses } from '../../../../src/core/guard/policy/stop-status'
import { newStopPlan } from '../../../../src/core/guard/policy/stop-plan'
import { dueStops } from '../../../../src/core/guard/stops/due-stops'
import type { StopCause } from '../../../../src/core/intents/intent'
import type { ObservedPod } from '../../../../src/core/polling/fleet'
import { START_MS } from '../../../harness/base/fake-clock'
import { instant, pod } from '../../../harness/samples/pods'

const now = instant(0)
const clear: StopStatus = { kind: 'clear', leftMs: null, hold: null }

function planned(
  leftMs: number,
  cause: StopCause = 'quiet',
  action: 'stop' | 'terminate' = 'stop',
): StopStatus {
  const terms = { cause, action, podStartedAtMs: START_MS, isDryRun: false }
  return { kind: 'planned', plan: newStopPlan(terms, leftMs, now), leftMs, block: null, confirmedAt: now }
}

const statuses = (own: Partial<StopStatuses>): StopStatuses => ({
  quiet: clear,
  'max-hours': clear,
  'stop-time': clear,
  budget: clear,
  ...own,
})

/** Pods that are due because they are quiet, with their prices. `failed`: those whose last stop failed. */
function orderOf(
  prices: Readonly<Record<string, number | null | undefined>>,
  failed: readonly string[] = [],
) {
  const due = dueStops(
    new Map(Object.keys(prices).map((id) => [id, statuses({ quiet: planned(0) })])),
    {
      observedPod: (id) => {
        const costPerHourUsd = prices[id]
        return costPerHourUsd === undefined ? null : ({ pod: pod({ id, costPerHourUsd }) } as ObservedPod)
      },
    },
    ({ id }, action) =>
      action === 'stop' && failed.includes(id)
        ? { failures: 1, leftMs: 0, atMs: START_MS, message: null }
        : null,
    now,
  )
  return due.map(({ podId }) => podId)
}

describe('the stops that are due', () => {
  test('are the planned ones whose time has come, each with its cause', () => {
    const due = dueStops(
      new Map([
        ['a', statuses({ quiet: planned(1), 'max-hours': planned(0, 'max-hours', 'terminate') })],
        ['b', statuses({ budget: planned(-1, 'budget') })],
        [
          'c',
          statuses({
            quiet: { kind: 'blocked', conditions: ['seen-afresh'], text: 'It waits.', why: 'it waits' },
          }),
        ],
        ['d', statuses({})],
      ]),
      { observedPod: () => null },
      () => null,
      now,
    )
    expect(due.map(({ podId, cause }) => `${podId} ${cause}`)).toEqual(['a max-hours', 'b budget'])
  })

  test('begin with the most expensive pod, and end with those whose price is not known', () => {
    expect(orderOf({ cheap: 1, unknown: null, free: 0, dear: 9 })).toEqual([
      'dear',
      'cheap',
      'free',
      'unknown',
    ])
    expect(orderOf({ gone: undefined, free: 0 })).toEqual(['free', 'gone'])
  })

  test('put those that failed before behind all others, again by price', () => {
    expect(orderOf({ dear: 9, cheap: 1, unknown: null, middle: 4 }, ['dear', 'middle'])).toEqual([
      'cheap',
      'unknown',
      'dear',
      'middle',
    ])
  })

  test('ask for the retry of the action that is planned', () => {
    const asked: string[] = []
    dueStops(
      new Map([['a', statuses({ 'max-hours': planned(0, 'max-hours', 'terminate') })]]),
      { observedPod: () => ({ pod: pod({ id: 'a' }) }) as ObservedPod },
      ({ id }, action) => {
        asked.push(`${action} ${id}`)
        return null
      },
      now,
    )
    expect(asked).toEqual(['terminate a'])
  })
})
