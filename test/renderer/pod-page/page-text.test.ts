import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import type { IdleActivity } from '../../../src/core/idle/activity'
import { cloudText } from '../../../src/renderer/pod-model/text/cloud-text'
import { dayCosts } from '../../../src/renderer/pod-page/day-costs'
import { guardSteps, guardTitle, nextStop } from '../../../src/renderer/pod-page/guard-steps'
import { costSummary, mountLines, parsePort } from '../../../src/renderer/pod-page/pod-page-text'
import { ruleLines } from '../../../src/renderer/pod-page/rule-lines'
import { verdictText } from '../../../src/renderer/pod-page/verdict-text'
import { noGuard } from '../../../src/core/guard/guard-view'
import { NOW_MS, podView } from '../../harness/samples/pod-views'

const limits = { busyAtPercent: 5, quietCpuPercent: 3, stillMemoryPoints: 2, vcpuCount: 24 }
const idle = (over: Partial<IdleActivity> = {}): IdleActivity => ({
  kind: 'idle',
  sinceMs: NOW_MS - 24 * MINUTE_MS,
  idleForMs: 24 * MINUTE_MS,
  quietForMs: 0,
  evidence: {
    gpuUtil: { min: 0, max: 2 },
    cpuUtil: { min: 1, max: 1 },
    isMemoryStill: true,
    samples: 96,
    idleSamples: 96,
  },
  ...over,
})

test('an idle pod is explained condition by condition, with its samples', () => {
  const verdict = verdictText(podView({ activity: idle() }), limits, NOW_MS)
  expect(verdict.title).toBe('Why it counts as idle')
  expect(verdict.basis).toMatch(/^96 samples since \d\d:\d\d$/)
  expect(verdict.lines.map(({ label, figure, text, isMet }) => [label, figure, text, isMet])).toEqual([
    ['GPU', '0–2%', 'below 5% in every sample', true],
    ['CPU', '1% of 24 cores', 'at rest', true],
    ['GPU and host memory', 'Unchanged', 'changed by less than 2 points', true],
    ['Terminal', 'No input', 'in any terminal of Podkeeper for 10 min', true],
  ])
})

test('a condition that fails comes first and says what it means', () => {
  const doubt = { about: 'cpu' as const, quietForMs: 1, vcpuCount: 104, belowCpuPercent: 3 }
  const first = (over: Partial<IdleActivity>) =>
    verdictText(podView({ activity: idle(over) }), limits, NOW_MS).lines[0]
  expect(first({ doubt })).toMatchObject({ label: 'CPU', isMet: false })
  expect(first({ doubt })?.text).toMatch(/A look from inside can tell$/)
  const evidence = idle().evidence!
  expect(first({ evidence: { ...evidence, cpuUtil: { min: 1, max: 42 } } })?.text).toBe(
    'at work, so auto-stop leaves it running',
  )
  expect(first({ evidence: { ...evidence, isMemoryStill: false } })).toMatchObject({
    label: 'GPU and host memory',
    figure: 'Changed',
  })
  expect(
    verdictText(podView({ activity: idle({ evidence: { ...evidence, idleSamples: 90 } }) }), limits, NOW_MS)
      .lines[0]?.text,
  ).toBe('below 5% in 90 of 96 samples')
  expect(first({ evidence: null, reportedMinutes: 42 })?.text).toMatch(/never to a stop$/)
})

test('a busy pod says what it is busy with, an unknown one why, and one that does not run is not judged', () => {
  const busy = verdictText(podView({}), limits, NOW_MS)
  expect([busy.title, busy.basis]).toEqual(['Why it counts as busy', 'a GPU is in use'])
  const partly = podView({
    activity: {
      kind: 'busy',
      by: 'gpu',
      partlyIdle: { idleGpus: 7, gpus: 8, sinceMs: 0, idleForMs: 40 * MINUTE_MS },
    },
  })
  expect(verdictText(partly, limits, NOW_MS).lines[0]).toMatchObject({ figure: '7 of 8', isMet: false })
  const unknown = podView({ activity: { kind: 'unknown', reason: 'uptime-stale', sinceMs: null } })
  expect(verdictText(unknown, limits, NOW_MS).lines[0]?.text).toMatch(/never treated as idle$/)
  expect(verdictText(podView({ phase: 'stopped' }), limits, NOW_MS).lines).toEqual([])
})

