import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import type { Ledger } from '../../../../src/core/money/ledger/ledger'
import { monthOf } from '../../../../src/core/money/ledger/months'
import { savedByAutoStop } from '../../../../src/core/money/costs/saved-by-auto-stop'
import type { Pod } from '../../../../src/core/pods/pod'
import { memoryFiles, MONTH_START_MS, openLedger, recordPoll } from '../../../harness/money/ledger-fixture'
import { pod, stoppedPod } from '../../../harness/samples/pods'

const STARTED_MS = MONTH_START_MS - HOUR_MS
const STOPPED_MS = MONTH_START_MS + HOUR_MS
const own = { createdAtMs: STARTED_MS, startedAtMs: STARTED_MS }
/** $2.00/hr, of which a disk of $0.02 stays. */
const on = pod({ ...own, persistentMount: { sizeGb: 72, path: '/workspace' } })
const off = stoppedPod({ ...own, persistentMount: { sizeGb: 72, path: '/workspace' } })
const PER_HOUR_USD = 1.98

const stop = (ledger: Ledger, id = 'stop-1', isTerminated = false): void =>
  ledger.recordStop(id, { name: 'trainer', atMs: STOPPED_MS }, { podId: 'pod-1', isTerminated })

/** A ledger that saw the pod run, and then its automatic stop. */
function stopped(first: Pod = on, files = memoryFiles()): Ledger {
  const ledger = openLedger(files)
  recordPoll(ledger, MONTH_START_MS, [first])
  recordPoll(ledger, STOPPED_MS, [{ ...off, persistentMount: first.persistentMount }])
  stop(ledger)
  return ledger
}

const saved = (ledger: Ledger, nowMs: number) =>
  savedByAutoStop(ledger.book(monthOf(STOPPED_MS)).stops.values(), ledger.lastObservations(), nowMs)

function savedHours(ledger: Ledger, nowMs: number): number {
  const { usd, isAtLeast } = saved(ledger, nowMs)
  expect(isAtLeast).toBe(false)
  return usd! / PER_HOUR_USD
}

test('a stop saves the price of the pod less its disks for as long as the pod is seen to be off', () => {
  const ledger = stopped()
  expect(savedHours(ledger, STOPPED_MS)).toBe(0)
  recordPoll(ledger, STOPPED_MS + 2 * HOUR_MS, [off])
  expect(savedHours(ledger, STOPPED_MS + 2 * HOUR_MS)).toBeCloseTo(2, 6)
  // Nothing was observed since.
  expect(savedHours(ledger, STOPPED_MS + 5 * HOUR_MS)).toBeCloseTo(2, 6)
})

test('a stop saves 12 h at most', () => {
  const ledger = stopped()
  for (let hour = 1; hour <= 30; hour++) recordPoll(ledger, STOPPED_MS + hour * HOUR_MS, [off])
  expect(savedHours(ledger, STOPPED_MS + 30 * HOUR_MS)).toBeCloseTo(12, 6)
})

test('a stop whose end was never recorded saves 12 h at most, and nothing if the pod ran since', () => {
  const open = { name: 'x', atMs: STOPPED_MS, saving: { key: 'pod/pod-1', perHour: 1e9, endedAtMs: null } }
  const nowMs = STOPPED_MS + 40 * HOUR_MS
  const usdAfter = (seen: Pod): number | null => {
    const ledger = openLedger()
    recordPoll(ledger, nowMs, [seen])
    return savedByAutoStop([open], ledger.lastObservations(), nowMs).usd
  }
  expect(usdAfter(off)).toBe(12)
  expect(usdAfter(on)).toBe(0)
  expect(usdAfter({ ...off, startedAtMs: STOPPED_MS + HOUR_MS })).toBe(0)
  expect(savedByAutoStop([open], new Map(), nowMs).usd).toBe(0)
})

test('a stop saves until the next start of the pod, whoever starts it', () => {
  const ledger = stopped()
  const startedAtMs = STOPPED_MS + 3 * HOUR_MS
  recordPoll(ledger, STOPPED_MS + 2 * HOUR_MS, [off])
  recordPoll(ledger, startedAtMs + MINUTE_MS, [{ ...on, startedAtMs }])
  expect(savedHours(ledger, startedAtMs + MINUTE_MS)).toBeCloseTo(3, 6)
  // It is stopped again by a person, which saves nothing.
  recordPoll(ledger, startedAtMs + HOUR_MS, [{ ...off, startedAtMs }])
  recordPoll(ledger, startedAtMs + 5 * HOUR_MS, [{ ...off, startedAtMs }])
  expect(savedHours(ledger, startedAtMs + 5 * HOUR_MS)).toBeCloseTo(3, 6)
})

