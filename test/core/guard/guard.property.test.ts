import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS, type Instant, MINUTE_MS } from '../../../src/core/base/time/time'
import { START_MS } from '../../harness/base/fake-clock'
import {
  runTrace,
  type SentAction,
  TRACE_START,
  type TraceSample,
  traceSettings,
  type TraceStep,
} from '../../harness/guard/guard-trace'

/** For a pod that certainly costs $2 an hour, whatever its disks cost. */
const BUDGET_USD = 4
const PER_HOUR_USD = 2
/** Two hours after the start of every sequence. */
const STOP_AT_MS = START_MS + 2 * HOUR_MS
const STOP_AT = `${new Date(STOP_AT_MS).toISOString().slice(11, 16)} UTC`

const calm: TraceStep = {
  look: 'quiet',
  passMin: 2,
  jumpMs: 0,
  rules: { isAutoStopped: true },
  mode: 'ticked',
  isPaused: false,
  isDryRun: false,
  isLocked: false,
  hasVolume: true,
  isHeard: true,
  isFreshBusy: false,
}

/**
 * Usually one thing goes wrong at a time, and mostly nothing does, because otherwise no pod would ever be
 * stopped.
 */
const mishap: fc.Arbitrary<Partial<TraceStep>> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Partial<TraceStep>>(
      { look: 'busy' },
      { look: 'blind' },
      { look: 'loud' },
      { look: 'creeping' },
      { look: 'restarted' },
      { look: 'stopped' },
      { look: 'failed' },
      { passMin: 7 },
      { jumpMs: HOUR_MS },
      { jumpMs: -HOUR_MS },
      { jumpMs: 29_000 },
      { rules: {} },
      { rules: { isAutoStopped: true, keepOn: { sinceMs: START_MS, untilMs: null } } },
      { rules: { isAutoStopped: true, keepOn: { sinceMs: START_MS, untilMs: START_MS + 2 * HOUR_MS } } },
      { mode: 'off' },
      { mode: 'undecided' },
      { isPaused: true },
      { isDryRun: true },
      { isLocked: true },
      { isLocked: null },
      { hasVolume: false },
      { isHeard: false },
      { isFreshBusy: true },
    ),
  },
)
const told: fc.Arbitrary<Partial<TraceStep>> = fc.constantFrom<Partial<TraceStep>>(
  {},
  {},
  { mode: 'all', rules: {} },
  { rules: { isAutoStopped: true, maxHours: 2 } },
  { rules: { isAutoStopped: true, maxHours: 2, atMaxHours: 'terminate' } },
  { rules: { isAutoStopped: true, monthlyBudgetUsd: BUDGET_USD, atBudget: 'stop' } },
  { mode: 'off', rules: { stopAt: STOP_AT } },
  { rules: { isAutoStopped: true, stopAt: STOP_AT } },
)
const life = fc
  .tuple(
    told,
    fc.array(fc.record({ mishap, times: fc.integer({ min: 1, max: 40 }) }), { minLength: 2, maxLength: 6 }),
  )
  .map(([base, phases]) =>
    phases.flatMap(({ mishap: wrong, times }) =>
      Array.from(
        { length: wrong.look === 'quiet' || wrong.look === undefined ? times : Math.ceil(times / 10) },
        () => ({
          ...calm,
          ...base,
          ...wrong,
          rules: wrong.rules ?? base.rules ?? calm.rules,
        }),
      ),
    ),
  )

const apartMs = (a: Instant, b: Instant): number => b.monotonicMs - a.monotonicMs
const isContinuous = (a: TraceSample, b: TraceSample): boolean =>
  apartMs(a.at, b.at) <= 5 * MINUTE_MS &&
  Math.abs(b.at.wallMs - a.at.wallMs - apartMs(a.at, b.at)) <= 30_000 &&
  a.startedAtMs === b.startedAtMs

/** Polls are two minutes apart, and an interval of up to twice the spacing in the settings counts. */
const COUNTED_MS = 2 * traceSettings.pollActiveS * 1_000

/** How long the pod was observed quiet up to the last poll, computed from all polls. */
function quietForMs(looks: readonly TraceSample[]): number {
  const isQuiet = (look: TraceSample) => ['quiet', 'creeping', 'restarted'].includes(look.step.look)
  const last = looks.at(-1)!
  if (!isQuiet(last)) return 0
  let first = last
  let quietMs = 0
  const memory: number[] = []
  for (const look of [...looks].reverse()) {
    if (look.step.look === 'blind') continue
    memory.push(look.memory)
    const isStill = Math.max(...memory) - Math.min(...memory) < 2
    if (!isQuiet(look) || !isStill || (look !== last && !isContinuous(look, first))) break
    const intervalMs = apartMs(look.at, first.at)
    if (intervalMs <= COUNTED_MS) quietMs += intervalMs
    first = look
  }
  return quietMs
}