const LEADS_MS = [30 * MINUTE_MS, 5 * MINUTE_MS]
const planned = (minutes: number) => ({
  ...noGuard,
  autoStop: { kind: 'watching' as const, dueAtMs: NOW_MS + minutes * MINUTE_MS, cause: 'quiet' as const },
})
const steps = (...args: Parameters<typeof podView>) =>
  guardSteps(podView(...args), LEADS_MS, false, NOW_MS).map(({ text, state, atMs }) => [
    text,
    state,
    (atMs - NOW_MS) / MINUTE_MS,
  ])

test('the guard’s steps are in the order of their time, from the idle time to the stop', () => {
  expect(
    steps({
      activity: idle(),
      idleCostUsd: 1.6,
      costPerHourUsd: 4,
      alertAfterMs: 40 * MINUTE_MS,
      guard: planned(120),
    }),
  ).toEqual([
    ['Idle', 'done', -24],
    ['Now', 'now', 0],
    ['Idle alert', 'next', 16],
    ['Warning, 30 min before', 'next', 90],
    ['Warning, 5 min before', 'next', 115],
    ['Stop, $9.60 by then', 'stop', 120],
  ])
})

test('a warning that passed and a stop that is held have no step', () => {
  expect(steps({ activity: idle(), guard: planned(10) }).map(([text]) => text)).toEqual([
    'Idle',
    'Now',
    'Warning, 5 min before',
    'Stop',
  ])
  const held = {
    ...noGuard,
    autoStop: { kind: 'blocked' as const, cause: 'quiet' as const, conditions: [], text: '' },
  }
  expect(steps({ activity: idle(), guard: held }).map(([text]) => text)).toEqual(['Idle', 'Now'])
  const kept = { ...planned(60), keepOn: { sinceMs: 0, untilMs: null } }
  expect(steps({ activity: idle(), guard: kept }).map(([text]) => text)).toEqual(['Idle', 'Now'])
  expect(steps({})).toEqual([])
})

test('maximum hours that terminate say so, also of a busy pod', () => {
  const guard = {
    ...noGuard,
    rules: { maxHours: 8, atMaxHours: 'terminate' as const },
    autoStop: { kind: 'watching' as const, dueAtMs: NOW_MS + 2 * HOUR_MS, cause: 'max-hours' as const },
  }
  expect(steps({ guard }).at(-1)).toEqual(['Terminate', 'stop', 120])
  expect(steps({ guard })[0]).toEqual(['Now', 'now', 0])
})

test('the title says what comes, and that nothing does in a dry run', () => {
  const stop = nextStop(planned(120))
  expect(guardTitle(stop, false, NOW_MS)).toMatch(/^Auto-stop at \d\d:\d\d$/)
  expect(guardTitle(stop, true, NOW_MS)).toMatch(/^Dry run: would stop at/)
  expect(guardTitle({ atMs: NOW_MS, action: 'terminate' }, false, NOW_MS)).toMatch(/^Terminates at/)
  expect(guardTitle(nextStop(noGuard), false, NOW_MS)).toBe('Guard')
  const texts = guardSteps(podView({ guard: planned(120) }), [], true, NOW_MS).map(({ text }) => text)
  expect(texts).toEqual(['Now', 'Dry run: would stop'])
})

