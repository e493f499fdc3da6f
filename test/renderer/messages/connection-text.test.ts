import { expect, test } from 'vitest'
import { connectionReason, stopsWaitText } from '../../../src/renderer/messages/connection-text'

const NOW_MS = Date.UTC(2026, 10, 24, 15)
const refused = {
  kind: 'key-refused',
  firstAtMs: NOW_MS - 120_000,
  againAtMs: NOW_MS - 60_000,
  nextTryAtMs: NOW_MS,
} as const
const reason = (watchers: readonly string[]) =>
  connectionReason(refused, NOW_MS, { watchers, service: 'Runpod', timeZone: 'UTC' }).replace(
    /.*and again at \S+\. /,
    '',
  )

test('a refused key says that nothing is watched only where no other account watches its pods', () => {
  expect(reason([])).toBe('Nothing is watched until a key works. Podkeeper tries this one again at 15:00.')
  expect(reason(['Dark energy'])).toEqual(
    expect.stringMatching(/^Only pods that Dark energy shows are watched until a key works\./),
  )
  expect(reason(['Dark energy', 'Protein folds'])).toEqual(
    expect.stringMatching(/^Only pods that Dark energy or Protein folds shows are watched until /),
  )
})

test('automatic stops of pods that another account took over do not wait', () => {
  expect(stopsWaitText([], 'Runpod')).toBe('Automatic stops wait until Runpod answers.')
  expect(stopsWaitText(['Dark energy'], 'Runpod')).toBe(
    'Its other automatic stops wait until Runpod answers.',
  )
})

test.each([
  ['The connection to 127.0.0.1 failed (ECONNRESET).', 'Can’t reach Runpod. Retrying in 24 s.'],
  ['rest.runpod.io could not be found (ENOTFOUND).', 'Can’t reach Runpod. Retrying in 24 s.'],
  [
    'the proxy p refused the connection (ECONNREFUSED).',
    'Can’t reach Runpod. The proxy p refused the connection (ECONNREFUSED). Retrying in 24 s.',
  ],
  [
    'The certificate of x is not accepted (CERT_HAS_EXPIRED).',
    'Can’t reach Runpod. The certificate of x is not accepted (CERT_HAS_EXPIRED). Retrying in 24 s.',
  ],
])('an outage says why only where it tells more than that nothing was reached: %s', (failure, text) => {
  const offline = { kind: 'offline', sinceMs: NOW_MS, nextTryAtMs: NOW_MS + 24_000, failure } as const
  expect(connectionReason(offline, NOW_MS, { service: 'Runpod' })).toBe(text)
  expect(connectionReason(offline, NOW_MS + 25_000, { service: 'Runpod' })).toMatch(/ Retrying now\.$/)
})