test('a start while nobody watched counts from the moment that the API gives', () => {
  const ledger = stopped()
  const startedAtMs = STOPPED_MS + 4 * HOUR_MS
  recordPoll(ledger, STOPPED_MS + 2 * DAY_MS, [{ ...off, startedAtMs }])
  expect(savedHours(ledger, STOPPED_MS + 2 * DAY_MS)).toBeCloseTo(4, 6)
})

test('without that moment only the time in which it was seen to be off counts', () => {
  const ledger = stopped()
  recordPoll(ledger, STOPPED_MS + HOUR_MS, [off])
  recordPoll(ledger, STOPPED_MS + 9 * HOUR_MS, [{ ...on, startedAtMs: null }])
  expect(savedHours(ledger, STOPPED_MS + 9 * HOUR_MS)).toBeCloseTo(1, 6)
})

test('a pod that is terminated saves until then', () => {
  const ledger = stopped()
  recordPoll(ledger, STOPPED_MS + 2 * HOUR_MS, [off])
  recordPoll(ledger, STOPPED_MS + 2.5 * HOUR_MS, [])
  recordPoll(ledger, STOPPED_MS + 8 * HOUR_MS, [])
  expect(savedHours(ledger, STOPPED_MS + 8 * HOUR_MS)).toBeCloseTo(2, 6)
})

test('a pod that is missing from a list but not confirmed to be gone is not ended', () => {
  const ledger = stopped()
  ledger.observe({
    what: 'pods',
    atMs: STOPPED_MS + HOUR_MS,
    subjects: [],
    isComplete: true,
    possiblyPresent: new Set(['pod/pod-1']),
  })
  recordPoll(ledger, STOPPED_MS + 3 * HOUR_MS, [off])
  expect(savedHours(ledger, STOPPED_MS + 3 * HOUR_MS)).toBeCloseTo(3, 6)
})

test('an automatic terminate keeps no disk, and saves 12 h at most', () => {
  const ledger = openLedger()
  recordPoll(ledger, MONTH_START_MS, [on])
  recordPoll(ledger, STOPPED_MS - MINUTE_MS, [on])
  stop(ledger, 'terminate-1', true)
  recordPoll(ledger, STOPPED_MS + HOUR_MS, [])
  expect(saved(ledger, STOPPED_MS + HOUR_MS).usd).toBeCloseTo(2, 6)
  expect(saved(ledger, STOPPED_MS + 40 * HOUR_MS).usd).toBeCloseTo(24, 6)
})

test('two stops of one pod save no hour twice', () => {
  const ledger = stopped()
  const startedAtMs = STOPPED_MS + 2 * HOUR_MS
  recordPoll(ledger, startedAtMs + HOUR_MS, [{ ...on, startedAtMs }])
  recordPoll(ledger, startedAtMs + 2 * HOUR_MS, [{ ...off, startedAtMs }])
  const target = { podId: 'pod-1', isTerminated: false }
  ledger.recordStop('stop-2', { name: 'trainer', atMs: startedAtMs + 2 * HOUR_MS }, target)
  recordPoll(ledger, startedAtMs + 3 * HOUR_MS, [{ ...off, startedAtMs }])
  expect(savedHours(ledger, startedAtMs + 3 * HOUR_MS)).toBeCloseTo(3, 6)
})

test('the same stop counts once, also after a restart', () => {
  const files = memoryFiles()
  const ledger = stopped(on, files)
  stop(ledger)
  recordPoll(ledger, STOPPED_MS + HOUR_MS, [off])
  ledger.save()
  const reopened = openLedger(files)
  stop(reopened)
  recordPoll(reopened, STOPPED_MS + 2 * HOUR_MS, [off])
  expect(reopened.book('2026-11').stops.size).toBe(1)
  expect(savedHours(reopened, STOPPED_MS + 2 * HOUR_MS)).toBeCloseTo(2, 6)
})

test('a damaged amount in the file makes what the stop saves unknown, and loses no stop', () => {
  const files = memoryFiles()
  stopped(on, files).save()
  const text = files.texts.get('2026-11')!
  const { stops } = JSON.parse(text) as { stops: unknown[][] }
  for (const damaged of [-1, 'much', 1.5, {}]) {
    const file = { ...JSON.parse(text), stops: [[...stops[0]!.slice(0, 4), damaged, null]] }
    const reopened = openLedger(memoryFiles(new Map([['2026-11', JSON.stringify(file)]])))
    expect(reopened.book('2026-11').stops.size).toBe(1)
    expect(saved(reopened, STOPPED_MS + HOUR_MS).usd).toBeNull()
    expect(reopened.book('2026-11').subjects.size).toBe(1)
  }
})

