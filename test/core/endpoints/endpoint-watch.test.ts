import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '../../../src/core/base/time/time'
import { createEndpointWatch, type EndpointWatch } from '../../../src/core/endpoints/endpoint-watch'
import { READ_EVERY_MS } from '../../../src/core/endpoints/idle-span'
import {
  type EndpointWorkers,
  type ServerlessEndpoint,
  workerStates,
} from '../../../src/core/pods/serverless/serverless-endpoint'
import { START_MS } from '../../harness/base/fake-clock'
import { endpoint, serverlessPrices, worker, workersIn } from '../../harness/samples/endpoints'

// See docs/product-rules.md#59-idle-serverless-workers.

const at = (ms: number, runId = 'run-1'): Instant => ({ wallMs: START_MS + ms, monotonicMs: ms, runId })

interface Reading {
  readonly endpoint?: Partial<ServerlessEndpoint>
  readonly workers?: EndpointWorkers
}

/** Lists the endpoint and reads its workers. */
function read(watch: EndpointWatch, atMs: number, reading: Reading = {}): void {
  watch.onList({ endpoints: [endpoint(reading.endpoint)], isComplete: true }, at(atMs))
  if (watch.toRead().includes('ep-1'))
    watch.onWorkers('ep-1', reading.workers ?? workersIn('idle'), serverlessPrices, at(atMs))
}

/** Reads it every 10 min, from `fromMs` to `toMs`. */
function readFor(watch: EndpointWatch, fromMs: number, toMs: number, reading?: Reading): void {
  for (let ms = fromMs; ms <= toMs; ms += READ_EVERY_MS) read(watch, ms, reading)
}

const created = (earlier = {}): EndpointWatch => createEndpointWatch('account-1', earlier)
const viewOf = (watch: EndpointWatch, ms: number) => watch.views(at(ms))[0]
const activityAt = (watch: EndpointWatch, ms: number) => viewOf(watch, ms)?.activity
const episodes = (watch: EndpointWatch, ms: number): string[] =>
  watch.alerts(at(ms)).map(({ key }) => key.episode)

