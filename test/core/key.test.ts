import { expect, test } from 'vitest'
import { parseKey } from '../../src/core/key'

const KEY = 'rpa_ABCDEFGHIJKLMNOP0123456789'

test.each([
  KEY,
  `  ${KEY}\n`,
  `Bearer ${KEY}`,
  `Authorization: Bearer ${KEY}`,
  `RUNPOD_API_KEY=${KEY}`,
  `export RUNPOD_API_KEY="${KEY}"`,
  `${KEY.slice(0, 10)}\r\n${KEY.slice(10)}`,
])('a pasted key is trimmed of spaces, line ends, Bearer and names: %j', (pasted) => {
  expect(parseKey(pasted)).toBe(KEY)
})

test.each([
  '',
  '   ',
  'short',
  'https://console.runpod.io/user/settings',
  'clé-de-seize-caractères',
  'x'.repeat(257),
])('what cannot be a key is not taken for one: %j', (pasted) => {
  expect(parseKey(pasted)).toBeNull()
})
