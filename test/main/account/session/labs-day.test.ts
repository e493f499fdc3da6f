import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../../src/core/base/time/time'
import { ok } from '../../../../src/core/base/result'
import { labAccountId } from '../../../../src/node/account-id'
import { HUBIFY_KEY, type Simulator } from '../../../../src/simulator/simulator'
import {
  bench,
  type Bench,
  startRunpod,
  viewOf,
  workingKeyring,
} from '../../../harness/data-folder/account-session-fixture'
import { createFakeClock, type FakeClock } from '../../../harness/base/fake-clock'

const DARK = 'j57a8k9m2n3p4q5r'
const FOLDS = 'k17d3f5g6h7j8k9m'
const STEP_MS = 30 * SECOND_MS
/** The requests of a day on the free plan. */
const PLAN = 1_000

/** By hour and lab: what the person does. */
const actions: readonly (readonly [number, string, string, 'start' | 'stop'])[] = [
  [1, DARK, 'pod_def456', 'stop'],
  [2, DARK, 'pod_def456', 'start'],
  [5, FOLDS, 'pod_fold01', 'stop'],
  [9, FOLDS, 'pod_fold01', 'start'],
  [13, DARK, 'pod_old789', 'start'],
  [14, DARK, 'pod_old789', 'stop'],
  [20, FOLDS, 'pod_fold01', 'stop'],
  [25, FOLDS, 'pod_fold01', 'start'],
]

/** Waits in real time until nothing was requested for a while. */
async function settled({ requests }: Simulator): Promise<void> {
  for (let quiet = 0, seen = requests.length; quiet < 3; quiet += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (requests.length !== seen) quiet = -1
    seen = requests.length
  }
}

async function advance(clock: FakeClock, hubify: Simulator, ms: number, stepMs = STEP_MS): Promise<void> {
  const endMs = clock.now().wallMs + ms
  while (clock.now().wallMs < endMs) {
    await clock.advanceAsync(Math.min(stepMs, endMs - clock.now().wallMs))
    await settled(hubify)
  }
}

function mostWithin(timesMs: readonly number[], windowMs: number): number {
  return Math.max(
    ...timesMs.map((endMs) => timesMs.filter((atMs) => atMs <= endMs && atMs > endMs - windowMs).length),
  )
}

async function watchLabs(clock: FakeClock, hubify: Simulator): Promise<Bench> {
  const b = bench({
    clock,
    hubifyBaseUrl: hubify.hubifyUrl,
    keyring: workingKeyring,
  })
  b.clipboard = HUBIFY_KEY
  expect(await b.session.pasteLabKey()).toMatchObject({ kind: 'labs' })
  expect(await b.session.addLabs([DARK, FOLDS])).toMatchObject({ ok: true })
  return b
}

test('two labs on the free plan are watched for more than a day with stops and starts, within its requests', async () => {
  // Earlier than the dates of HTTP, which are real, so that no window seems to last for days.
  const clock = createFakeClock(Date.now() - 3 * DAY_MS)
  const hubify = await startRunpod({
    hubify: { plan: 'free' },
    balanceUsd: 2_000,
    now: () => clock.now().wallMs,
  })
  const b = await watchLabs(clock, hubify)
  const idOf = (labId: string): string => labAccountId(new URL(hubify.hubifyUrl), labId)
  const startMs = clock.now().wallMs
  const refused: string[] = []
  for (let hour = 0; hour < 27; hour += 1) {
    await advance(clock, hubify, HOUR_MS)
    for (const labId of [DARK, FOLDS]) {
      const { connection, listedAtMs } = viewOf(b, idOf(labId))
      expect(connection).toMatchObject({ kind: 'live' })
      // Two labs, each 3 min 36 s.
      const everyMs = connection.kind === 'live' ? connection.slowedToMs : undefined
      expect(everyMs).toBeGreaterThan(7 * MINUTE_MS)
      expect(everyMs).toBeLessThan(7.5 * MINUTE_MS)
      expect(clock.now().wallMs - (listedAtMs ?? 0)).toBeLessThan(10 * MINUTE_MS)
    }
    // Whoever looks asks for a fresh list.
    b.session.refresh()
    for (const [atHour, labId, podId, action] of actions) {
      if (atHour !== hour) continue
      const done = b.session.withMonitor(idOf(labId), (monitor) => ok(monitor.act(podId, action)))
      if (!done.ok || !done.value.ok) refused.push(JSON.stringify(done))
    }
  }
  expect(refused).toEqual([])
  const posts = hubify.requests.filter(({ method }) => method === 'POST').map(({ path }) => path)
  expect(posts).toEqual(actions.map(([, , podId, action]) => `/api/v1/pods/${podId}/${action}`))
  const timesMs = hubify.requests.map(({ at }) => at)
  const most = mostWithin(timesMs, DAY_MS)
  expect(most).toBeLessThan(PLAN)
  // Half of the plan is for the person's other tools; actions are sent beyond that.
  expect(most).toBeLessThan(PLAN / 2 + 80)
  expect(mostWithin(timesMs, MINUTE_MS)).toBeLessThan(60)
  expect(timesMs.at(-1)! - startMs).toBeGreaterThan(26.5 * HOUR_MS)
  const lists = hubify.requests.filter(({ path }) => path === '/api/v1/pods')
  expect(lists.length).toBeGreaterThan(300)
}, 180_000)

test('two labs on the free plan that nobody acts in are listed evenly all day, with half of its requests', async () => {
  const clock = createFakeClock(Date.now() - 3 * DAY_MS)
  const hubify = await startRunpod({
    hubify: { plan: 'free' },
    balanceUsd: 2_000,
    now: () => clock.now().wallMs,
  })
  const b = await watchLabs(clock, hubify)
  const lists = () => hubify.requests.filter(({ path }) => path === '/api/v1/pods').length
  const before = lists()
  await advance(clock, hubify, DAY_MS, MINUTE_MS)
  // 500 evenly, and what a program may send at once when it starts.
  expect(hubify.requests.length).toBeLessThanOrEqual(516)
  // Four fifths of that are lists, each lab every 7 min 12 s, and none was held back or refused.
  expect(lists() - before).toBeGreaterThan(380)
  for (const labId of [DARK, FOLDS]) {
    const { connection, listedAtMs } = viewOf(b, labAccountId(new URL(hubify.hubifyUrl), labId))
    expect(connection).toMatchObject({ kind: 'live' })
    expect(clock.now().wallMs - (listedAtMs ?? 0)).toBeLessThan(10 * MINUTE_MS)
  }
}, 180_000)