describe('an endpoint that keeps a worker without requests', () => {
  test('is said idle since the first reading, with its price and what it cost, and alerted about after an hour', () => {
    const watch = created()
    readFor(watch, 0, 50 * MINUTE_MS)
    expect(watch.alerts(at(50 * MINUTE_MS))).toEqual([])
    read(watch, HOUR_MS)
    expect(viewOf(watch, HOUR_MS)).toMatchObject({
      minWorkers: 1,
      perHourUsd: 1.1,
      perMonthUsd: expect.closeTo(792),
      activity: { kind: 'idle', sinceMs: START_MS, unobservedMs: 0, isCostPartial: false },
    })
    const [alert, ...others] = watch.alerts(at(HOUR_MS))
    expect(others).toEqual([])
    expect(alert).toMatchObject({
      key: { kind: 'idle-endpoint', accountId: 'account-1', podId: null },
      title: 'Idle serverless workers: image-generator',
      isCritical: false,
      tone: 'warning',
    })
    expect(alert?.body).toMatch(/^No request seen since .*· up to \$1\.10\/hr · up to \$1\.10 so far\. The/)
    expect(alert?.body).toContain('always keeps 1 worker.')
  })

  test('has the same alert until a day later, and the next one then', () => {
    const watch = created()
    readFor(watch, 0, HOUR_MS)
    const [first] = episodes(watch, HOUR_MS)
    const seen = new Set<string>()
    for (let ms = HOUR_MS; ms < HOUR_MS + DAY_MS; ms += READ_EVERY_MS) {
      read(watch, ms)
      for (const name of episodes(watch, ms)) seen.add(name)
    }
    expect([...seen]).toEqual([first])
    read(watch, HOUR_MS + DAY_MS)
    expect(episodes(watch, HOUR_MS + DAY_MS)).toHaveLength(1)
    expect(episodes(watch, HOUR_MS + DAY_MS)).not.toEqual([first])
  })

  test('that processes a request begins anew', () => {
    const watch = created()
    readFor(watch, 0, 50 * MINUTE_MS)
    read(watch, HOUR_MS, { workers: workersIn('running') })
    expect(activityAt(watch, HOUR_MS)).toEqual({ kind: 'busy', atMs: START_MS + HOUR_MS })
    readFor(watch, 70 * MINUTE_MS, 120 * MINUTE_MS)
    expect(watch.alerts(at(120 * MINUTE_MS))).toEqual([])
    expect(activityAt(watch, 120 * MINUTE_MS)).toMatchObject({ sinceMs: START_MS + 70 * MINUTE_MS })
  })

  test('that has more workers than its minimum got requests in the meantime', () => {
    const watch = created()
    readFor(watch, 0, HOUR_MS, { workers: workersIn('idle', 'idle') })
    expect(activityAt(watch, HOUR_MS)).toMatchObject({ kind: 'busy' })
    const updating = { ...workersIn('idle'), workers: [worker('idle'), worker('idle', { isStale: true })] }
    readFor(watch, 70 * MINUTE_MS, 3 * HOUR_MS, { workers: updating })
    expect(activityAt(watch, 3 * HOUR_MS)).toMatchObject({ kind: 'idle' })
  })

  test('goes on after reads that failed, whose time does not count', () => {
    const watch = created()
    readFor(watch, 0, 50 * MINUTE_MS)
    watch.onWorkersFailed('ep-1', 'The service did not answer.')
    expect(viewOf(watch, HOUR_MS)).toMatchObject({
      problem: 'The service did not answer.',
      activity: { kind: 'idle', sinceMs: START_MS },
    })
    read(watch, 4 * HOUR_MS)
    expect(watch.alerts(at(4 * HOUR_MS))).toEqual([])
    expect(viewOf(watch, 4 * HOUR_MS)).toMatchObject({
      problem: null,
      activity: { sinceMs: START_MS, unobservedMs: 190 * MINUTE_MS, isCostPartial: true },
    })
    read(watch, 4 * HOUR_MS + READ_EVERY_MS)
    expect(watch.alerts(at(4 * HOUR_MS + READ_EVERY_MS))[0]?.body).toMatch(
      /not watched for 3 h 10 min of it · up to \$1\.10\/hr · up to \$1\.10 of it while it was watched/,
    )
  })

  test('has no alert once its last reading is old, and none of the past after a day without any', () => {
    const watch = created()
    readFor(watch, 0, 2 * HOUR_MS)
    expect(watch.alerts(at(2 * HOUR_MS + 20 * MINUTE_MS))).toHaveLength(1)
    expect(watch.alerts(at(3 * HOUR_MS))).toEqual([])
    read(watch, 2 * DAY_MS)
    expect(watch.alerts(at(2 * DAY_MS))).toEqual([])
    expect(activityAt(watch, 2 * DAY_MS)).toMatchObject({ sinceMs: START_MS + 2 * DAY_MS })
  })

  test('goes on after a restart, under the same name', () => {
    const watch = created()
    readFor(watch, 0, HOUR_MS)
    const again = created(JSON.parse(JSON.stringify(watch.spans())))
    expect(again.views(at(HOUR_MS))).toEqual([])
    const later = { wallMs: START_MS + 70 * MINUTE_MS, monotonicMs: 5, runId: 'run-2' }
    again.onList({ endpoints: [endpoint()], isComplete: true }, later)
    again.onWorkers('ep-1', workersIn('idle'), serverlessPrices, later)
    expect(again.alerts(later).map(({ key }) => key.episode)).toEqual(episodes(watch, HOUR_MS))
    // A first list that is behind forgets nothing, and two that agree do.
    const behind = created(watch.spans())
    behind.onList({ endpoints: [endpoint({ minWorkers: 0 })], isComplete: true }, later)
    expect(behind.spans()).toEqual(watch.spans())
    behind.onList({ endpoints: [endpoint({ minWorkers: 0 })], isComplete: true }, later)
    expect(behind.spans()).toEqual({})
    again.onList({ endpoints: [], isComplete: true }, later)
    again.onList({ endpoints: [], isComplete: true }, later)
    expect(again.spans()).toEqual({})
  })

  test('whose price is not known is said without one, never for nothing', () => {
    const watch = created()
    const unknown = { hardware: null }
    for (let ms = 0; ms <= HOUR_MS; ms += READ_EVERY_MS) {
      watch.onList({ endpoints: [endpoint(unknown)], isComplete: true }, at(ms))
      watch.onWorkers('ep-1', workersIn('idle'), null, at(ms))
    }
    expect(viewOf(watch, HOUR_MS)).toMatchObject({ perHourUsd: null, activity: { costUsd: null } })
    expect(watch.alerts(at(HOUR_MS))[0]?.body).toContain('· price unknown.')
    expect(watch.alerts(at(HOUR_MS))[0]?.body).not.toContain('$')
  })
})

