import { describe, expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { insideNowOf } from '../../../src/core/guard/evidence/inside-looks'
import {
  activityAt,
  type ActivityHistory,
  addSample,
  emptyHistory,
  isBetweenRefreshes,
} from '../../../src/core/idle/activity'
import { idleReason } from '../../../src/core/idle/idle-text'
import { isAboutUse } from '../../../src/core/idle/quiet-doubt'
import { defaultActivityRules as rules } from '../../../src/core/idle/sample'
import { reportedMetrics, reportedMetricsText } from '../../../src/core/idle/reported-metrics'
import { gpus, instant, sample, type SampleOverrides } from '../../harness/samples/pods'

const POLL_S = 15

interface Reported {
  readonly everyS?: number
  readonly minutes: number
  /** What a reading at that time has beside its uptime. */
  readonly shows?: (atS: number) => SampleOverrides
}

/** A pod an hour after its start, polled every 15 s, whose figures change every `everyS`. */
function historyOf({ everyS = POLL_S, minutes, shows = () => ({}) }: Reported): ActivityHistory {
  let history = emptyHistory
  for (let atS = 0; atS <= minutes * 60; atS += POLL_S) {
    const uptimeS = 3_600 + Math.floor(atS / everyS) * everyS
    const { telemetry, ...others } = shows(atS)
    const figures = telemetry === null ? null : { uptimeS, ...telemetry }
    history = addSample(history, sample(atS * SECOND_MS, { ...others, telemetry: figures }), rules)
  }
  return history
}

const activityOf = (reported: Reported) =>
  activityAt(historyOf(reported), instant(reported.minutes * MINUTE_MS), rules)
const idleMin = (reported: Reported): number => {
  const activity = activityOf(reported)
  return activity.kind === 'idle' ? activity.idleForMs / MINUTE_MS : -1
}

describe('figures that change rarely', () => {
  test.each([
    [45, 30],
    [90, 30],
    [180, 60],
    [300, 90],
  ])('every %d s are idle time once that is known', (everyS, minutes) => {
    const known = (5 * everyS) / 60
    const idle = idleMin({ everyS, minutes })
    expect(idle).toBeGreaterThanOrEqual(minutes - known - (2 * everyS) / 60)
    expect(idle).toBeLessThanOrEqual(minutes)
  })

  test('show between two refreshes what the last one showed, for no longer', () => {
    const slow = { everyS: 90, minutes: 20.5 }
    expect(activityOf(slow).kind).toBe('idle')
    expect(isBetweenRefreshes(historyOf(slow), rules)).toBe(true)
    expect(isBetweenRefreshes(historyOf({ ...slow, minutes: 21 }), rules)).toBe(false)
    const frozen = {
      everyS: 90,
      minutes: 24,
      shows: (atS: number) => (atS < 1_200 ? {} : { telemetry: { uptimeS: 4_770 } }),
    }
    expect(activityOf(frozen)).toMatchObject({ kind: 'unknown', reason: 'uptime-stale' })
    const busy = { everyS: 90, minutes: 20.5, shows: () => ({ telemetry: { gpus: gpus(80) } }) }
    expect(activityOf(busy)).toMatchObject({ kind: 'busy', by: 'gpu' })
  })

  test('for 40 min are no idle time', () => {
    const until = 20 * 60
    const shows = (atS: number) =>
      atS < until || atS > until + 2_400 ? {} : { telemetry: { uptimeS: 3_600 + until } }
    expect(idleMin({ minutes: 62, shows })).toBeLessThan(3)
  })

  test('every 10 min say only that it works', () => {
    const slow = { everyS: 600, minutes: 70 }
    expect(activityOf(slow)).toMatchObject({ kind: 'unknown', reason: 'refreshed-rarely' })
    expect(activityOf({ ...slow, shows: () => ({ telemetry: { gpus: gpus(50) } }) }).kind).toBe('busy')
  })

  test('leave open above 60 s whether it was quiet', () => {
    expect(activityOf({ everyS: 60, minutes: 40 })).not.toHaveProperty('doubt')
    const slow = activityOf({ everyS: 90, minutes: 40 })
    expect(slow).toMatchObject({ quietForMs: 0, doubt: { about: 'cadence', cadenceMs: 90 * SECOND_MS } })
    expect(slow.kind === 'idle' && slow.doubt && isAboutUse(slow.doubt)).toBe(false)
  })
})

describe('figures that never come', () => {
  test.each([
    ['cpuUtilPercent', 'cpu-missing', 'GPU 0%, memory unchanged'],
    ['memoryUtilPercent', 'memory-missing', 'GPU 0%, CPU 1%, memory unchanged'],
  ] as const)('(%s) leave an idle pod that may not be quiet', (figure, about, text) => {
    const shows = () => ({ telemetry: { [figure]: null } })
    expect(activityOf({ minutes: 9, shows })).toMatchObject({ kind: 'unknown', reason: 'figure-missing' })
    const activity = activityOf({ minutes: 30, shows })
    expect(activity).toMatchObject({ kind: 'idle', quietForMs: 0, doubt: { about } })
    expect(activity.kind === 'idle' && idleReason(activity)).toContain(text)
  })

  test('of a GPU are never left out', () => {
    const shows = () => ({ telemetry: { gpus: gpus(null) } })
    expect(activityOf({ minutes: 60, shows })).toMatchObject({ kind: 'unknown', reason: 'figure-missing' })
  })
})

describe('a pod without figures', () => {
  const seen =
    (insideNow: 'at-rest' | 'working', over: SampleOverrides = {}) =>
    () => ({
      telemetry: null,
      insideNow,
      ...over,
    })

  test('is idle by what is seen inside, ten minutes after the figures went', () => {
    expect(activityOf({ minutes: 9.5, shows: seen('at-rest') })).toMatchObject({
      kind: 'unknown',
      reason: 'no-telemetry',
    })
    const activity = activityOf({ minutes: 40, shows: seen('at-rest') })
    expect(activity).toMatchObject({
      kind: 'idle',
      idleForMs: 30 * MINUTE_MS,
      quietForMs: 0,
      doubt: { about: 'no-metrics', quietForMs: 30 * MINUTE_MS },
      evidence: { gpuUtil: null, cpuUtil: null, isMemoryStill: null },
    })
    expect(activity.kind === 'idle' && idleReason(activity)).toMatch(/^at rest inside since /)
  })

  test('is busy if something works inside, and unknown if nothing looks or a figure shows work', () => {
    expect(activityOf({ minutes: 20, shows: seen('working') })).toMatchObject({ kind: 'busy', by: 'inside' })
    expect(activityOf({ minutes: 20, shows: () => ({ telemetry: null }) }).kind).toBe('unknown')
    const works = { telemetry: { gpus: [{ utilPercent: 60, memoryUtilPercent: null }] } }
    expect(activityOf({ minutes: 20, shows: seen('at-rest', works) }).kind).toBe('unknown')
  })

  test('is not idle in the ten minutes after a start', () => {
    const startedAtMs = (atS: number) => instant((atS < 480 ? -60 : 8) * MINUTE_MS).wallMs
    const shows = (atS: number) => seen('at-rest', { startedAtMs: startedAtMs(atS) })()
    const late = (minutes: number) => activityOf({ minutes, shows }).kind
    expect([late(17.5), late(18.5)]).toEqual(['unknown', 'idle'])
  })

  test('whose figures can be judged goes by them, whatever is seen inside', () => {
    expect(activityOf({ minutes: 30, shows: () => ({ insideNow: 'working' }) })).toMatchObject({
      kind: 'idle',
    })
  })
})

test('what is seen inside around now is of a recent look, or of the guard, and work comes first', () => {
  const now = instant(60 * MINUTE_MS)
  const verdict = (kind: 'at-rest' | 'working', agoS: number, isLive = false) => ({
    kind,
    atMs: now.wallMs - agoS * SECOND_MS,
    text: '',
    ...(isLive && { isLive: true as const }),
  })
  expect(insideNowOf([null, null], now)).toBeNull()
  expect(insideNowOf([null, verdict('at-rest', 90)], now)).toBe('at-rest')
  expect(insideNowOf([null, verdict('at-rest', 91)], now)).toBeNull()
  expect(insideNowOf([null, verdict('working', 360)], now)).toBe('working')
  expect(insideNowOf([null, verdict('working', 361)], now)).toBeNull()
  expect(insideNowOf([null, verdict('working', 10, true)], now)).toBeNull()
  expect(insideNowOf([verdict('at-rest', 360), null], now)).toBe('at-rest')
  expect(insideNowOf([verdict('at-rest', 361), null], now)).toBeNull()
  expect(insideNowOf([verdict('at-rest', 10), verdict('working', 10)], now)).toBe('working')
  expect(insideNowOf([verdict('working', 10), verdict('at-rest', 10)], now)).toBe('working')
})

test('the page says what is reported of a pod, once that is known', () => {
  const metricsOf = (over: Reported) =>
    reportedMetrics(historyOf(over).head, 1, instant(over.minutes * MINUTE_MS))
  expect(metricsOf({ minutes: 1 })).toBeNull()
  const text = (over: Reported) => reportedMetricsText(metricsOf(over)!, 'Runpod')
  expect(text({ everyS: 30, minutes: 20 })).toBe('Runpod refreshes these figures every 30 s.')
  expect(text({ minutes: 20 })).toBe('Runpod refreshes these figures at least every 15 s.')
  const bare = { cpuUtilPercent: null, memoryUtilPercent: null }
  expect(text({ everyS: 300, minutes: 40, shows: () => ({ telemetry: bare }) })).toBe(
    'Runpod refreshes these figures every 5 min; it reports no CPU or memory.',
  )
})
