import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fail, ok } from '../../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { START_WINDOW_MS, type StartFacts, startStep } from '../../../../src/core/guard/starts/start-step'
import { parseTypedStartTime, startTimeText } from '../../../../src/core/pod-rules/start-time'
import type { Pod } from '../../../../src/core/pods/pod'
import { flushPromises, START_MS } from '../../../harness/base/fake-clock'
import { actionsSentBy } from '../../../harness/guard/guarded-monitor'
import {
  createMonitorFixture,
  type MonitorFixture,
  type MonitorFixtureOptions,
  withServerClock,
} from '../../../harness/monitor/monitor-fixture'
import { failure } from '../../../harness/monitor/scripted-provider'
import { configuration } from '../../../harness/samples/configurations'
import { gpuOffer } from '../../../harness/samples/pod-forms'
import { pod, stoppedPod } from '../../../harness/samples/pods'

// A start that a person planned for a stopped pod. See docs/product-rules.md#31-rules.

const settings = { pollActiveS: 60, pollIdleS: 60 }
const PLANNED_MS = START_MS + 2 * HOUR_MS
const plan = { startAt: startTimeText(PLANNED_MS), startMaxPerHourUsd: 2.5, maxHours: 4 }

interface Market {
  /** USD per hour of one GPU. Null: the API gives none. */
  usd: number | null
  isReadable: boolean
}

/** A monitor whose pod is stopped, and what its GPU costs. */
async function watch(
  options: MonitorFixtureOptions = {},
  market: Market = { usd: 2, isReadable: true },
): Promise<MonitorFixture & { readonly market: Market }> {
  const fixture = withServerClock(createMonitorFixture({ pods: [stoppedPod()], settings, ...options }))
  Object.assign(fixture.provider, {
    readPodConfiguration: async () => (market.isReadable ? ok(configuration()) : failure('unreachable')),
    listGpus: async () =>
      ok([
        gpuOffer('H100 SXM', {
          id: configuration().gpu?.typeId ?? '',
          priceUsd: { SECURE: market.usd, COMMUNITY: market.usd },
        }),
      ]),
  })
  fixture.monitor.start()
  await flushPromises()
  return { ...fixture, market }
}

async function planned(market?: Market): Promise<MonitorFixture & { readonly market: Market }> {
  const fixture = await watch({}, market)
  expect(fixture.monitor.changePodRules('pod-1', plan)).toEqual(ok(undefined))
  return fixture
}
const until = (fixture: MonitorFixture, ms: number): Promise<void> =>
  fixture.clock.advanceAsync(ms - fixture.clock.now().wallMs)
const rulesOf = (fixture: MonitorFixture) => fixture.monitor.snapshot().pods[0]?.guard.rules
const endedOf = (fixture: MonitorFixture): string[] =>
  fixture.alerts
    .filter(({ key }) => key.kind === 'action-ended')
    .map(({ title, body }) => `${title}: ${body}`)

