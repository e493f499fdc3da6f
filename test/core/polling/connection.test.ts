import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ConnectionState,
  initialConnection,
  liveConnection,
  nextPollDelayMs,
  toConnectionView,
  withFailure,
} from '../../../src/core/polling/connection'
import type { ProviderError, ProviderErrorKind } from '../../../src/core/pods/provider'
import { defaultSettings as settings } from '../../../src/core/settings/settings'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { instant } from '../../harness/samples/pods'
import { providerError } from '../../harness/monitor/scripted-provider'
import { START_MS } from '../../harness/base/fake-clock'

/** The connection after failures at these times, ms. */
const after = (...failures: readonly [ProviderErrorKind, number][]): ConnectionState =>
  failures.reduce(
    (link, [kind, ms]) => withFailure(link, providerError(kind), instant(ms), settings),
    liveConnection,
  )
const viewOf = (link: ConnectionState) => toConnectionView(link, START_MS + HOUR_MS)

const noConditions = { hasOpenIntent: false, hasActivePod: false, hasArmedPod: false, minIntervalMs: 0 }
const delay = (link: ConnectionState, ms = 0, pace = noConditions, random = 0.5) =>
  nextPollDelayMs(link, instant(ms), pace, settings, () => random)

describe('after a 401', () => {
  test('the key is doubtful if it was the only one', () => {
    expect(viewOf(after(['unauthorized', 0]))).toEqual({
      kind: 'key-doubted',
      atMs: START_MS,
      retryAtMs: START_MS + HOUR_MS,
    })
  })

  test('the next list is 5 minutes after the first', () => {
    expect(delay(after(['unauthorized', 0]))).toBe(5 * MINUTE_MS)
    expect(delay(after(['unauthorized', 0]), 4 * MINUTE_MS)).toBe(MINUTE_MS)
  })

  test('a second one within 5 minutes does not refuse the key yet, and does not postpone the next attempt', () => {
    const early = after(['unauthorized', 0], ['unauthorized', 4 * MINUTE_MS])
    expect(viewOf(early).kind).toBe('key-doubted')
    expect(delay(early, 4 * MINUTE_MS)).toBe(MINUTE_MS)
  })

  test('another one 5 minutes later refuses the key', () => {
    const refused = after(['unauthorized', 0], ['unauthorized', 5 * MINUTE_MS])
    expect(viewOf(refused)).toEqual({
      kind: 'key-refused',
      firstAtMs: START_MS,
      againAtMs: START_MS + 5 * MINUTE_MS,
      nextTryAtMs: START_MS + HOUR_MS,
    })
  })

  test('an outage does not clear the doubt, but a successful reply does', () => {
    expect(
      viewOf(after(['unauthorized', 0], ['unreachable', MINUTE_MS], ['unauthorized', 5 * MINUTE_MS])).kind,
    ).toBe('key-refused')
    expect(
      viewOf(withFailure(liveConnection, providerError('unauthorized'), instant(HOUR_MS), settings)).kind,
    ).toBe('key-doubted')
  })

  test.each([
    [false, 60],
    [true, 15],
  ])(
    'a refused key is tried again; while a running pod is armed (%s), after %d min at most',
    (hasArmedPod, max) => {
      const waitsMin = [1, 2, 3, 4, 5].map((count) => {
        const refusals = Array.from({ length: count }, (): ['unauthorized', number] => [
          'unauthorized',
          HOUR_MS,
        ])
        const waitMs = delay(after(['unauthorized', 0], ...refusals), HOUR_MS, {
          ...noConditions,
          hasArmedPod,
        })
        return waitMs / MINUTE_MS
      })
      expect(waitsMin).toEqual([1, 5, 15, max, max])
    },
  )

  test('a refused key that is then unreachable is tried as often as before', () => {
    const link = after(
      ['unauthorized', 0],
      ['unauthorized', 5 * MINUTE_MS],
      ['unreachable', 6 * MINUTE_MS],
      ['unauthorized', 7 * MINUTE_MS],
    )
    expect(delay(link, 7 * MINUTE_MS)).toBe(5 * MINUTE_MS)
  })
})

