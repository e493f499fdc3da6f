import { expect, test } from 'vitest'
import { renderFrame } from '../../../src/cli/watch/frame'
import { colorize } from '../../../src/cli/output/color'
import { emptySnapshot, type PodView, type Snapshot } from '../../../src/core/view/snapshot'
import { noGuard } from '../../../src/core/guard/guard-view'

const NOW = Date.UTC(2026, 10, 24, 14, 5)

function snapshotOf(podCount: number, changes: Partial<Snapshot> = {}): Snapshot {
  const pods = Array.from(
    { length: podCount },
    (_, index) =>
      ({
        id: `id${index}`,
        name: `pod-${index}`,
        phase: 'stopped',
        rawStatus: 'EXITED',
        actions: [],
        activity: { kind: 'unknown', reason: 'not-running', sinceMs: null },
        stoppedDiskPerHourUsd: 0,
        intent: null,
        creating: null,
        clusterId: null,
        hardware: null,
        guard: noGuard,
      }) as unknown as PodView,
  )
  return {
    ...emptySnapshot(NOW, []),
    account: { id: 'x', isDemo: false, host: 'h', keyStorage: 'session-only', isMonitorOnly: false },
    connection: { kind: 'live' },
    listedAtMs: NOW,
    pods,
    ...changes,
  }
}

function frame(
  snapshot: Snapshot,
  { recentEvents = [] as string[], roleNote = null as string | null, columns = 60, rows = 12 } = {},
): string[] {
  return renderFrame({ snapshot, recentEvents, roleNote, columns, rows }).map((line) => colorize(line, false))
}

test('pods come first, followed by the latest events that fit, each from its beginning', () => {
  const recentEvents = ['14:01  first', '14:02  second', `14:03  ${'long '.repeat(20)}end`]
  expect(frame(snapshotOf(1), { recentEvents, rows: 20 })).toEqual([
    '0 running · $0.00/hr',
    '',
    'NAME   STATE    ACTIVITY  COST  ID',
    'pod-0  stopped                  id0',
    '',
    '14:01  first',
    '14:02  second',
    '14:03  long long long long long long long long long long',
    'long long long long long long long long long long end',
    '',
    'q to quit',
  ])
  expect(frame(snapshotOf(1), { recentEvents, rows: 9 }).slice(4, 7)).toEqual([
    '',
    '14:03  long long long long long long long long long long',
    'long long long long long long long long long long end',
  ])
})

test('a list with more pods than rows says how many are hidden and leaves no space for events', () => {
  const lines = frame(snapshotOf(30), { recentEvents: ['14:01  first'], rows: 10 })
  expect(lines).toHaveLength(10)
  expect(lines.slice(2, 8)).toEqual([
    'NAME    STATE    ACTIVITY  COST  ID',
    ...[0, 1, 2, 3].map((index) => `pod-${index}   stopped                  id${index}`),
    '… 26 more',
  ])
})

test('an outage shows its reason and the time of the displayed data', () => {
  const away = {
    kind: 'offline',
    sinceMs: NOW,
    nextTryAtMs: NOW,
    failure: 'h refused the connection.',
  } as const
  const lines = frame(snapshotOf(1, { connection: away }))
  expect(lines[0]).toMatch(/^No response since \d\d:\d\d · 0 running/)
  expect(lines.slice(1, 3)).toEqual([
    'h refused the connection.',
    expect.stringMatching(/^Last updated at \d\d:\d\d\.$/),
  ])
})

test('a read-only watch says so, and before the first list no time is shown', () => {
  const lines = frame(snapshotOf(0, { listedAtMs: null, connection: { kind: 'connecting' } }), {
    roleNote: 'Read-only.',
  })
  expect(lines).toEqual(['Podkeeper: connecting', 'Read-only.', '', 'No data yet.', '', 'q to quit'])
})

test.each([1, 2, 3, 5])('the view is never higher than a terminal of %i rows', (rows) => {
  expect(frame(snapshotOf(5), { recentEvents: ['a'], rows }).length).toBeLessThanOrEqual(rows)
})
