import { intentView } from '../../harness/samples/pod-views'
import { expect, test } from 'vitest'
import { createChangeDetector, eventJson, eventText } from '../../../src/cli/watch/changes'
import { noGuard } from '../../../src/core/guard/guard-view'
import type { Activity } from '../../../src/core/idle/activity'
import type { PodProgress } from '../../../src/core/logs/pod-progress'
import type { IntentView } from '../../../src/core/intents/intent-view'
import { obstacle } from '../../harness/samples/obstacles'
import { emptySnapshot, type PodView, type Snapshot } from '../../../src/core/view/snapshot'

const NOW = Date.UTC(2026, 10, 24, 14, 5)
const busy: Activity = { kind: 'busy', by: 'gpu', partlyIdle: null }
const idleFor = (minutes: number): Activity => ({
  kind: 'idle',
  sinceMs: NOW - minutes * 60_000,
  idleForMs: minutes * 60_000,
  quietForMs: 0,
  evidence: {
    gpuUtil: { min: 0, max: 2 },
    cpuUtil: { min: 1, max: 1 },
    isMemoryStill: true,
    samples: 5,
    idleSamples: 5,
  } as never,
})

const podView = (changes: Partial<PodView> = {}): PodView =>
  ({
    id: 'a',
    name: 'a',
    phase: 'running',
    rawStatus: 'RUNNING',
    statusReason: null,
    actions: [],
    activity: busy,
    costPerHourUsd: 1,
    intent: null,
    creating: null,
    clusterId: null,
    guard: noGuard,
    ...changes,
  }) as PodView

const snapshotOf = (pods: readonly PodView[], changes: Partial<Snapshot> = {}): Snapshot => ({
  ...emptySnapshot(NOW, []),
  account: {
    id: 'x',
    isDemo: false,
    host: 'api.runpod.io',
    keyStorage: 'session-only',
    isMonitorOnly: false,
  },
  connection: { kind: 'live' },
  listedAtMs: NOW,
  pods,
  ...changes,
})

const intent = (phase: IntentView['phase'], message: string | null = null): IntentView =>
  intentView({ podId: 'a', phase, message, atMs: NOW })

/** The events and texts that each snapshot adds. */
function told(...snapshots: Snapshot[]): string[][] {
  const find = createChangeDetector()
  return snapshots.map((snapshot) => find(snapshot).map(({ event, text }) => `${event}: ${text}`))
}

test('the first list reports the account and each pod, and an equal list reports nothing', () => {
  const first = snapshotOf([
    podView(),
    podView({ id: 'b', name: 'b', phase: 'stopped', rawStatus: 'EXITED' }),
  ])
  expect(told(first, first)).toEqual([
    ['account: api.runpod.io: 1 running · $0.00/hr', 'pod: a is running and busy', 'pod: b is stopped'],
    [],
  ])
})

test('a first idle minute is not reported, the second is, with its reason, and activity ends it', () => {
  const texts = told(
    ...[busy, idleFor(0.5), busy, idleFor(0.5), idleFor(2), idleFor(3), busy].map((activity) =>
      snapshotOf([podView({ activity })]),
    ),
  )
  expect(texts.slice(1, 4)).toEqual([[], [], []])
  expect(texts[4]).toEqual([
    expect.stringMatching(
      /^pod: a is running and has been idle for 2 min: GPU 0–2%, CPU 1%, memory unchanged since/,
    ),
  ])
  expect(texts.slice(5)).toEqual([[], ['pod: a is running and busy']])
})

test('an unknown activity is reported with its reason', () => {
  const [, texts] = told(
    snapshotOf([podView()]),
    snapshotOf([podView({ activity: { kind: 'unknown', reason: 'no-telemetry', sinceMs: null } })]),
  )
  expect(texts).toEqual(['pod: a is running, activity unknown: it reports no metrics'])
})

test('an error, an unknown status and a removed pod are reported', () => {
  const gone = snapshotOf([], {
    gonePods: [{ id: 'a', key: 'x/a', accountId: 'x', name: 'a', goneAtMs: NOW, how: 'vanished' }],
  })
  const texts = told(
    snapshotOf([podView()]),
    snapshotOf([podView({ phase: 'error', rawStatus: 'ERROR', statusReason: 'image not found' })]),
    snapshotOf([podView({ phase: 'unknown', rawStatus: 'MIGRATING' })]),
    gone,
    gone,
  )
  expect(texts.slice(1)).toEqual([
    ['pod: a has an error: image not found'],
    ['pod: a is "MIGRATING"'],
    ['gone: a is gone. Someone may have terminated it, it may have been outbid, or the balance ran out'],
    [],
  ])
})

