import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { knownAccountsOf } from '../../../src/core/settings/account-identity'
import {
  type AppConfig,
  CONFIG_VERSION,
  emptyConfig,
  parseConfig,
  serializeConfig,
  withAccount,
  withoutAccount,
} from '../../../src/core/settings/config-schema'

/** Without a name and a color. */
const first = { id: 'a', baseUrl: 'https://x.test/', keyEnding: 'cess', encryptedKey: 'eA==' }
const account = { ...first, name: 'Runpod', color: 'blue' } as const
const second = {
  ...account,
  id: 'b',
  name: 'Acme',
  color: 'pink',
  isPaused: true,
  monthlyBudgetUsd: 600,
} as const

function accountsOf(count: number) {
  return Array.from({ length: count }, (_, index) => ({ ...first, id: `id-${index}` }))
}

test('a written file is read back, including unknown fields', () => {
  const config = {
    ...emptyConfig,
    settings: { undoS: 8, ofTheFuture: [1] },
    accounts: [{ ...account, nickname: 'lab' }, second],
    budget: { monthUsd: 600 },
  }
  expect(parseConfig(serializeConfig(config))).toEqual({ ok: true, value: config })
})

test('a file without a version was made by hand, and may have only some of the sections', () => {
  const made = JSON.stringify({ settings: { undoS: 8 }, accounts: [first], other: 1 })
  expect(parseConfig(made)).toEqual({
    ok: true,
    value: { ...emptyConfig, settings: { undoS: 8 }, accounts: [account], other: 1 },
  })
  expect(parseConfig('{}')).toEqual({ ok: true, value: emptyConfig })
})

test.each([
  ['', 'it is damaged'],
  ['\0\0\0', 'it is damaged'],
  ['[]', 'it is damaged'],
  ['"text"', 'it is damaged'],
  ['null', 'it is damaged'],
  ['{"version":"1"}', 'its version is not a number'],
  ['{"version":-1}', 'its version is not a number'],
  ['{"version":1.5}', 'its version is not a number'],
  [`{"version":${CONFIG_VERSION + 1}}`, 'a newer Podkeeper wrote it'],
  ['{"version":0}', 'its version is not a number'],
  ['{"version":1,"accounts":[],"guards":{}}', 'it has no settings'],
  ['{"version":1,"settings":{},"account":{"id":"a"},"guards":{}}', 'it has no accounts'],
  ['{"version":1,"settings":{},"accounts":[],"guardz":{}}', 'it has no guards'],
  ['{"settings":[]}', 'settings in it is invalid'],
  ['{"settings":7}', 'settings in it is invalid'],
  ['{"accounts":{}}', 'accounts in it is invalid'],
  ['{"accounts":[{"id":"a"}]}', 'accounts.0.baseUrl in it is invalid'],
  [JSON.stringify({ accounts: [{ ...first, id: 'a/b' }] }), 'accounts.0.id in it is invalid'],
  [JSON.stringify({ accounts: accountsOf(21) }), 'accounts in it is invalid'],
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
  const text = serializeConfig({ ...emptyConfig, settings: { undoS: 8 }, accounts: [account] })
  for (let length = 0; length < text.trimEnd().length; length++)
    expect(parseConfig(text.slice(0, length)).ok).toBe(false)
})

test('an account whose provider is no text is there all the same', () => {
  const parsed = parseConfig(JSON.stringify({ accounts: [{ ...account, provider: 7 }] }))
  expect(parsed.ok && parsed.value.accounts.map(({ id, provider }) => [id, provider])).toEqual([['a', '?']])
})

test('twenty accounts are read', () => {
  const parsed = parseConfig(JSON.stringify({ accounts: accountsOf(20) }))
  expect(parsed.ok && parsed.value.accounts.map(({ name }) => name)).toEqual([
    'Runpod',
    ...Array.from({ length: 19 }, (_, index) => `Runpod ${index + 2}`),
  ])
})

describe('an account in the file', () => {
  const ids = ({ accounts }: AppConfig) => accounts.map(({ id }) => id)
  const config = { ...emptyConfig, accounts: [account, second], other: 1 }

  test('is added at the end, and replaced where it is', () => {
    const third = { ...account, id: 'c' }
    expect(ids(withAccount(config, third, null))).toEqual(['a', 'b', 'c'])
    expect(withAccount(config, { ...account, name: 'Lab' }, null).accounts).toEqual([
      { ...account, name: 'Lab' },
      second,
    ])
    expect(withAccount(config, third, null)['other']).toBe(1)
  })

  test('takes the place of another that turned out to be the same', () => {
    expect(ids(withAccount(config, { ...account, id: 'c' }, null, 'a'))).toEqual(['c', 'b'])
    expect(ids(withAccount(config, second, null, 'a'))).toEqual(['b'])
    expect(ids(withAccount(config, account, null, 'b'))).toEqual(['a'])
  })

  test('stays known when it is removed, and nothing else changes', () => {
    const removed = withoutAccount(config, 'a')
    expect(ids(removed)).toEqual(['b'])
    expect(knownAccountsOf(removed).map(({ id }) => id)).toEqual(['a', 'b'])
    expect(withoutAccount(config, 'nobody').accounts).toEqual(config.accounts)
  })
})
