import { expect, test } from 'vitest'
import { frameLines } from '../../../src/cli/watch/frame'
import { paint } from '../../../src/cli/output/color'
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
        hardware: null,
        guard: noGuard,
      }) as unknown as PodView,
  )
  return {
    ...emptySnapshot(NOW, []),
    account: { id: 'x', isDemo: false, host: 'h', keyStorage: 'session-only', isMonitorOnly: false },
    connection: { kind: 'live' },
    pictureAtMs: NOW,
    pods,
    ...changes,
  }
}

function frame(
  snapshot: Snapshot,
  { news = [] as string[], roleNote = null as string | null, columns = 60, rows = 12 } = {},
): string[] {
  return frameLines({ snapshot, news, roleNote, columns, rows }).map((line) => paint(line, false))
}

test('pods come first, then the latest news as far as there is room, each from its beginning', () => {
  const news = ['14:01  first', '14:02  second', `14:03  ${'long '.repeat(20)}end`]
  expect(frame(snapshotOf(1), { news, rows: 20 })).toEqual([
    '0 running · $0.00/h',
    '',
    'NAME   STATE    ACTIVITY  COST  ID',
    'pod-0  stopped                  id0',
    '',
    '14:01  first',
    '14:02  second',
    '14:03  long long long long long long long long long long',
    'long long long long long long long long long long end',
    '',
    'q quits',
  ])
  expect(frame(snapshotOf(1), { news, rows: 9 }).slice(4, 7)).toEqual([
    '',
    '14:03  long long long long long long long long long long',
    'long long long long long long long long long long end',
  ])
})

test('of more pods than rows it says how many are missing, and there is no room for news', () => {
  const lines = frame(snapshotOf(30), { news: ['14:01  first'], rows: 10 })
  expect(lines).toHaveLength(10)
  expect(lines.slice(2, 8)).toEqual([
    'NAME    STATE    ACTIVITY  COST  ID',
    ...[0, 1, 2, 3].map((index) => `pod-${index}   stopped                  id${index}`),
    '… 26 more',
  ])
})

test('an outage says why, and when what is shown was seen', () => {
  const away = {
    kind: 'offline',
    sinceMs: NOW,
    nextTryAtMs: NOW,
    failure: 'h refused the connection.',
  } as const
  const lines = frame(snapshotOf(1, { connection: away }))
  expect(lines[0]).toMatch(/^No answer since \d\d:\d\d · 0 running/)
  expect(lines.slice(1, 3)).toEqual([
    'h refused the connection.',
    expect.stringMatching(/^What is shown was seen at \d\d:\d\d\.$/),
  ])
})

test('who only looks says so; before the first list nothing was seen', () => {
  const lines = frame(snapshotOf(0, { pictureAtMs: null, connection: { kind: 'connecting' } }), {
    roleNote: 'Looking only.',
  })
  expect(lines).toEqual([
    'Podkeeper: connecting',
    'Looking only.',
    '',
    'Nothing was seen yet.',
    '',
    'q quits',
  ])
})

test.each([1, 2, 3, 5])('it is never higher than a terminal of %i rows', (rows) => {
  expect(frame(snapshotOf(5), { news: ['a'], rows }).length).toBeLessThanOrEqual(rows)
})
