import { describe, expect, test } from 'vitest'
import type { PodRules } from '../../../src/core/pod-rules/pod-rules'
import type { Pod } from '../../../src/core/pods/pod'
import type { PodList } from '../../../src/core/pods/provider'
import { ok } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import {
  actionsSentBy,
  alertTitlesOf,
  decisionTextsOf,
  startGuardedMonitor,
  ticked,
} from '../../harness/guard/guarded-monitor'
import type { MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { gpus, pod, telemetry } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

/*
 * Runpod's own lookup times out in some polls and reports `runtime: null`, and lists fail now and then. See
 * docs/product-rules.md#33-missing-data and #35-stops-must-happen.
 */

interface World {
  readonly rules?: PodRules
  /** The pod at the nth list, beginning with 1, `ms` after the start; null: the list fails. */
  readonly at: (list: number, ms: number) => Partial<Pod> | null
}

/** The pod's own uptime, an hour at the start. */
const uptimeS = (ms: number): number => 3_600 + Math.floor(ms / SECOND_MS)

/** Polls every 15 seconds, and stops after an hour of quiet or at the rules' limits. */
async function startWorld({ rules = {}, at }: World): Promise<MonitorFixture> {
  const fixture = await startGuardedMonitor({
    guard: ticked(rules),
    settings: { autoStopAfterMin: 60 },
    pods: [],
  })
  const { provider, clock } = fixture
  const fromMs = clock.now().monotonicMs
  let lists = 0
  const podNow = (overrides: Partial<Pod>): Pod =>
    pod({ telemetry: telemetry({ uptimeS: uptimeS(clock.now().monotonicMs - fromMs) }), ...overrides })
  let isStopped = false
  provider.listPods = async () => {
    lists += 1
    const overrides = at(lists, clock.now().monotonicMs - fromMs)
    if (overrides === null) return failure('unreachable')
    const shown = podNow(isStopped ? { phase: 'stopped', actions: ['start'], telemetry: null } : overrides)
    provider.pods = [shown]
    return ok<PodList>({ pods: [shown], isComplete: true })
  }
  const act = provider.act.bind(provider)
  provider.act = async (id, action) => {
    isStopped = true
    return act(id, action)
  }
  fixture.monitor.refresh()
  await clock.advanceAsync(1)
  return fixture
}

const everyNth =
  (n: number) =>
  (list: number): Partial<Pod> =>
    list % n === 0 ? { telemetry: null } : {}

const warningsOf = (world: MonitorFixture): number =>
  alertTitlesOf(world, 'auto-stop-soon').length + alertTitlesOf(world, 'max-hours-soon').length

describe('a pod whose every nth list has no telemetry', () => {
  test.each([2, 3, 5, 20, 100])('is stopped at its maximum hours, after two warnings (n = %i)', async (n) => {
    const world = await startWorld({ rules: { isAutoStopped: false, maxHours: 2 }, at: everyNth(n) })
    await world.clock.advanceAsync(HOUR_MS - MINUTE_MS)
    expect(actionsSentBy(world)).toEqual([])
    await world.clock.advanceAsync(2 * MINUTE_MS)
    expect(actionsSentBy(world)).toEqual(['stop pod-1'])
    expect(warningsOf(world)).toBe(2)
    expect(decisionTextsOf(world).filter((text) => text.includes('called off'))).toEqual([])
  })

  test.each([5, 20, 100])(
    'is stopped once it was quiet for long enough, after two warnings (n = %i)',
    async (n) => {
      const world = await startWorld({ at: everyNth(n) })
      await world.clock.advanceAsync(HOUR_MS - MINUTE_MS)
      expect(actionsSentBy(world)).toEqual([])
      await world.clock.advanceAsync(2 * MINUTE_MS)
      expect(actionsSentBy(world)).toEqual(['stop pod-1'])
      expect(warningsOf(world)).toBe(2)
    },
  )
})

test('a pod that never reports telemetry is stopped at its maximum hours, counted from when it was first observed', async () => {
  const world = await startWorld({
    rules: { isAutoStopped: false, maxHours: 2 },
    at: () => ({ telemetry: null }),
  })
  await world.clock.advanceAsync(2 * HOUR_MS - MINUTE_MS)
  expect(actionsSentBy(world)).toEqual([])
  await world.clock.advanceAsync(2 * MINUTE_MS)
  expect(actionsSentBy(world)).toEqual(['stop pod-1'])
})

describe('a planned stop of a quiet pod', () => {
  const FIRST_MS = 30 * MINUTE_MS
  const during = (fromMs: number, toMs: number, then: Partial<Pod> | null): World['at'] => {
    return (_, ms) => (ms >= fromMs && ms < toMs ? then : {})
  }

  test.each<[string, Partial<Pod> | null]>([
    ['no telemetry', { telemetry: null }],
    ['failed lists', null],
    ['no actions', { actions: [] }],
    ['no word about a lock', { isLocked: null }],
    ['no start time', { startedAtMs: null }],
    ['unreadable mounts', { areMountsKnown: false }],
    ['a status that is not known', { phase: 'unknown' }],
  ])('is held by four minutes with %s, and keeps its warnings', async (_, then) => {
    const world = await startWorld({ at: during(FIRST_MS + MINUTE_MS, FIRST_MS + 5 * MINUTE_MS, then) })
    await world.clock.advanceAsync(HOUR_MS + 6 * MINUTE_MS)
    expect(actionsSentBy(world)).toEqual(['stop pod-1'])
    expect(warningsOf(world)).toBe(2)
    expect(decisionTextsOf(world).filter((text) => text.includes('called off'))).toEqual([])
  })

  test('shows what holds it instead of a time', async () => {
    const world = await startWorld({
      at: during(FIRST_MS + MINUTE_MS, FIRST_MS + 5 * MINUTE_MS, { telemetry: null }),
    })
    await world.clock.advanceAsync(FIRST_MS + 3 * MINUTE_MS)
    expect(world.monitor.snapshot().pods[0]?.guard.autoStop).toEqual({
      kind: 'blocked',
      cause: 'quiet',
      conditions: ['still-quiet'],
      text: 'Not stopped, since it reports no metrics.',
    })
  })

  test.each<[string, Partial<Pod> | null]>([
    ['no telemetry', { telemetry: null }],
    ['failed lists', null],
  ])('ends after ten minutes with %s, and a new one warns again', async (_, then) => {
    const world = await startWorld({ at: during(FIRST_MS + MINUTE_MS, FIRST_MS + 11 * MINUTE_MS, then) })
    await world.clock.advanceAsync(HOUR_MS + 12 * MINUTE_MS)
    expect(actionsSentBy(world)).toEqual([])
    await world.clock.advanceAsync(HOUR_MS)
    expect(actionsSentBy(world)).toEqual(['stop pod-1'])
    expect(warningsOf(world)).toBe(3)
    expect(decisionTextsOf(world)).toContain(
      'The automatic stop of trainer was canceled, since it could not be observed for a while.',
    )
  })

  test.each<[string, Partial<Pod>, string]>([
    ['is busy', { telemetry: telemetry({ gpus: gpus(80), uptimeS: 9_000 }) }, 'it is busy'],
    [
      'has a busy CPU',
      { telemetry: telemetry({ cpuUtilPercent: 40, uptimeS: 9_000 }) },
      'it has not been quiet for long enough',
    ],
  ])('ends at once when the pod %s', async (_, then, why) => {
    const world = await startWorld({
      at: (__, ms) =>
        ms >= FIRST_MS + MINUTE_MS && ms < FIRST_MS + MINUTE_MS + 20_000
          ? { ...then, telemetry: { ...then.telemetry!, uptimeS: uptimeS(ms) } }
          : {},
    })
    await world.clock.advanceAsync(HOUR_MS + 5 * MINUTE_MS)
    expect(actionsSentBy(world)).toEqual([])
    expect(decisionTextsOf(world)).toContain(`The automatic stop of trainer was canceled, since ${why}.`)
    await world.clock.advanceAsync(HOUR_MS)
    expect(actionsSentBy(world)).toEqual(['stop pod-1'])
    expect(warningsOf(world)).toBe(3)
  })
})

describe('a pod with 104 cores at 1% CPU, which may be noise or one busy core', () => {
  const unclear = (ms: number): Partial<Pod> => ({
    vcpuCount: 104,
    telemetry: telemetry({ cpuUtilPercent: 1, uptimeS: uptimeS(ms) }),
  })

  test('is not stopped, and the window says why', async () => {
    const world = await startWorld({ at: (_, ms) => unclear(ms) })
    await world.clock.advanceAsync(3 * HOUR_MS)
    expect(actionsSentBy(world)).toEqual([])
    expect(warningsOf(world)).toBe(0)
    expect(world.monitor.snapshot().pods[0]?.guard.autoStop).toMatchObject({
      kind: 'blocked',
      conditions: ['cannot-tell'],
      text: expect.stringMatching(
        /isn’t certain from outside whether it is working: CPU below 3% of 104 cores/,
      ) as string,
    })
  })

  test('is stopped after two warnings where its rules count that as idle', async () => {
    const world = await startWorld({ rules: { isLowCpuIdle: true }, at: (_, ms) => unclear(ms) })
    await world.clock.advanceAsync(HOUR_MS + 2 * MINUTE_MS)
    expect(actionsSentBy(world)).toEqual(['stop pod-1'])
    expect(warningsOf(world)).toBe(2)
  })

  test('is stopped an hour after the last such sample', async () => {
    const world = await startWorld({
      at: (_, ms) =>
        ms < 10 * MINUTE_MS
          ? unclear(ms)
          : { ...unclear(ms), telemetry: telemetry({ cpuUtilPercent: 0, uptimeS: uptimeS(ms) }) },
    })
    await world.clock.advanceAsync(HOUR_MS + 9 * MINUTE_MS)
    expect(actionsSentBy(world)).toEqual([])
    await world.clock.advanceAsync(3 * MINUTE_MS)
    expect(actionsSentBy(world)).toEqual(['stop pod-1'])
    expect(warningsOf(world)).toBe(2)
  })
})