describe('a failing connection', () => {
  test.each<[ProviderErrorKind, string]>([
    ['unreachable', 'offline'],
    ['unreadable', 'unreadable'],
    ['forbidden', 'forbidden'],
    ['rate-limited', 'rate-limited'],
    ['not-found', 'unreadable'],
    ['gone', 'unreadable'],
  ])('with the error %s is shown as %s', (kind, words) => {
    expect(viewOf(after([kind, 0])).kind).toBe(words)
  })

  test('shows since when it fails, with the first message as well as the last', () => {
    const link = withFailure(
      after(['unreachable', 0]),
      providerError('unreachable', { message: 'No route.' }),
      instant(MINUTE_MS),
      settings,
    )
    expect(viewOf(link)).toEqual({
      kind: 'offline',
      sinceMs: START_MS,
      nextTryAtMs: START_MS + HOUR_MS,
      failure: 'No route.',
    })
  })

  test('without any reply yet is connecting', () => {
    expect(viewOf(initialConnection)).toEqual({ kind: 'connecting' })
    expect(viewOf(liveConnection)).toEqual({ kind: 'live' })
  })
})

describe('the next list', () => {
  test.each([
    [{ ...noConditions }, 60],
    [{ ...noConditions, hasActivePod: true }, 15],
    [{ ...noConditions, hasActivePod: true, hasOpenIntent: true }, 5],
    [{ ...noConditions, hasActivePod: true, minIntervalMs: 40 * SECOND_MS }, 40],
    [{ ...noConditions, hasOpenIntent: true, minIntervalMs: 90 * SECOND_MS }, 90],
    [{ ...noConditions, minIntervalMs: 10 * SECOND_MS }, 60],
  ])('with %o comes after %d s', (pace, seconds) => {
    expect(delay(liveConnection, 0, pace)).toBe(seconds * SECOND_MS)
  })

  test('comes later and later while there is no reply, within a tenth, up to about a minute', () => {
    const failures = (count: number) =>
      after(...Array.from({ length: count }, (_, index): ['unreachable', number] => ['unreachable', index]))
    expect([1, 2, 3, 4, 50].map((count) => delay(failures(count)))).toEqual([
      15_000, 30_000, 60_000, 60_000, 60_000,
    ])
    expect(delay(failures(1), 0, noConditions, 0)).toBe(13_500)
    expect(delay(failures(9), 0, noConditions, 0.999)).toBeLessThanOrEqual(66_000)
  })

  test('comes no sooner than the quota allows, even after a failure', () => {
    expect(delay(after(['unreachable', 0]), 0, { ...noConditions, minIntervalMs: 45_000 })).toBe(45_000)
  })

  test('waits as long as a 429 demands, and slightly longer', () => {
    const limited = (retryAfterMs: number | null): ConnectionState => {
      const error: ProviderError = providerError('rate-limited', { retryAfterMs })
      return withFailure(liveConnection, error, instant(0), settings)
    }
    expect(delay(limited(7_000), 0, noConditions, 0)).toBe(7_000)
    expect(delay(limited(7_000), 0, noConditions, 0.999)).toBeLessThanOrEqual(8_000)
    expect(delay(limited(null), 0, noConditions, 0)).toBe(60_000)
  })

  test.each([0, -60_000])('comes later and later while 429s ask for a wait of %d ms', (retryAfterMs) => {
    let link = liveConnection
    const delaysMs = [1, 2, 3, 4, 5, 6, 7, 8].map(() => {
      link = withFailure(link, providerError('rate-limited', { retryAfterMs }), instant(0), settings)
      return delay(link, 0, noConditions, 0)
    })
    expect(delaysMs).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * SECOND_MS))
  })

  test('comes within an hour, and never immediately', () => {
    const kinds: ProviderErrorKind[] = [
      'unauthorized',
      'forbidden',
      'unreachable',
      'unreadable',
      'rate-limited',
    ]
    const failures = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(HOUR_MS)), { maxLength: 20 })
    fc.assert(
      fc.property(failures, fc.double({ min: 0, max: 0.999, noNaN: true }), (planned, random) => {
        const inOrder = [...planned].sort((a, b) => a[1] - b[1])
        const link = after(...inOrder)
        const ms = delay(link, inOrder.at(-1)?.[1] ?? 0, noConditions, random)
        expect(ms).toBeGreaterThanOrEqual(100)
        expect(ms).toBeLessThanOrEqual(HOUR_MS)
      }),
    )
  })
})