test('a stop at the end of a month is ended by what is seen in the next', () => {
  const ledger = openLedger()
  const endMs = Date.UTC(2026, 11, 1) - HOUR_MS
  recordPoll(ledger, endMs - HOUR_MS, [on])
  recordPoll(ledger, endMs, [off])
  ledger.recordStop('late', { name: 'trainer', atMs: endMs }, { podId: 'pod-1', isTerminated: false })
  const startedAtMs = endMs + 5 * HOUR_MS
  recordPoll(ledger, startedAtMs + MINUTE_MS, [{ ...on, startedAtMs }])
  expect(savedHours(ledger, startedAtMs + DAY_MS)).toBeCloseTo(5, 6)
})

test('what a stop of an unknown price or disk saves is unknown, and never $0', () => {
  for (const first of [
    { ...on, costPerHourUsd: null },
    { ...on, areMountsKnown: false },
  ]) {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS, [first])
    recordPoll(ledger, STOPPED_MS - MINUTE_MS, [first])
    stop(ledger)
    expect(saved(ledger, STOPPED_MS + HOUR_MS)).toEqual({ usd: null, isAtLeast: false })
  }
  const ledger = stopped()
  ledger.recordStop('never seen', { name: 'x', atMs: STOPPED_MS }, { podId: 'other', isTerminated: false })
  recordPoll(ledger, STOPPED_MS + HOUR_MS, [off])
  expect(saved(ledger, STOPPED_MS + HOUR_MS)).toEqual({
    usd: expect.closeTo(PER_HOUR_USD, 6),
    isAtLeast: true,
  })
  expect(savedByAutoStop([], new Map(), STOPPED_MS)).toEqual({ usd: 0, isAtLeast: false })
})

test('a stop that is recorded after the pod runs again saves only until then', () => {
  const ledger = openLedger()
  const startedAtMs = STOPPED_MS + 2 * HOUR_MS
  recordPoll(ledger, MONTH_START_MS, [on])
  recordPoll(ledger, startedAtMs + HOUR_MS, [{ ...on, startedAtMs }])
  stop(ledger)
  recordPoll(ledger, startedAtMs + 5 * HOUR_MS, [{ ...on, startedAtMs }])
  expect(savedHours(ledger, startedAtMs + 5 * HOUR_MS)).toBeCloseTo(2, 6)
})

test('a clock that was ahead makes no stop save more', () => {
  const ledger = stopped()
  ledger.repair(MONTH_START_MS + MINUTE_MS)
  const later = MONTH_START_MS + DAY_MS
  recordPoll(ledger, later, [off])
  expect(savedHours(ledger, later)).toBeLessThanOrEqual(12)
  expect(savedHours(ledger, MONTH_START_MS + MINUTE_MS)).toBe(0)
})

test('stops save no more than the pod was off after them, whatever happens', () => {
  const steps = fc.array(
    fc.record({
      minutes: fc.integer({ min: 1, max: 400 }),
      kind: fc.constantFrom('on', 'off', 'stop', 'miss'),
    }),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(steps, (all) => {
      const ledger = openLedger()
      let atMs = MONTH_START_MS
      let startedAtMs = STARTED_MS
      let isOn = true
      let offMs = 0
      let count = 0
      recordPoll(ledger, atMs, [on])
      for (const { minutes, kind } of all) {
        const beforeMs = atMs
        atMs += minutes * MINUTE_MS
        if (!isOn) offMs += atMs - beforeMs
        if (kind === 'miss') continue
        if (kind === 'on' && !isOn) startedAtMs = atMs
        isOn = kind === 'on'
        recordPoll(ledger, atMs, [{ ...(isOn ? on : off), startedAtMs }])
        if (kind !== 'stop') continue
        count += 1
        ledger.recordStop(`s${count}`, { name: 'x', atMs }, { podId: 'pod-1', isTerminated: false })
      }
      const { usd, isAtLeast } = savedByAutoStop(
        [...ledger.book('2026-11').stops.values(), ...ledger.book('2026-12').stops.values()],
        ledger.lastObservations(),
        atMs,
      )
      expect(isAtLeast).toBe(false)
      expect(usd).toBeGreaterThanOrEqual(0)
      // Several stops of a pod that is off already are no real case, but may count each.
      expect(usd!).toBeLessThanOrEqual((offMs / HOUR_MS) * PER_HOUR_USD * Math.max(1, count) + 1e-6)
      expect(usd!).toBeLessThanOrEqual(count * 12 * PER_HOUR_USD + 1e-6)
    }),
  )
})
