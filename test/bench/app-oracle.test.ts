import { expect, test } from 'vitest'
import { type AppEvent, checkApp } from '../../bench/guard/app-oracle'
import { type AppPod, quirks, writeAppScript } from '../../bench/guard/app-script'

const pod = (changes: Partial<AppPod['spec']> = {}, told: Partial<AppPod> = {}): AppPod => ({
  spec: { id: 'a', name: 'pod-a', mode: 'idle', persistent: { sizeGb: 1, path: '/w' }, ...changes },
  quirk: 'none',
  modes: [],
  maxHours: null,
  undoneAfterMs: null,
  ...told,
})
/** Seconds since an arbitrary start. */
const at = (seconds: number): number => 1_000_000 + seconds * 1_000
const alert: AppEvent = { kind: 'idle-alert', atMs: at(4), podId: 'a' }
const first: AppEvent = { kind: 'warning', atMs: at(7), podId: 'a' }
const last: AppEvent = { kind: 'warning', atMs: at(10), podId: 'a' }
const stop: AppEvent = { kind: 'stop', atMs: at(14), podId: 'a', action: 'stop' }
const end: AppEvent = { kind: 'end', atMs: at(40) }
const good = [alert, first, last, stop, end]

test('a pod with an alert, two warnings and a stop is correct', () => {
  expect(checkApp([pod()], good)).toEqual({
    violations: [],
    stopsDue: 1,
    overMaxHours: 0,
    alerted: 1,
    exempt: 0,
    cancelled: 0,
  })
})

test('an idle pod that must not be stopped is not stopped', () => {
  const verdict = checkApp([pod({}, { quirk: 'unticked' })], [alert, end])
  expect(verdict).toMatchObject({ violations: [], stopsDue: 0, alerted: 1, exempt: 1 })
})

test('a pod that is busy again after a warning is not stopped', () => {
  const happenings: AppEvent[] = [
    alert,
    first,
    { kind: 'mode', atMs: at(9), podId: 'a', mode: 'training' },
    end,
  ]
  expect(checkApp([pod()], happenings)).toMatchObject({ violations: [], cancelled: 1 })
})

test('a busy pod is stopped once its maximum hours are over', () => {
  const over = pod({ mode: 'training', startedAgoMin: 60 }, { quirk: 'over-hours', maxHours: 1 + 13 / 3_600 })
  const happenings: AppEvent[] = [{ kind: 'created', atMs: at(0) }, first, last, stop, end]
  expect(checkApp([over], happenings)).toMatchObject({
    violations: [],
    stopsDue: 1,
    overMaxHours: 1,
    alerted: 0,
  })
  expect(checkApp([{ ...over, maxHours: 1.5 }], happenings).violations.join()).toMatch(/long enough/)
  expect(checkApp([over], [{ kind: 'created', atMs: at(0) }, end]).violations.join()).toMatch(
    /had to be stopped/,
  )
})

test('every account has three or more pods to stop, and all accounts together cover everything', () => {
  const scripts = Array.from({ length: 10 }, (_, at) => writeAppScript(at + 1))
  const of = (quirk: string) => scripts.flatMap(({ pods }) => pods).filter((one) => one.quirk === quirk)
  for (const quirk of quirks) expect(of(quirk).length, quirk).toBeGreaterThan(2)
  for (const { pods } of scripts)
    expect(pods.filter(({ quirk }) => quirk === 'none').length).toBeGreaterThanOrEqual(3)
})

test.each<[string, AppPod, readonly AppEvent[], RegExp]>([
  ['a locked pod is stopped', pod({ locked: true }, { quirk: 'locked' }), good, /must not be/],
  [
    'a pod without a volume is stopped',
    pod({ persistent: null }, { quirk: 'no-volume' }),
    good,
    /must not be/,
  ],
  [
    'a pod of a cluster is stopped',
    pod({ cluster: { id: 'c', rank: 0 } }, { quirk: 'cluster' }),
    good,
    /must not be/,
  ],
  ['a pod that was not selected is stopped', pod({}, { quirk: 'unticked' }), good, /must not be/],
  ['a pod that is kept on is stopped', pod({}, { quirk: 'kept-on' }), good, /must not be/],
  [
    'a pod is terminated',
    pod(),
    [alert, first, last, { ...stop, action: 'terminate' }, end],
    /got a terminate/,
  ],
  ['a pod is stopped twice', pod(), [alert, first, last, stop, { ...stop, atMs: at(15) }, end], /twice/],
  [
    'the first warning is missing',
    pod(),
    [alert, last, { ...last, atMs: at(10.5) }, stop, end],
    /first warning/,
  ],
  ['the last warning is missing', pod(), [alert, first, stop, end], /last warning/],
  [
    'warnings are from before a kill',
    pod(),
    [first, last, { kind: 'kill', atMs: at(11) }, stop, end],
    /warning/,
  ],
  [
    'a pod that worked until just now is stopped',
    pod({ mode: 'training' }),
    [{ kind: 'mode', atMs: at(5), podId: 'a', mode: 'idle' }, first, last, stop, end],
    /idle for long enough/,
  ],
  [
    'a pod that works is stopped',
    pod(),
    [alert, first, { kind: 'mode', atMs: at(9), podId: 'a', mode: 'training' }, last, stop, end],
    /idle for long enough/,
  ],
  ['an idle pod raises no alert', pod(), [first, last, stop, end], /idled without an alert/],
  ['an idle pod is not stopped', pod(), [alert, first, last, end], /had to be stopped/],
  [
    'a pod is stopped in a sleep',
    pod(),
    [alert, first, last, { kind: 'sleep', atMs: at(12) }, stop, { kind: 'wake', atMs: at(16) }, end],
    /in a sleep/,
  ],
  [
    'idleness from before a long sleep counts',
    pod(),
    [{ kind: 'sleep', atMs: at(-40) }, { kind: 'wake', atMs: at(5) }, alert, first, last, stop, end],
    /idle for long enough/,
  ],
  [
    'a stop that was undone is sent',
    pod({ mode: 'training' }, { quirk: 'undone' }),
    [stop, end],
    /must not be/,
  ],
  [
    'an idle pod raises repeated alerts',
    pod(),
    [alert, { ...alert, atMs: at(5) }, ...good],
    /got two alerts/,
  ],
])('the oracle detects that %s', (_, one, happenings, words) => {
  expect(checkApp([one], happenings).violations.join('\n')).toMatch(words)
})

test('the oracle detects that four pods are stopped', () => {
  const ids = ['a', 'b', 'c', 'd']
  const pods = ids.map((id) => pod({ id, name: `pod-${id}` }))
  const stops = ids.flatMap((podId) => good.slice(0, 4).map((one) => ({ ...one, podId })))
  expect(checkApp(pods, [...stops, end]).violations.join('\n')).toMatch(/4 pods were stopped/)
})