function expectAllowed(one: SentAction): void {
  const { at, action, cause, step, samples, deliveredWarnings } = one
  const last = samples.at(-1)!
  expect(step.look).not.toBe('stopped')
  const isSelected = step.mode === 'all' || (step.mode === 'ticked' && step.rules.isAutoStopped === true)
  if (cause === 'quiet') expect(isSelected).toBe(true)
  expect([step.isPaused, step.isDryRun, step.isLocked]).toEqual([false, false, false])
  expect(step.hasVolume || action === 'terminate').toBe(true)
  const { keepOn } = step.rules
  // The clock of this computer may be wrong, so time is that of the monotonic clock.
  const atMs = TRACE_START.wallMs + apartMs(TRACE_START, at)
  expect(keepOn === undefined || (keepOn.untilMs !== null && keepOn.untilMs <= atMs)).toBe(true)
  if (cause === 'quiet') {
    expect(step.isFreshBusy).toBe(false)
    expect(quietForMs(samples)).toBeGreaterThanOrEqual(traceSettings.autoStopAfterMin * MINUTE_MS)
  } else if (cause === 'stop-time') {
    expect(step.rules.stopAt).toBe(STOP_AT)
    expect(step.isFreshBusy).toBe(false)
    expect(atMs).toBeGreaterThanOrEqual(STOP_AT_MS)
    expect(last.startedAtMs).toBeLessThan(STOP_AT_MS)
    expect(quietForMs(samples)).toBeGreaterThanOrEqual(35 * MINUTE_MS)
  } else if (cause === 'budget') {
    expect(step.rules.atBudget).toBe('stop')
    // On the monotonic clock.
    const ranMs = apartMs(TRACE_START, at) + HOUR_MS
    expect((ranMs / HOUR_MS) * PER_HOUR_USD).toBeGreaterThanOrEqual(BUDGET_USD)
  } else {
    // On the monotonic clock. Every sequence starts with a pod that has run for an hour.
    const ranMs = apartMs(TRACE_START, at) + HOUR_MS
    expect(ranMs).toBeGreaterThanOrEqual((step.rules.maxHours ?? Number.POSITIVE_INFINITY) * HOUR_MS)
  }
  const kind = cause === 'max-hours' ? 'max-hours-soon' : 'auto-stop-soon'
  const warnings = deliveredWarnings.filter(
    ({ key }) => key.kind === kind && key.episode.startsWith(`${cause}:`),
  )
  const ofPlan = (name: string) => warnings.filter(({ key }) => key.episode.endsWith(`:${name}`)).at(-1)
  expect(apartMs(ofPlan('first')!.at, at)).toBeGreaterThanOrEqual(30 * MINUTE_MS)
  expect(apartMs(ofPlan('last')!.at, at)).toBeGreaterThanOrEqual(5 * MINUTE_MS)
  const since = samples.filter((look) => apartMs(ofPlan('first')!.at, look.at) > 0)
  const blocking = since.filter(
    ({ step: between, startedAtMs }) =>
      between.isPaused ||
      between.isLocked === true ||
      (cause === 'quiet' && between.mode === 'off') ||
      startedAtMs !== last.startedAtMs,
  )
  expect(blocking, 'what blocked the stop since the first warning').toEqual([])
  const known = since.filter(({ step: between }) => between.isLocked !== null)
  const gapsMs = known.slice(1).map((look, index) => apartMs(known[index]!.at, look.at))
  expect(Math.max(0, ...gapsMs), 'the longest gap that holds a plan').toBeLessThanOrEqual(5 * MINUTE_MS)
  if (action === 'terminate') {
    expect([cause, step.rules.atMaxHours]).toEqual(['max-hours', 'terminate'])
    expect(ofPlan('first')!.title).toContain('will be terminated')
  } else expect(ofPlan('first')!.title).toContain('will be stopped')
}

describe('in any sequence of events', () => {
  test('a pod is stopped automatically only if every condition holds and both warnings were delivered in time', async () => {
    await fc.assert(
      fc.asyncProperty(life, async (steps) => {
        for (const one of await runTrace(steps)) expectAllowed(one)
      }),
      { numRuns: 80 },
    )
  }, 180_000)

  test('a pod is stopped when every condition holds, so that the guard does act', async () => {
    const stops = { quiet: 0, 'max-hours': 0, 'stop-time': 0, budget: 0, terminate: 0 }
    for (const steps of fc.sample(life, { numRuns: 90, seed: 7 }))
      for (const { cause, action } of await runTrace(steps)) {
        stops[cause] += 1
        if (action === 'terminate') stops.terminate += 1
      }
    for (const count of Object.values(stops)) expect(count).toBeGreaterThan(2)
  }, 180_000)

  test.each([
    ['quiet', {}],
    ['max-hours', { look: 'busy', rules: { isAutoStopped: true, maxHours: 2 } }],
    [
      'budget',
      { look: 'busy', rules: { isAutoStopped: true, monthlyBudgetUsd: BUDGET_USD, atBudget: 'stop' } },
    ],
  ] as const)('a pod without problems is stopped within three polls of its time (%s)', async (cause, how) => {
    const [first] = await runTrace(Array.from({ length: 40 }, () => ({ ...calm, ...how })))
    expect(first?.cause).toBe(cause)
    expect(apartMs(first!.samples[0]!.at, first!.at)).toBeLessThanOrEqual(HOUR_MS + 7 * MINUTE_MS)
  })
})