describe('a planned start', () => {
  test('is sent once at its time, keeps the maximum hours, and is called planned in the log', async () => {
    const fixture = await planned()
    await until(fixture, PLANNED_MS - MINUTE_MS)
    expect(actionsSentBy(fixture)).toEqual([])
    await until(fixture, PLANNED_MS + 2 * MINUTE_MS)
    expect(actionsSentBy(fixture)).toEqual(['start pod-1'])
    expect(rulesOf(fixture)).toEqual({ maxHours: 4 })
    expect(fixture.auditEntries.map(({ intent }) => intent?.requester)).toContain('plan')
    await until(fixture, PLANNED_MS + 12 * HOUR_MS)
    expect(actionsSentBy(fixture)).toEqual(['start pod-1'])
  })

  test('is sent once if the plan could not be removed, and by the next run of the program', async () => {
    const fixture = await planned()
    fixture.guards.isFull = true
    await until(fixture, PLANNED_MS + 5 * MINUTE_MS)
    expect(actionsSentBy(fixture)).toEqual(['start pod-1'])
    expect(fixture.reports.join()).toContain('A planned start could not be removed')
    fixture.guards.isFull = false
    fixture.monitor.dispose()
    const next = await watch({ earlier: fixture })
    await next.clock.advanceAsync(5 * MINUTE_MS)
    expect(actionsSentBy(next)).toEqual([])
    expect(rulesOf(next)).toEqual({ maxHours: 4 })
  })

  test.each([
    [3, 'It costs $3.02/hr now, and you allowed $2.50/hr.'],
    [null, 'It was more than 15 min late. What the pod costs while it runs isn’t known.'],
  ])('at %s USD per hour starts nothing, and says why once', async (usd, why) => {
    const fixture = await planned({ usd, isReadable: true })
    await until(fixture, PLANNED_MS + 2 * HOUR_MS)
    expect(actionsSentBy(fixture)).toEqual([])
    expect(endedOf(fixture)).toEqual([
      `trainer was not started: It was planned for 16:05. ${why} Nothing was started.`,
    ])
    expect(rulesOf(fixture)).toEqual({ maxHours: 4 })
  })

  test('waits until its price can be read, within 15 min', async () => {
    const fixture = await planned({ usd: 2, isReadable: false })
    await until(fixture, PLANNED_MS + 8 * MINUTE_MS)
    expect(actionsSentBy(fixture)).toEqual([])
    fixture.market.isReadable = true
    await until(fixture, PLANNED_MS + 10 * MINUTE_MS)
    expect(actionsSentBy(fixture)).toEqual(['start pod-1'])
  })

  test('is dropped after a sleep that ended too late, and said', async () => {
    const fixture = await planned()
    fixture.monitor.suspend()
    fixture.clock.shiftWallClock(3 * HOUR_MS)
    fixture.monitor.resume()
    await fixture.clock.advanceAsync(10 * MINUTE_MS)
    expect(actionsSentBy(fixture)).toEqual([])
    expect(endedOf(fixture)).toEqual([expect.stringContaining('It was more than 15 min late.')])
  })

  test('is not sent early by a computer whose clock is set ahead', async () => {
    const fixture = await planned()
    // The server’s clock goes on as it did.
    const { clock, provider } = fixture
    provider.serverTime = () => ({ atMs: START_MS + clock.now().monotonicMs, receivedAt: clock.now() })
    await clock.advanceAsync(10 * MINUTE_MS)
    clock.shiftWallClock(2 * HOUR_MS)
    await clock.advanceAsync(30 * MINUTE_MS)
    expect(actionsSentBy(fixture)).toEqual([])
  })

  test('is over without a word once the pod runs', async () => {
    const fixture = await planned()
    fixture.provider.pods = [pod({ startedAtMs: START_MS })]
    await until(fixture, PLANNED_MS + 2 * MINUTE_MS)
    expect([actionsSentBy(fixture), endedOf(fixture)]).toEqual([[], []])
    expect(rulesOf(fixture)).toEqual({ maxHours: 4 })
  })

  test('is not sent by a program that does not act, which leaves the plan', async () => {
    const fixture = await planned()
    fixture.system.isActive = false
    await until(fixture, PLANNED_MS + HOUR_MS)
    expect(actionsSentBy(fixture)).toEqual([])
    expect(rulesOf(fixture)).toEqual(plan)
  })

  test('is canceled together with its price', async () => {
    const fixture = await planned()
    expect(fixture.monitor.changePodRules('pod-1', { startAt: null })).toEqual(ok(undefined))
    await until(fixture, PLANNED_MS + HOUR_MS)
    expect(actionsSentBy(fixture)).toEqual([])
    expect(rulesOf(fixture)).toEqual({ maxHours: 4 })
  })
})

test.each([
  [{ startAt: plan.startAt }, 'A planned start needs the most that the pod may cost per hour.'],
  [{ startAt: plan.startAt, startMaxPerHourUsd: 2 }, 'A planned start needs maximum hours'],
  [{ ...plan, startAt: startTimeText(START_MS - MINUTE_MS) }, 'must be within the next 8 days'],
  [{ ...plan, startAt: startTimeText(START_MS + 9 * 24 * HOUR_MS) }, 'must be within the next 8 days'],
])('a plan that is not whole, or not for the next days, is refused: %j', async (changes, problem) => {
  const fixture = await watch()
  const refused = fixture.monitor.changePodRules('pod-1', changes)
  expect(refused).toMatchObject({ ok: false, error: expect.stringContaining(problem) })
  expect(rulesOf(fixture)).toEqual({})
})

