import { expect, test } from 'vitest'
import type { AppPod, Happening } from '../../bench/guard/app-judge'
import { judgeApp } from '../../bench/guard/app-judge'

const pod = (changes: Partial<AppPod['spec']> = {}, told: Partial<AppPod> = {}): AppPod => ({
  spec: { id: 'a', name: 'pod-a', mode: 'idle', persistent: { sizeGb: 1, path: '/w' }, ...changes },
  modes: [],
  isTicked: true,
  isKeptOn: false,
  ...told,
})
/** Seconds from some beginning. */
const at = (seconds: number): number => 1_000_000 + seconds * 1_000
const alert: Happening = { kind: 'idle-alert', atMs: at(4), podId: 'a' }
const first: Happening = { kind: 'warning', atMs: at(7), podId: 'a' }
const last: Happening = { kind: 'warning', atMs: at(10), podId: 'a' }
const stop: Happening = { kind: 'stop', atMs: at(14), podId: 'a', action: 'stop' }
const end: Happening = { kind: 'end', atMs: at(40) }
const good = [alert, first, last, stop, end]

test('a pod that was told of, warned of twice and stopped is as it should be', () => {
  expect(judgeApp([pod()], good)).toEqual([])
})

test.each<[string, AppPod, readonly Happening[], RegExp]>([
  ['a locked pod is stopped', pod({ locked: true }), good, /must not be/],
  ['a pod without a volume is stopped', pod({ persistent: null }), good, /must not be/],
  ['a pod of a cluster is stopped', pod({ cluster: { id: 'c', rank: 0 } }), good, /must not be/],
  ['a pod that was not ticked is stopped', pod({}, { isTicked: false }), good, /must not be/],
  ['a pod that is kept on is stopped', pod({}, { isKeptOn: true }), good, /must not be/],
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
  ['an idle pod is not told of', pod(), [first, last, stop, end], /not told of/],
  ['an idle pod is not stopped', pod(), [alert, first, last, end], /not stopped/],
  [
    'an idle pod is told of again and again',
    pod(),
    [alert, { ...alert, atMs: at(5) }, ...good],
    /told of twice/,
  ],
])('it is noticed when %s', (_, one, happenings, words) => {
  expect(judgeApp([one], happenings).join('\n')).toMatch(words)
})

test('it is noticed when four pods are stopped', () => {
  const ids = ['a', 'b', 'c', 'd']
  const pods = ids.map((id) => pod({ id, name: `pod-${id}` }))
  const stops = ids.flatMap((podId) => good.slice(0, 4).map((one) => ({ ...one, podId })))
  expect(judgeApp(pods, [...stops, end]).join('\n')).toMatch(/4 pods were stopped/)
})
