import { describe, expect, test } from 'vitest'
import {
  type ContainerReading,
  type ContainerRecord,
  type ContainerState,
  containerStateOf,
  type EarlierContainer,
  newContainerRecord,
  nextContainerRecord,
} from '../../../src/core/containers/container-record'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { START_MS } from '../../harness/base/fake-clock'
import { instant } from '../../harness/samples/pods'

const rules = { limitMs: 15 * MINUTE_MS, gapMs: 6 * MINUTE_MS, clockToleranceMs: 30_000 }

interface Shown {
  readonly uptimeS?: number | null
  readonly ports?: readonly string[]
  readonly hasFigures?: boolean
  readonly log?: ContainerReading['log']
  readonly isSeenInside?: boolean
}

const telling = { isStarted: false, isTelling: true }
const silent = { isStarted: false, isTelling: false }
const nothing: Shown = {}
const healthy = (ms: number): Shown => ({
  uptimeS: ms / SECOND_MS,
  ports: ['203.0.113.7:10022'],
  hasFigures: true,
})

const reading = (
  ms: number,
  { uptimeS = null, ports = [], hasFigures, log = null, isSeenInside = false }: Shown,
): ContainerReading => ({
  at: instant(ms),
  startedAtMs: START_MS,
  signs: { uptimeS, publicPorts: ports },
  hasFigures: hasFigures ?? uptimeS !== null,
  log,
  isSeenInside,
})

/** What is known after readings that begin at the start of the pod, each 15 s after the one before. */
function after(
  shown: readonly Shown[],
  sinceMs: number | null = START_MS,
  earlier: EarlierContainer | null = null,
): ContainerState {
  let record: ContainerRecord | null = null
  shown.forEach((one, index) => {
    const next = reading(index * 15_000, one)
    record =
      record === null ? newContainerRecord(next, sinceMs, earlier) : nextContainerRecord(record, next, rules)
  })
  return containerStateOf(record!, rules)
}
/** For so long, in polls that are 15 s apart. */
const during = (minutes: number, shown: Shown | ((ms: number) => Shown)): Shown[] =>
  Array.from({ length: minutes * 4 }, (_, index) =>
    typeof shown === 'function' ? shown(index * 15_000) : shown,
  )

describe('the container of a pod that was just started', () => {
  test.each<[string, Shown]>([
    ['an uptime', { uptimeS: 1 }],
    ['a published port', { ports: ['203.0.113.7:10022'] }],
    ['a look from inside', { isSeenInside: true }],
    ['a start line of the system log', { log: { isStarted: true, isTelling: true } }],
  ])('is up with %s, whatever is missing later', (_, sign) => {
    expect(after([nothing, sign])).toMatchObject({
      kind: 'up',
      upAt: instant(15_000),
      isShown: sign.log === undefined,
    })
    expect(after([nothing, sign, ...during(9, nothing)])).toMatchObject({ kind: 'up' })
  })

  test.each<[string, Shown]>([
    ['nothing', nothing],
    ['an uptime of zero', { uptimeS: 0 }],
    ['a negative uptime', { uptimeS: -3 }],
    ['figures without an uptime', { hasFigures: true }],
  ])('is starting while the API shows %s', (_, shown) => {
    expect(after([shown, shown])).toMatchObject({ kind: 'starting', isOverdue: false, sinceMs: START_MS })
  })

  test('is overdue after 15 observed minutes, as long as its log tells', () => {
    const { length } = during(15, nothing)
    const pulling = during(16, { log: telling })
    expect(after(pulling.slice(0, length))).toMatchObject({ kind: 'starting', isOverdue: false })
    expect(after(pulling.slice(0, length + 1))).toMatchObject({ kind: 'starting', isOverdue: true })
    expect(after([...pulling, ...during(60, { log: silent })])).toMatchObject({ kind: 'unknown' })
  })

  test.each<[string, ContainerReading['log']]>([
    ['can’t be read', null],
    ['says nothing', silent],
  ])('can’t be told after 15 minutes if its log %s', (_, log) => {
    expect(after(during(15, { log }))).toMatchObject({ kind: 'starting' })
    expect(after(during(16, { log }))).toMatchObject({ kind: 'unknown', isStartKnown: true })
    expect(after([...during(16, { log }), healthy(60_000)])).toMatchObject({ kind: 'up' })
  })

  test('is not called overdue for a time in which nothing was observed', () => {
    const first = newContainerRecord(reading(0, { log: telling }), START_MS, null)
    const slept = nextContainerRecord(first, reading(60 * MINUTE_MS, { log: telling }), rules)
    expect(containerStateOf(slept, rules)).toMatchObject({ isOverdue: false, forMs: 0 })
  })
})

