import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  connectionOf,
  type Link,
  liveLink,
  newLink,
  nextDelayMs,
  withFailure,
} from '../../../src/core/polling/connection'
import type { ProviderError, ProviderErrorKind } from '../../../src/core/pods/provider'
import { defaultSettings as settings } from '../../../src/core/settings/settings'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time'
import { instant } from '../../harness/pods'
import { providerError } from '../../harness/provider'
import { START_MS } from '../../harness/clock'

/** The link after failures at these moments, ms. */
const after = (...failures: readonly [ProviderErrorKind, number][]): Link =>
  failures.reduce(
    (link, [kind, ms]) => withFailure(link, providerError(kind), instant(ms), settings),
    liveLink,
  )
const wordsOf = (link: Link) => connectionOf(link, START_MS + HOUR_MS)

const calm = { hasOpenIntent: false, hasActivePod: false, spacingMs: 0 }
const delay = (link: Link, ms = 0, pace = calm, random = 0.5) =>
  nextDelayMs(link, instant(ms), pace, settings, () => random)

describe('a refused key', () => {
  test('a single 401 leaves the key in doubt', () => {
    expect(wordsOf(after(['unauthorized', 0]))).toEqual({
      kind: 'key-doubted',
      atMs: START_MS,
      retryAtMs: START_MS + HOUR_MS,
    })
  })

  test('a second 401 is waited for: once more, 5 minutes after the first', () => {
    expect(delay(after(['unauthorized', 0]))).toBe(5 * MINUTE_MS)
    expect(delay(after(['unauthorized', 0]), 4 * MINUTE_MS)).toBe(MINUTE_MS)
  })

  test('a second 401 within 5 minutes does not refuse it yet, and does not put off the next try', () => {
    const early = after(['unauthorized', 0], ['unauthorized', 4 * MINUTE_MS])
    expect(wordsOf(early).kind).toBe('key-doubted')
    expect(delay(early, 4 * MINUTE_MS)).toBe(MINUTE_MS)
  })

  test('two 401s 5 minutes apart make it refused, and nothing is asked by itself any more', () => {
    const refused = after(['unauthorized', 0], ['unauthorized', 5 * MINUTE_MS])
    expect(wordsOf(refused)).toEqual({
      kind: 'key-refused',
      firstAtMs: START_MS,
      againAtMs: START_MS + 5 * MINUTE_MS,
    })
    expect(delay(refused, 6 * MINUTE_MS)).toBeNull()
  })

  test('an outage in between does not clear the doubt; a good answer does', () => {
    expect(
      wordsOf(after(['unauthorized', 0], ['unreachable', MINUTE_MS], ['unauthorized', 5 * MINUTE_MS])).kind,
    ).toBe('key-refused')
    expect(
      wordsOf(withFailure(liveLink, providerError('unauthorized'), instant(HOUR_MS), settings)).kind,
    ).toBe('key-doubted')
  })

  test('a key that is refused and then not reachable is asked for again', () => {
    const link = after(['unauthorized', 0], ['unauthorized', 5 * MINUTE_MS], ['unreachable', 6 * MINUTE_MS])
    expect(delay(link, 6 * MINUTE_MS)).not.toBeNull()
  })
})

describe('a link that fails', () => {
  test.each<[ProviderErrorKind, string]>([
    ['unreachable', 'offline'],
    ['unreadable', 'unreadable'],
    ['forbidden', 'forbidden'],
    ['rate-limited', 'rate-limited'],
    ['not-found', 'unreadable'],
    ['gone', 'unreadable'],
  ])('by %s is called %s', (kind, words) => {
    expect(wordsOf(after([kind, 0])).kind).toBe(words)
  })

  test('says since when, and in the words of the first as of the last', () => {
    const link = withFailure(
      after(['unreachable', 0]),
      providerError('unreachable', { message: 'No route.' }),
      instant(MINUTE_MS),
      settings,
    )
    expect(wordsOf(link)).toEqual({
      kind: 'offline',
      sinceMs: START_MS,
      nextTryAtMs: START_MS + HOUR_MS,
      failure: 'No route.',
    })
  })

  test('that has said nothing yet is connecting', () => {
    expect(wordsOf(newLink)).toEqual({ kind: 'connecting' })
    expect(wordsOf(liveLink)).toEqual({ kind: 'live' })
  })
})

describe('the next list', () => {
  test.each([
    [{ ...calm }, 60],
    [{ ...calm, hasActivePod: true }, 15],
    [{ ...calm, hasActivePod: true, hasOpenIntent: true }, 5],
    [{ ...calm, hasActivePod: true, spacingMs: 40 * SECOND_MS }, 40],
    [{ ...calm, hasOpenIntent: true, spacingMs: 90 * SECOND_MS }, 90],
    [{ ...calm, spacingMs: 10 * SECOND_MS }, 60],
  ])('with %o comes after %d s', (pace, seconds) => {
    expect(delay(liveLink, 0, pace)).toBe(seconds * SECOND_MS)
  })

  test('comes later and later while there is no answer, within a tenth, up to about a minute', () => {
    const failures = (count: number) =>
      after(...Array.from({ length: count }, (_, index): ['unreachable', number] => ['unreachable', index]))
    expect([1, 2, 3, 4, 50].map((count) => delay(failures(count)))).toEqual([
      15_000, 30_000, 60_000, 60_000, 60_000,
    ])
    expect(delay(failures(1), 0, calm, 0)).toBe(13_500)
    expect(delay(failures(9), 0, calm, 0.999)).toBeLessThanOrEqual(66_000)
  })

  test('comes no sooner than the quota allows, even after a failure', () => {
    expect(delay(after(['unreachable', 0]), 0, { ...calm, spacingMs: 45_000 })).toBe(45_000)
  })

  test('waits as long as a 429 asks, and a little more', () => {
    const limited = (retryAfterMs: number | null): Link => {
      const error: ProviderError = providerError('rate-limited', { retryAfterMs })
      return withFailure(liveLink, error, instant(0), settings)
    }
    expect(delay(limited(7_000), 0, calm, 0)).toBe(7_000)
    expect(delay(limited(7_000), 0, calm, 0.999)).toBeLessThanOrEqual(8_000)
    expect(delay(limited(null), 0, calm, 0)).toBe(60_000)
  })

  test('comes by itself within an hour, and never at once, unless the key is refused', () => {
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
        const ms = delay(link, inOrder.at(-1)?.[1] ?? 0, calm, random)
        if (link.state.kind === 'refused') expect(ms).toBeNull()
        else {
          expect(ms).toBeGreaterThanOrEqual(100)
          expect(ms).toBeLessThanOrEqual(HOUR_MS)
        }
      }),
    )
  })
})
