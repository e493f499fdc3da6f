import { expect, test } from 'vitest'
import { createEpisodeNames } from '../../../src/core/guard/episode-names'
import type { StoredEpisode } from '../../../src/core/guard/stored-episode'
import { type Activity, episodeName } from '../../../src/core/idle/activity'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { START_MS } from '../../harness/base/fake-clock'
import { instant, pod } from '../../harness/samples/pods'

const GAP_MS = 5 * MINUTE_MS

function programs(initial: readonly StoredEpisode[] = []) {
  const file = { stored: initial, saves: 0 }
  const open = () => {
    const role = { isActive: true }
    const names = createEpisodeNames({
      accountId: 'a',
      store: {
        load: () => file.stored,
        save(episodes) {
          file.stored = episodes
          file.saves += 1
        },
      },
      isActive: () => role.isActive,
      gapMs: () => GAP_MS,
    })
    return { names, role }
  }
  return { file, open }
}

const idleSince = (min: number): Activity => ({
  kind: 'idle',
  sinceMs: START_MS + min * MINUTE_MS,
  idleForMs: 0,
  quietForMs: 0,
  evidence: { gpuUtil: null, cpuUtil: { min: 0, max: 0 }, isMemoryStill: true, samples: 1, idleSamples: 1 },
})
const busy: Activity = { kind: 'busy', by: 'gpu', partlyIdle: null }

/** One poll at minute `min`; returns the name of the idle episode as a minute. */
function poll(
  { names }: ReturnType<ReturnType<typeof programs>['open']>,
  min: number,
  activity: Activity,
  { uptimeMs = (100 * HOUR_MS) as number | null, startedAtMs = pod().startedAtMs } = {},
): number | null {
  const seen = {
    pod: pod({ startedAtMs }),
    activity,
    creating: null,
    utilPercent: null,
    telemetry: null,
    uptimeMs,
    isBetweenRefreshes: false,
    lacksFiguresForMs: null,
    reportedMetrics: null,
    unjudged: null,
    isUptimeReported: uptimeMs !== null,
  }
  const named = names.observe(seen, instant(min * MINUTE_MS))
  names.share(instant(min * MINUTE_MS))
  expect(names.named(seen)).toEqual(named)
  return named.kind === 'idle' ? (episodeName(named) - START_MS) / MINUTE_MS : null
}

test('an episode keeps its name when another program continues within the gap', () => {
  const { open } = programs()
  const first = open()
  for (const min of [0, 1, 2]) expect(poll(first, min, idleSince(0))).toBe(0)
  const next = open()
  expect(poll(next, 6, idleSince(6))).toBe(0)
  expect(poll(next, 7, idleSince(6))).toBe(0)
})

test('an episode keeps its name for a watch that was open beside the app for long', () => {
  const { open } = programs()
  const [app, watch] = [open(), open()]
  watch.role.isActive = false
  for (let min = 0; min <= 60; min += 1) {
    poll(app, min, idleSince(0))
    if (min >= 30) expect(poll(watch, min, idleSince(30))).toBe(30)
  }
  watch.role.isActive = true
  expect(poll(watch, 61, idleSince(30))).toBe(0)
})

test.each<[string, (next: ReturnType<ReturnType<typeof programs>['open']>) => number | null, number]>([
  ['more than the gap later', (next) => poll(next, 20, idleSince(20)), 20],
  ['after a busy sample', (next) => (poll(next, 3, busy), poll(next, 4, idleSince(4))), 4],
  ['of another start of the pod', (next) => poll(next, 3, idleSince(3), { startedAtMs: 1 }), 3],
  [
    'after a restart that only the uptime shows',
    (next) => poll(next, 4, idleSince(4), { uptimeMs: MINUTE_MS }),
    4,
  ],
  ['while the uptime is unknown', (next) => poll(next, 3, idleSince(3), { uptimeMs: null }), 3],
])('an episode %s gets a new name', (_, run, name) => {
  const { open } = programs()
  const first = open()
  for (const min of [0, 1, 2]) poll(first, min, idleSince(0))
  expect(run(open())).toBe(name)
})

test('an episode that ended in this process is not taken up again', () => {
  const { open } = programs()
  const one = open()
  expect(poll(one, 0, idleSince(0))).toBe(0)
  expect(poll(one, 1, idleSince(1))).toBe(1)
  expect(poll(one, 2, idleSince(2))).toBe(2)
})

test('hostile and stale entries name nothing, and those of other accounts stay', () => {
  const entry = (over: Partial<StoredEpisode>): StoredEpisode => ({
    accountId: 'a',
    podId: 'pod-1',
    podStartedAtMs: pod().startedAtMs,
    nameMs: START_MS - MINUTE_MS,
    lastIdleAtMs: START_MS,
    ...over,
  })
  const other = entry({ accountId: 'b' })
  const { open, file } = programs([
    other,
    entry({ podId: 'pod-2' }),
    entry({ lastIdleAtMs: START_MS + HOUR_MS }),
    entry({ nameMs: START_MS + HOUR_MS }),
    entry({ lastIdleAtMs: START_MS - 10 * MINUTE_MS, nameMs: START_MS - HOUR_MS }),
  ])
  expect(poll(open(), 0, idleSince(0))).toBe(0)
  expect(file.stored).toEqual([other, expect.objectContaining({ accountId: 'a', nameMs: START_MS })])
})

test('an idle pod is written every 2 min, a busy one never, and a passive program writes nothing', () => {
  const { open, file } = programs()
  const one = open()
  for (let min = 0; min < 60; min += 1) poll(one, min, busy)
  expect(file.saves).toBe(0)
  for (let min = 60; min < 120; min += 1) poll(one, min, idleSince(60))
  expect(file.saves).toBe(30)
  const passive = open()
  passive.role.isActive = false
  poll(passive, 120, idleSince(60))
  expect(file.saves).toBe(30)
})
