import { describe, expect, it } from 'vitest'
import {
  fingerprintOf,
  isSameKey,
  isTooShort,
  readField,
  readPublicKey,
  splitFields,
  toHostKeyView,
} from '../../../src/ssh/keys/public-key'
import { ecdsa, ed25519, fields, rsa } from './key-samples'

const point = (bytes: number, first = 4): Buffer =>
  Buffer.concat([Buffer.from([first]), Buffer.alloc(bytes - 1, 7)])

describe('a public key', () => {
  it.each([
    ['ssh-ed25519', fields('ssh-ed25519', Buffer.alloc(32)), null],
    ['ecdsa-sha2-nistp256', fields('ecdsa-sha2-nistp256', 'nistp256', point(65)), null],
    ['ecdsa-sha2-nistp384', fields('ecdsa-sha2-nistp384', 'nistp384', point(97)), null],
    ['ecdsa-sha2-nistp521', fields('ecdsa-sha2-nistp521', 'nistp521', point(133)), null],
    ['ssh-rsa', rsa(3072).blob, 3072],
  ])('is parsed: %s', (algorithm, blob, rsaBits) => {
    expect(readPublicKey(blob)).toEqual({ algorithm, blob, rsaBits })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a length without bytes', Buffer.from([0, 0, 0, 9])],
    ['half a length', Buffer.from([0, 0, 0])],
    ['a type alone', fields('ssh-ed25519')],
    ['a short ed25519 key', fields('ssh-ed25519', Buffer.alloc(31))],
    ['an ed25519 key with trailing data', fields('ssh-ed25519', Buffer.alloc(32), 'x')],
    ['trailing bytes', Buffer.concat([fields('ssh-ed25519', Buffer.alloc(32)), Buffer.from([0])])],
    ['a point of another curve', fields('ecdsa-sha2-nistp256', 'nistp384', point(65))],
    ['a compressed point', fields('ecdsa-sha2-nistp256', 'nistp256', point(65, 2))],
    ['a short point', fields('ecdsa-sha2-nistp256', 'nistp256', point(64))],
    ['a curve without a point', fields('ecdsa-sha2-nistp256', 'nistp256')],
    ['an RSA key without a modulus', fields('ssh-rsa', 'e')],
    ['an RSA key with trailing data', fields('ssh-rsa', 'e', 'n', 'x')],
    ['a DSA key', fields('ssh-dss', 'p', 'q')],
    ['a type named like a JavaScript property', fields('constructor', 'constructor', point(65))],
    ['a key of a security key', fields('sk-ssh-ed25519@openssh.com', Buffer.alloc(32), 'ssh:')],
  ])('is rejected if it is %s', (_, blob) => {
    expect(readPublicKey(blob)).toBeNull()
  })

  it('has the size of its modulus without leading zeros', () => {
    for (const bits of [1, 7, 8, 9, 1023, 1024, 2047, 2048, 4096]) expect(rsa(bits).rsaBits).toBe(bits)
    expect(readPublicKey(fields('ssh-rsa', 'e', Buffer.alloc(256)))?.rsaBits).toBe(0)
  })

  it('is too short if it is RSA below 2048 bits; other types never are', () => {
    expect([2047, 2048].map((bits) => isTooShort(rsa(bits)))).toEqual([true, false])
    expect([ed25519(1), ecdsa(1)].map(isTooShort)).toEqual([false, false])
  })

  it('consists of strings, which can be empty and have exact lengths', () => {
    expect(splitFields(fields('a', '', 'b'))?.map(String)).toEqual(['a', '', 'b'])
    expect(splitFields(fields('a', ''))?.map(String)).toEqual(['a', ''])
    expect(splitFields(Buffer.alloc(0))).toEqual([])
    expect(readField(Buffer.from([0, 0, 0, 2, 7]), 0)).toBeNull()
    expect(readField(Buffer.from([0, 0, 0, 1, 7]), 0)).toEqual({ bytes: Buffer.from([7]), endOffset: 5 })
    expect(readField(Buffer.from([0, 0, 0, 1, 7]), undefined)).toBeNull()
  })

  it('is compared byte by byte', () => {
    const { blob } = ed25519(1)
    expect(isSameKey(blob, Buffer.from(blob))).toBe(true)
    expect(isSameKey(blob, ed25519(2).blob)).toBe(false)
    expect(isSameKey(blob, blob.subarray(1))).toBe(false)
    expect(isSameKey(Buffer.alloc(0), blob)).toBe(false)
  })

  it('has a fingerprint without padding', () => {
    const key = ed25519(0)
    expect(fingerprintOf(key.blob)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/)
    expect(toHostKeyView(key)).toEqual({ algorithm: 'ssh-ed25519', fingerprint: fingerprintOf(key.blob) })
  })
})