test('maximum hours can’t be removed while a start is planned', async () => {
  const fixture = await planned()
  expect(fixture.monitor.changePodRules('pod-1', { maxHours: null })).toMatchObject({ ok: false })
  expect(rulesOf(fixture)).toEqual(plan)
})

test('whatever is observed, a start is sent only in its 15 min, of a stopped pod with a limit, for at most the price', () => {
  const phases: readonly Pod['phase'][] = ['creating', 'running', 'stopped', 'error', 'terminated', 'unknown']
  const facts: fc.Arbitrary<StartFacts> = fc.record({
    nowMs: fc.option(fc.integer({ min: -HOUR_MS, max: HOUR_MS })),
    wallMs: fc.integer({ min: -HOUR_MS, max: HOUR_MS }),
    phase: fc.constantFrom(...phases),
    isStartOffered: fc.boolean(),
    hasOpenAction: fc.boolean(),
    wasSent: fc.boolean(),
    hasMaxHours: fc.boolean(),
    price: fc.option(
      fc.oneof(
        fc.double({ min: 0, max: 5, noNaN: true }).map((usd) => ok(usd)),
        fc.constant(fail('It is not known.')),
      ),
    ),
  })
  fc.assert(
    fc.property(facts, (seen) => {
      const { nowMs, price } = seen
      const isInTime = nowMs !== null && nowMs >= 0 && nowMs <= START_WINDOW_MS
      const isStoppedAndFree =
        seen.phase === 'stopped' && seen.isStartOffered && !seen.hasOpenAction && !seen.wasSent
      const isPaid = seen.hasMaxHours && price !== null && price.ok && price.value <= 2
      const { kind } = startStep({ atMs: 0, maxPerHourUsd: 2 }, seen)
      expect(kind === 'start').toBe(isInTime && isStoppedAndFree && isPaid)
      // It is not kept for later, and nothing is decided before its time.
      if (nowMs !== null && nowMs > START_WINDOW_MS) expect(['over', 'drop']).toContain(kind)
      if (nowMs === null && seen.wallMs > 2 * START_WINDOW_MS) expect(['over', 'drop']).toContain(kind)
      if (nowMs !== null && nowMs < 0 && !seen.wasSent) expect(kind).toBe('wait')
    }),
  )
})

test.each([
  ['09:00 Europe/Berlin', '2026-12-07T12:00Z', '2026-12-08T08:00'],
  // Berlin's clocks go forward at 2:00 on March 28, 2027, and back at 3:00 on October 31.
  ['09:00 Europe/Berlin', '2027-03-27T12:00Z', '2027-03-28T07:00'],
  ['02:30 Europe/Berlin', '2027-03-27T12:00Z', '2027-03-28T01:30'],
  ['09:00 Europe/Berlin', '2027-10-30T12:00Z', '2027-10-31T08:00'],
  ['02:30 Europe/Berlin', '2027-10-30T12:00Z', '2027-10-31T00:30'],
  ['09:00 mon UTC', '2026-12-07T12:00Z', '2026-12-14T09:00'],
  ['2026-12-08T09:00+01:00', '2026-12-07T12:00Z', '2026-12-08T08:00'],
])('%s, typed at %s, is %s', (typed, nowIso, expected) => {
  expect(startTimeText(parseTypedStartTime(typed, Date.parse(nowIso)) ?? 0)).toBe(`${expected}:00.000Z`)
})

test.each(['9 AM', '25:00', 'never', '2026-12-08', '2026-12-08T09:00', '2026-13-08T09:00Z', ''])(
  '%j is no start time',
  (typed) => expect(parseTypedStartTime(typed, START_MS)).toBeNull(),
)