test('every step of an action is reported once', () => {
  const texts = told(
    ...[
      null,
      intent('scheduled'),
      intent('sent'),
      intent('sent'),
      intent('did-not-happen', 'The pod is still running.'),
    ].map((each) => snapshotOf([podView({ intent: each })])),
  )
  expect(texts.slice(1)).toEqual([
    ['action: a: stop scheduled'],
    ['action: a: stop sent'],
    [],
    ['action: a: stop is not confirmed yet. The pod is still running.'],
  ])
})

test('an outage is reported at its start and its end, and changes no pod', () => {
  const away = {
    connection: { kind: 'offline', sinceMs: NOW, nextTryAtMs: NOW, failure: 'It refused.' },
  } as const
  const texts = told(
    snapshotOf([podView()]),
    snapshotOf([podView()], away),
    snapshotOf([podView()], away),
    snapshotOf([podView()]),
  )
  expect(texts.slice(1)).toEqual([
    [expect.stringMatching(/^connection: No response since \d\d:\d\d\. It refused\.$/)],
    [],
    ['connection: The API is responding again'],
  ])
})

test('a notice is reported once', () => {
  const noticed = snapshotOf([], {
    notices: [{ id: 'n', atMs: NOW, accountId: null, podId: null, text: 'The journal was damaged.' }],
  })
  expect(told(noticed, noticed)).toEqual([
    ['notice: The journal was damaged.', expect.stringMatching(/^account/)],
    [],
  ])
})

test('an event is one line with a time, or one line of JSON', () => {
  const event = { event: 'notice', text: 'a\nb', fields: { podId: null } } as const
  expect(eventText(event, NOW)).toMatch(/^\d\d:\d\d  a\nb$/)
  expect(eventJson(event, NOW, 'lab-server')).toBe(
    '{"at":"2026-11-24T14:05:00.000Z","computer":"lab-server","event":"notice","text":"a\\nb","podId":null}',
  )
})

test('the steps of a new pod are lines, a pull at each quarter, and a problem with the end of its log', () => {
  const steps = { machine: 'done', image: 'now', container: 'next', ssh: 'next' } as const
  const progressAt = (percent: number | null, more: Partial<PodProgress> = {}): PodProgress => ({
    steps,
    pull: { percent, pulledLayers: 1, layers: 4 },
    problem: null,
    lines: [],
    logProblem: null,
    ...more,
  })
  const detect = createChangeDetector()
  const seen = (progress: PodProgress) =>
    detect(snapshotOf([podView({ phase: 'creating', progress })])).filter(({ event }) => event === 'progress')
  expect(seen(progressAt(10)).map(({ text }) => text)).toEqual(['a: Pulling the image, 10%, 1 of 4 layers'])
  expect(seen(progressAt(20))).toEqual([])
  expect(seen(progressAt(26))).toHaveLength(1)
  const lines = ['one', 'two', 'three', 'four'].map((text) => ({ atMs: NOW, text }))
  const [problem] = seen(progressAt(26, { problem: { kind: 'pull-failed', words: 'no' }, lines }))
  expect(problem?.text).toMatch(/^a: Image pull failed\. Check .* Its system log ends: two \/ three \/ four$/)
  expect(problem?.fields).toMatchObject({
    podId: 'a',
    progress: { steps, problem: { kind: 'pull-failed', words: 'no' }, lines: [{ text: 'one' }, {}, {}, {}] },
  })
  expect(detect(snapshotOf([podView()])).filter(({ event }) => event === 'progress')).toEqual([])
})

test('what keeps rules from being carried out is an event each time that it begins', () => {
  const detect = createChangeDetector()
  const eventsOf = (...obstacles: Snapshot['obstacles']) =>
    detect({ ...emptySnapshot(NOW, []), connection: { kind: 'live' }, obstacles })
  const [event, ...others] = eventsOf(obstacle())
  expect(others).toEqual([])
  expect(event).toMatchObject({ event: 'obstacle', fields: { obstacle: 'notifications', podId: null } })
  expect(event?.text).toBe(
    'Notifications can’t be shown (since 14:05): The system rejected the last notification. Check the system’s notification settings, or add a phone or chat channel.',
  )
  expect(eventsOf(obstacle())).toEqual([])
  expect(eventsOf()).toEqual([])
  expect(eventsOf(obstacle({ sinceMs: NOW + 1 }))).toHaveLength(1)
})
