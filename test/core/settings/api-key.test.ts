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
  ['broken over two lines', `${KEY.slice(0, 10)}\n${KEY.slice(10)}`],
])('a key pasted %s is found', (_how, pasted) => {
  expect(parseApiKey(pasted)).toBe(KEY)
})

test.each([
  '',
  '   ',
  'hello',
  'ssh root@1.2.3.4 -p 22',
  'https://console.runpod.io',
  `${KEY}?x=1`,
  'a'.repeat(257),
])('%j is not a key', (pasted) => {
  expect(parseApiKey(pasted)).toBeNull()
})