describe('an endpoint is not shown and not alerted about', () => {
  test('while its minimum is 0, and its idle time is forgotten once two lists say so', () => {
    const watch = created()
    readFor(watch, 0, 2 * HOUR_MS)
    read(watch, 130 * MINUTE_MS, { endpoint: { minWorkers: 0 } })
    expect([watch.views(at(130 * MINUTE_MS)), watch.alerts(at(130 * MINUTE_MS))]).toEqual([[], []])
    // A copy of the data that is behind said so.
    read(watch, 140 * MINUTE_MS)
    expect(watch.alerts(at(140 * MINUTE_MS))).toHaveLength(1)
    read(watch, 150 * MINUTE_MS, { endpoint: { minWorkers: 0 } })
    read(watch, 160 * MINUTE_MS, { endpoint: { minWorkers: 0 } })
    read(watch, 170 * MINUTE_MS)
    expect(watch.alerts(at(170 * MINUTE_MS))).toEqual([])
    expect(activityAt(watch, 170 * MINUTE_MS)).toMatchObject({ sinceMs: START_MS + 170 * MINUTE_MS })
  })

  test('after it was set to 0, although a copy of the data still shows the earlier minimum', () => {
    const watch = created()
    readFor(watch, 0, 2 * HOUR_MS)
    watch.onZeroed('ep-1', 1, at(2 * HOUR_MS))
    read(watch, 2 * HOUR_MS + MINUTE_MS)
    read(watch, 2 * HOUR_MS + 11 * MINUTE_MS)
    expect(watch.views(at(2 * HOUR_MS + 11 * MINUTE_MS))).toEqual([])
    // Another minimum is a change that somebody made since.
    read(watch, 2 * HOUR_MS + 12 * MINUTE_MS, { endpoint: { minWorkers: 2 } })
    expect(viewOf(watch, 2 * HOUR_MS + 12 * MINUTE_MS)).toMatchObject({ minWorkers: 2 })
  })

  test('once it is missing from lists, unless these are partial', () => {
    const watch = created()
    read(watch, 0)
    watch.onList({ endpoints: [], isComplete: false }, at(MINUTE_MS))
    expect(watch.views(at(MINUTE_MS))).toHaveLength(1)
    watch.onList({ endpoints: [], isComplete: true }, at(2 * MINUTE_MS))
    expect(watch.views(at(2 * MINUTE_MS))).toEqual([])
  })
})

test('what is set to 0 and shows the earlier minimum beyond the time that copies need is shown again', () => {
  const watch = created()
  read(watch, 0)
  watch.onZeroed('ep-1', 1, at(0))
  read(watch, 20 * MINUTE_MS)
  expect(watch.views(at(20 * MINUTE_MS))).toHaveLength(1)
})

const workersArbitrary: fc.Arbitrary<EndpointWorkers> = fc
  .array(fc.record({ state: fc.constantFrom(...workerStates), isStale: fc.boolean() }), { maxLength: 4 })
  .chain((states) =>
    fc.record({
      workers: fc.constant(states.map(({ state, isStale }) => worker(state, { isStale }))),
      isComplete: fc.boolean(),
      isAnyRunning: fc.boolean(),
    }),
  )