test('days have a cost once their months are known, and until then none', () => {
  const month = (name: string, ...days: readonly (readonly [startMs: number, cents: number])[]) =>
    ({
      month: name,
      days: days.map(([startMs, cents]) => ({
        startMs,
        parts: [
          { id: 'pod/a', cents, idleUsd: 0.5 },
          { id: 'pod/b', cents: 1_000, idleUsd: 0 },
        ],
      })),
    }) as unknown as NonNullable<Parameters<typeof dayCosts>[0][number]>
  const nowMs = Date.UTC(2026, 11, 2, 12)
  const before = month('2026-11', [Date.UTC(2026, 10, 25), 7], [Date.UTC(2026, 10, 26), 50])
  const current = month('2026-12', [Date.UTC(2026, 11, 2), 200])
  expect(dayCosts([before, current], 'a', nowMs)?.map(({ cents }) => cents)).toEqual([50, 0, 0, 0, 0, 0, 200])
  expect(dayCosts([before, current], 'a', nowMs)?.at(-1)).toMatchObject({ idleUsd: 0.5 })
  expect(dayCosts([null, current], 'a', nowMs)).toBeNull()
  expect(dayCosts([before, null], 'a', nowMs)).toBeNull()
  expect(dayCosts([null, month('2026-12')], 'a', Date.UTC(2026, 11, 7))).toHaveLength(7)
})

test('each rule says where it is from', () => {
  const settings = { idleAlertAfterMin: 15, autoStopAfterMin: 360 }
  const lines = (...args: Parameters<typeof podView>) =>
    ruleLines(podView(...args), 'ticked', settings, NOW_MS).map(({ label, value, source }) => [
      label,
      value,
      source,
    ])
  expect(lines({})).toEqual([
    ['Alert after', '15 min', 'account'],
    ['Auto-stop', 'Off', 'account'],
    ['Auto-stop after', '6 h', 'account'],
    ['Maximum hours', 'None', null],
    ['Monthly budget', 'None', null],
  ])
  const rules = {
    isAutoStopped: true,
    idleAlertAfterMin: 30,
    maxHours: 12,
    monthlyBudgetUsd: 150,
    atBudget: 'stop' as const,
    isLowCpuIdle: true,
    mayLoseData: true,
  }
  expect(lines({ guard: { ...noGuard, rules, isAutoStopEnabled: true } })).toEqual([
    ['Alert after', '30 min', 'this pod'],
    ['Auto-stop', 'On', 'this pod'],
    ['Auto-stop after', '6 h', 'account'],
    ['Maximum hours', '12 h, then stop', 'this pod'],
    ['Monthly budget', '$150.00, then stop', 'this pod'],
    ['Low CPU', 'Counts as idle', 'this pod'],
    ['Data loss', 'Allowed at a stop', 'this pod'],
  ])
  expect(ruleLines(podView({}), 'undecided', null, NOW_MS)[0]).toMatchObject({ value: '…' })
})

test('the cloud of a pod has the name that it has in the form of a new one, and an unknown one its own', () => {
  expect(['SECURE', 'COMMUNITY'].map(cloudText)).toEqual(['Secure', 'Community'])
  for (const other of ['ALL', 'Secure', 'toString', '']) expect(cloudText(other)).toBe(other)
})

test('only what is a port is one, and only HTTP can be opened', () => {
  expect(parsePort('8888/http')).toEqual({ number: 8_888, isHttp: true })
  expect(parsePort('22/tcp')).toEqual({ number: 22, isHttp: false })
  for (const text of ['', '8888', '0/http', '70000/http', '8888/https', '88 /http', '8888/http/x', '-1/tcp'])
    expect(parsePort(text), text).toBeNull()
})

test('mounts and costs are described in a few words', () => {
  const details = {
    persistentMount: { path: '/workspace', sizeGb: 100 },
    networkMounts: [
      { path: '/data', volumeId: 'v1' },
      { path: null, volumeId: 'v2' },
    ],
  } as unknown as Parameters<typeof mountLines>[0]
  expect(mountLines(details)).toEqual([
    { path: '/workspace', text: 'volume, 100 GB' },
    { path: '/data', text: 'network volume v1' },
    { path: 'Unknown path', text: 'network volume v2' },
  ])
  expect(costSummary(7, 4_483, 3.2)).toBe('7 days, $44.83, of which $3.20 idle')
  expect(costSummary(7, 0, 0)).toBe('7 days, $0.00')
})
