import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  CONFIG_VERSION,
  emptyConfig,
  parseConfig,
  serializeConfig,
} from '../../../src/core/settings/config-schema'

const account = { id: 'a', baseUrl: 'https://x.test/', keyEnding: 'cess', encryptedKey: 'eA==' }

test('a written file is read back, including unknown fields', () => {
  const config = {
    ...emptyConfig,
    settings: { undoS: 8, ofTheFuture: [1] },
    account: { ...account, nickname: 'lab' },
    budget: { monthUsd: 600 },
  }
  expect(parseConfig(serializeConfig(config))).toEqual({ ok: true, value: config })
})

test('a file without a version is migrated: an empty address meant none', () => {
  const old = JSON.stringify({ settings: { runpodBaseUrl: '', undoS: 8 }, account, other: 1 })
  expect(parseConfig(old)).toEqual({
    ok: true,
    value: { ...emptyConfig, settings: { runpodBaseUrl: null, undoS: 8 }, account, other: 1 },
  })
  expect(parseConfig('{}')).toEqual({ ok: true, value: emptyConfig })
})

test.each([
  ['', 'it is damaged'],
  ['\0\0\0', 'it is damaged'],
  ['[]', 'it is damaged'],
  ['"text"', 'it is damaged'],
  ['null', 'it is damaged'],
  ['{"version":"1"}', 'its version is no number'],
  ['{"version":-1}', 'its version is no number'],
  ['{"version":1.5}', 'its version is no number'],
  [`{"version":${CONFIG_VERSION + 1}}`, 'a newer Podkeeper wrote it'],
  ['{"version":1,"account":null,"guards":{}}', 'it has no settings'],
  ['{"version":1,"settings":{},"guards":{}}', 'it has no account'],
  ['{"version":1,"settings":{},"account":null,"guardz":{}}', 'it has no guards'],
  ['{"settings":[]}', 'settings in it makes no sense'],
  ['{"settings":7}', 'settings in it makes no sense'],
  ['{"account":{"id":"a"}}', 'account.baseUrl in it makes no sense'],
  ['{"account":"a"}', 'account in it makes no sense'],
])('%o is rejected: %s', (text, reason) => {
  expect(parseConfig(text)).toEqual({ ok: false, error: reason })
})

test('any JSON is read or rejected, and what is read is written and read again the same', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      const parsed = parseConfig(text)
      if (parsed.ok) expect(parseConfig(serializeConfig(parsed.value))).toEqual(parsed)
      else expect(parsed.error).toMatch(/\w/)
    }),
    { numRuns: 2_000 },
  )
})

test('a truncated file is never accepted', () => {
  const text = serializeConfig({ ...emptyConfig, settings: { undoS: 8 }, account })
  for (let length = 0; length < text.trimEnd().length; length++)
    expect(parseConfig(text.slice(0, length)).ok).toBe(false)
})