interface Step {
  readonly passedMs: number
  readonly kind: 'read' | 'failed' | 'list-failed'
  readonly minWorkers: number | null
  readonly routing: ServerlessEndpoint['routing']
  readonly workers: EndpointWorkers
}

const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  passedMs: fc.integer({ min: MINUTE_MS, max: 40 * MINUTE_MS }),
  kind: fc.constantFrom('read', 'read', 'read', 'failed', 'list-failed'),
  minWorkers: fc.constantFrom(0, 1, 1, 1, 2, null),
  routing: fc.constantFrom('queue', 'queue', 'load-balancer', null),
  workers: fc.oneof(fc.constant(workersIn('idle')), workersArbitrary),
})

/** Whether a reading proves that no request was processed, by the rule's words and without the product's code. */
function provesIdle({ minWorkers, routing, workers }: Step): boolean {
  if (minWorkers === null || minWorkers === 0 || routing !== 'queue' || !workers.isComplete) return false
  const known = workers.workers.every(({ state }) => state !== 'running' && state !== 'unknown')
  const fresh = workers.workers.filter(
    ({ state, isStale }) => !isStale && (state === 'idle' || state === 'initializing'),
  )
  const hasReady = workers.workers.some(({ state }) => state === 'idle')
  return known && !workers.isAnyRunning && fresh.length <= minWorkers && hasReady
}

test('in any life of an endpoint, an alert has an hour of readings behind it that all prove it idle', () => {
  fc.assert(
    fc.property(fc.array(stepArbitrary, { maxLength: 40 }), (steps) => {
      const watch = created()
      let nowMs = 0
      /** Times of readings that prove it idle since the last sign of a request. */
      let proofs: number[] = []
      for (const step of steps) {
        nowMs += step.passedMs
        if (step.kind === 'list-failed') continue
        watch.onList({ endpoints: [endpoint(step)], isComplete: true }, at(nowMs))
        const isRead = watch.toRead().length > 0
        if (step.minWorkers === 0) expect(watch.views(at(nowMs))).toEqual([])
        if (step.minWorkers === 0 || !isRead) {
          expect(watch.alerts(at(nowMs))).toEqual([])
          continue
        }
        if (step.kind === 'failed') {
          watch.onWorkersFailed('ep-1', 'It failed.')
          continue
        }
        watch.onWorkers('ep-1', step.workers, serverlessPrices, at(nowMs))
        const activity = activityAt(watch, nowMs)
        const isIdle = provesIdle(step)
        expect(activity?.kind === 'idle').toBe(isIdle)
        if (isIdle) proofs.push(nowMs)
        if (activity?.kind === 'busy') proofs = []
        const gaps = proofs.slice(1).map((ms, index) => ms - (proofs[index] ?? 0))
        const watchedMs = gaps.filter((ms) => ms <= 25 * MINUTE_MS).reduce((sum, ms) => sum + ms, 0)
        if (watch.alerts(at(nowMs)).length > 0) {
          expect(isIdle).toBe(true)
          expect(watchedMs).toBeGreaterThanOrEqual(HOUR_MS)
        }
        if (activity?.kind === 'idle') {
          expect(activity.sinceMs).toBeGreaterThanOrEqual(START_MS + (proofs[0] ?? 0))
          expect(activity.costUsd ?? 0).toBeLessThanOrEqual((watchedMs / HOUR_MS) * 2 * 1.1 + 1e-9)
        }
      }
    }),
    { numRuns: 300, seed: 21 },
  )
})

test('an endpoint that every reading proves idle has an alert by 70 minutes, whatever fails once between', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), (fails) => {
      const watch = created()
      let hasFailed = true
      for (let index = 0; index <= 7; index += 1) {
        const isLost: boolean = index < 7 && fails[index] === true && !hasFailed
        hasFailed = isLost
        if (isLost) watch.onWorkersFailed('ep-1', 'It failed.')
        else read(watch, index * READ_EVERY_MS)
      }
      expect(watch.alerts(at(7 * READ_EVERY_MS))).toHaveLength(1)
    }),
  )
})
