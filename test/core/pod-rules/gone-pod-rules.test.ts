import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AuditEntry } from '../../../src/core/audit-log/audit-log'
import { fail, ok } from '../../../src/core/base/result'
import { DAY_MS, HOUR_MS } from '../../../src/core/base/time/time'
import { createGonePodRules, GONE_RULES_MS } from '../../../src/core/pod-rules/gone-pod-rules'
import type { AccountRules, PodRules } from '../../../src/core/pod-rules/pod-rules'
import { createFakeClock } from '../../harness/base/fake-clock'
import { createAccountContext } from '../../harness/monitor/account-context'

function started(pods: Readonly<Record<string, PodRules>>) {
  const clock = createFakeClock()
  const entries: AuditEntry[] = []
  const state = { rules: { autoStop: 'ticked', pods } as AccountRules, writes: 0, isLogWritable: true }
  const createRun = () =>
    createGonePodRules(
      createAccountContext({
        clock,
        auditLog: {
          record(entry) {
            if (!state.isLogWritable) return fail('no space left')
            entries.push(entry)
            return ok(undefined)
          },
        },
        accountRules: {
          load: () => state.rules,
          update(_accountId, change) {
            state.rules = change(state.rules)
            state.writes += 1
            return ok(undefined)
          },
        },
      }),
    )
  let check = createRun()
  return {
    state,
    entries,
    restart: () => void (check = createRun()),
    /** A complete list after so much time. */
    list: (afterMs: number, ...podIds: readonly string[]): void => {
      clock.advance(afterMs)
      check({ at: clock.now(), nowMs: clock.now().wallMs, podIds: new Set(podIds) })
    },
  }
}

test('rules of a pod that is gone are dropped after 30 days, which the activity log says, and others stay', () => {
  const { list, state, entries } = started({ gone: { maxHours: 5 }, kept: { maxHours: 6 } })
  list(0, 'kept')
  for (let hours = 0; hours < 30 * 24 - 1; hours++) list(HOUR_MS, 'kept')
  expect(state.rules.pods['gone']?.maxHours).toBe(5)
  expect(entries).toEqual([])
  list(HOUR_MS, 'kept')
  expect(state.rules.pods).toEqual({ kept: { maxHours: 6 } })
  expect(entries).toEqual([
    expect.objectContaining({
      what: 'rules-dropped',
      text: 'The rules of pods that have been gone for 30 days were removed: gone.',
    }),
  ])
  // Once when it went, and once when it was dropped.
  expect(state.writes).toBe(2)
})

test('a pod that is listed again has its rules, and its days begin anew', () => {
  const { list, state } = started({ pod: { maxHours: 5 } })
  list(0)
  list(29 * DAY_MS)
  list(1, 'pod')
  expect(state.rules.pods).toEqual({ pod: { maxHours: 5 } })
  list(HOUR_MS)
  list(29 * DAY_MS)
  list(HOUR_MS)
  expect(state.rules.pods['pod']?.maxHours).toBe(5)
  list(DAY_MS)
  expect(state.rules.pods).toEqual({})
})

test('the first lists after a long break drop nothing until an hour has confirmed them', () => {
  const { list, restart, state } = started({ pod: { maxHours: 5 } })
  list(0)
  restart()
  list(300 * DAY_MS)
  list(HOUR_MS - 1)
  expect(state.rules.pods['pod']?.maxHours).toBe(5)
  list(1)
  expect(state.rules.pods).toEqual({})
})

test('nothing is dropped while the activity log can’t be written', () => {
  const { list, state } = started({ pod: { maxHours: 5 } })
  state.isLogWritable = false
  list(0)
  list(31 * DAY_MS)
  list(31 * DAY_MS)
  expect(state.rules.pods['pod']?.maxHours).toBe(5)
  state.isLogWritable = true
  list(HOUR_MS)
  expect(state.rules.pods).toEqual({})
})

test('a time in the future counts from now', () => {
  const { list, state } = started({ pod: { maxHours: 5, goneSinceMs: 9e12 } })
  list(0)
  list(GONE_RULES_MS - 1)
  expect(state.rules.pods['pod']?.maxHours).toBe(5)
  list(HOUR_MS)
  expect(state.rules.pods).toEqual({})
})

test('rules survive exactly as long as no 30 days in a row had lists without their pod', () => {
  const step = fc.record({ afterHours: fc.integer({ min: 1, max: 20 * 24 }), isListed: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { list, state } = started({ pod: { isAutoStopped: true } })
      let goneForMs: number | null = null
      for (const { afterHours, isListed } of steps) {
        list(afterHours * HOUR_MS, ...(isListed ? ['pod'] : []))
        goneForMs = isListed ? null : goneForMs === null ? 0 : goneForMs + afterHours * HOUR_MS
        const isKept = goneForMs === null || goneForMs < GONE_RULES_MS
        expect(state.rules.pods['pod']?.isAutoStopped).toBe(isKept ? true : undefined)
        if (!isKept) return
      }
    }),
  )
})