describe('the container of a pod that ran before it was first observed', () => {
  test('is up with the first sign', () => {
    expect(after([healthy(3_600_000)], null)).toMatchObject({ kind: 'up' })
  })

  test('is never called starting, and can’t be told after 15 minutes without a sign', () => {
    expect(after(during(15, nothing), null)).toEqual({ kind: 'not-seen' })
    expect(after(during(16, { log: telling }), null)).toMatchObject({ kind: 'unknown', isStartKnown: false })
  })
})

describe('what the API still shows of the container before', () => {
  const ports = ['203.0.113.7:9000']
  const earlier = { seenAt: instant(-15_000), publicPorts: ports }

  test.each<[string, Shown]>([
    ['an uptime that is longer than since the pod was last seen', { uptimeS: 3_600, ports }],
    ['the same ports', { ports }],
  ])('is no sign for two minutes: %s', (_, shown) => {
    expect(after(during(2, shown), START_MS, earlier)).toMatchObject({ kind: 'starting' })
    expect(after(during(3, shown), START_MS, earlier)).toMatchObject({ kind: 'up' })
  })

  test('doesn’t hide the signs of the new one', () => {
    expect(after([{ uptimeS: 5, ports }], START_MS, earlier)).toMatchObject({ kind: 'up' })
    expect(after([{ ports: ['203.0.113.7:9001'] }], START_MS, earlier)).toMatchObject({ kind: 'up' })
  })
})

describe('a container died', () => {
  const up = during(2, healthy)
  const negative = (ms: number): Shown => ({ uptimeS: -1 - ((ms / 15_000) % 7) })
  const restarts = { kind: 'died', death: { why: 'restarts' } }

  test('if its uptime began anew three times within 10 min', () => {
    const again: Shown = { uptimeS: 5 }
    const runs = (count: number): Shown[] =>
      Array.from({ length: count }, () => [again, { uptimeS: 20 }, { uptimeS: 35 }]).flat()
    expect(after([...up, ...runs(2)])).toMatchObject({ kind: 'up' })
    expect(after([...up, ...runs(3)])).toMatchObject(restarts)
    const apart = runs(3).flatMap((shown) =>
      shown === again ? [...during(6, { uptimeS: 500 }), again] : [shown],
    )
    expect(after([...up, ...apart])).toMatchObject({ kind: 'up' })
  })

  test('if its uptime stays negative, but not while it is a slow start', () => {
    expect(after(during(2, negative))).toMatchObject({ kind: 'starting' })
    expect(after([...up, ...during(2, negative)])).toMatchObject({ kind: 'up' })
    expect(after([...up, ...during(3, negative)])).toMatchObject(restarts)
    expect(after(during(3, negative))).toMatchObject(restarts)
  })

  test('later if its negative uptime is always the same, which may be a figure that is not refreshed', () => {
    expect(after([...up, ...during(7, { uptimeS: -4 })])).toMatchObject({ kind: 'up' })
    expect(after([...up, ...during(10, { uptimeS: -4 })])).toMatchObject(restarts)
  })

  test('only once for each end: an uptime after a negative one is no second', () => {
    const ends = during(1, healthy).concat({ uptimeS: -1 }, { uptimeS: 10 })
    expect(after([...ends, ...ends])).toMatchObject({ kind: 'up' })
  })

  test('and lives again after 10 min with an uptime', () => {
    const dead = [...up, ...during(3, negative)]
    const lives = (minutes: number): Shown[] => during(minutes, (ms) => healthy(ms + 15_000))
    expect(after([...dead, ...lives(9)])).toMatchObject(restarts)
    expect(after([...dead, ...during(30, nothing)])).toMatchObject(restarts)
    expect(after([...dead, ...lives(11)])).toMatchObject({ kind: 'up' })
  })

  test('if figures and ports are gone for 10 min, until any of them is back', () => {
    const gone = { kind: 'died', death: { why: 'gone', since: instant(2 * MINUTE_MS) } }
    expect(after([...up, ...during(10, nothing)])).toMatchObject({ kind: 'up' })
    expect(after([...up, ...during(11, nothing)])).toMatchObject(gone)
    expect(after([...up, ...during(11, nothing), { ports: ['203.0.113.7:10022'] }])).toMatchObject({
      kind: 'up',
    })
  })

  test.each<[string, Shown[]]>([
    ['only figures are gone', [...up, ...during(60, { ports: ['203.0.113.7:10022'] })]],
    ['it never had ports', [...during(2, { uptimeS: 60 }), ...during(60, nothing)]],
    ['it never had figures', [...during(2, { ports: ['203.0.113.7:10022'] }), ...during(60, nothing)]],
    [
      'one lookup in three times out',
      during(60, (ms) => (ms % 45_000 === 0 ? nothing : healthy(ms + 60_000))),
    ],
    ['a replica lags behind', during(60, (ms) => healthy(ms % 45_000 === 0 ? ms + 600_000 : ms + 660_000))],
  ])('is not said if %s', (_, shown) => {
    expect(after(shown)).toMatchObject({ kind: 'up' })
  })
})
