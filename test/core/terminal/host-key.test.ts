import { expect, test } from 'vitest'
import { keyTypeText, serverText } from '../../../src/core/terminal/host-key'

test('a server is named by host and port, an IPv6 address in brackets', () => {
  expect(serverText({ host: '205.196.19.52', port: 11_452 })).toBe('205.196.19.52:11452')
  expect(serverText({ host: '2001:db8::1', port: 22 })).toBe('[2001:db8::1]:22')
})

test.each([
  ['ssh-ed25519', 'ed25519'],
  ['ssh-rsa', 'rsa'],
  ['ecdsa-sha2-nistp256', 'ecdsa'],
])('the type of a key with the algorithm %s is %s', (algorithm, type) => {
  expect(keyTypeText({ algorithm })).toBe(type)
})
