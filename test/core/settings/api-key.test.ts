import { expect, test } from 'vitest'
import { parseApiKey } from '../../../src/core/settings/api-key'

const KEY = 'rpa_ABCDEFGH12345678ijklmnop-9f3c'

test.each([
  ['as it is', KEY],
  ['with spaces and line ends', `\r\n  ${KEY} \n`],
  ['with Bearer', `Bearer ${KEY}`],
  ['as a header', `Authorization: Bearer ${KEY}`],
  ['as a shell variable', `export RUNPOD_API_KEY="${KEY}"`],
  ['in quotes', `'${KEY}'`],
])('a key pasted %s is found', (_how, pasted) => {
  expect(parseApiKey(pasted)).toBe(KEY)
})

test('a random text of another server or an older account is found', () => {
  const key = 'ABCD1234EFGH5678IJKL9012MNOP3456QRST7890'
  expect(parseApiKey(` ${key}\n`)).toBe(key)
})

test.each([
  '',
  '   ',
  'hello',
  'ssh root@1.2.3.4 -p 22',
  'https://console.runpod.io',
  `${KEY}?x=1`,
  'a'.repeat(257),
  `${KEY.slice(0, 20)}\n${KEY.slice(20)}`,
  `${KEY.slice(0, 20)} ${KEY.slice(20)}`,
  `${KEY}\n${KEY}`,
  `my key is ${KEY}`,
  'correct-horse-battery-staple',
  'Tr0ub4dor-and-3',
  'one-of-my-passwords-without-digits-at-all',
  `${KEY}${' '.repeat(1_000)}`,
])('%j is not a key', (pasted) => {
  expect(parseApiKey(pasted)).toBeNull()
})

const LAB_KEY = 'hfy_key_ABCDEFGH12345678-9f3c'

test.each([
  ['as it is', LAB_KEY],
  ['as a shell variable', `export HUBIFY_TOKEN=${LAB_KEY}`],
  ['with Bearer', `Bearer ${LAB_KEY}`],
])('a key of Hubify pasted %s is found, and never goes to Runpod', (_how, pasted) => {
  expect(parseApiKey(pasted, 'hubify')).toBe(LAB_KEY)
  expect(parseApiKey(pasted)).toBeNull()
})

test('a key of Runpod never goes to Hubify', () => {
  expect(parseApiKey(KEY, 'hubify')).toBeNull()
})

test.each(['hk_live_0123456789abcdef', 'ABCD1234EFGH5678IJKL9012MNOP3456QRST7890'])(
  'a key of Hubify needs no certain prefix: %s',
  (key) => expect(parseApiKey(key, 'hubify')).toBe(key),
)

test.each([
  '',
  'hfy_short',
  'correct-horse-battery-staple',
  'eyJhbGciOi.eyJzdWIiOiIxIn0.c2lnbmF0dXJlMTIzNDU2Nzg5MA',
])('%j is no key of Hubify', (pasted) => expect(parseApiKey(pasted, 'hubify')).toBeNull())
