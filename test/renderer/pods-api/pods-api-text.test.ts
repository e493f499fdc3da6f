import { expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { servedAddress, serveStateText, tokenText } from '../../../src/renderer/pods-api/pods-api-text'
import type { ApiTokenView } from '../../../src/shared/requests/pods-api-requests'

const NOW_MS = Date.UTC(2026, 10, 27, 12)
const token: ApiTokenView = {
  id: 'tok_1',
  name: 'ci',
  scopes: ['pods:read'],
  accountIds: null,
  maxHourlyUsd: null,
  podNames: null,
  createdAtMs: NOW_MS,
  expiresAtMs: null,
  lastUsedAtMs: null,
}
const textOf = (over: Partial<ApiTokenView>): string =>
  tokenText({ ...token, ...over }, (id) => (id === 'one' ? 'Lab' : null), NOW_MS)

test('a token is described by what it may do, where, until when, and its last use', () => {
  expect(textOf({})).toBe('Read · all accounts · never expires · no known use')
  expect(textOf({ scopes: ['pods:terminate'], accountIds: ['one', 'gone'], expiresAtMs: NOW_MS })).toBe(
    'Read, ask to terminate · Lab, a removed account · expired · no known use',
  )
  expect(
    textOf({
      scopes: ['pods:read', 'pods:write'],
      maxHourlyUsd: 5,
      expiresAtMs: NOW_MS + 400 * DAY_MS,
      lastUsedAtMs: NOW_MS - 3 * MINUTE_MS,
    }),
  ).toBe(
    'Read, start, stop and create · all accounts · new pods up to $5.00/hr · expires Jan 1, 2028 · last used 3 min ago',
  )
  expect(textOf({ scopes: ['pods:write'] })).toContain('new pods at any price')
  expect(textOf({ podNames: ['alice-*'] })).toBe(
    'Read · all accounts · only pods alice-* · never expires · no known use',
  )
})

test('an address is given only while it is served there, and every other state says why', () => {
  expect(servedAddress({ kind: 'serving', port: 4780 })).toBe('http://127.0.0.1:4780')
  for (const state of [
    { kind: 'off' },
    { kind: 'starting' },
    { kind: 'port-in-use', port: 4780 },
    { kind: 'other-program', pid: 4711 },
    { kind: 'failed', message: 'The disk is full.' },
  ] as const) {
    expect(servedAddress(state)).toBeNull()
    expect(serveStateText(state)).toMatch(/^Not served|Starting|Port 4780|process 4711/)
  }
})
