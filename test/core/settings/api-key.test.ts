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
