import ssh2 from 'ssh2'
import { describe, expect, it } from 'vitest'
import { keyOf, unreadableForSshKeygen, unreadableKeys } from '../../../bench/ssh/own-keys'
import { generateEd25519Key, isEd25519KeyPair } from '../../../src/ssh/keys/ed25519-key'
import { parsePublicKeyLine } from '../../../src/ssh/keys/key-file-parser'

/** Seeds whose public key begins with a zero byte. */
const ZERO_SEEDS = [99, 212, 752]

describe('a generated key pair', () => {
  // `npm run bench -- ssh` reads 10,000.
  it('can be read back for any bytes', () => {
    expect(unreadableKeys(1, 300)).toEqual([])
  })

  it.each(ZERO_SEEDS)('can be read if its public key begins with a zero byte: seed %i', (seed) => {
    expect(parsePublicKeyLine(keyOf(seed).publicLine)?.blob.at(-32)).toBe(0)
    expect(unreadableKeys(seed, 1)).toEqual([])
    expect(unreadableForSshKeygen(seed, 1)).toEqual([])
  })

  it('can be read by ssh-keygen for every length of comment, and so of padding', () => {
    expect(unreadableForSshKeygen(0, 21)).toEqual([])
  })

  it.each(Array.from({ length: 21 }, (_, length) => length))(
    'can be read by ssh2 with a comment of %i bytes',
    (length) => {
      const comment = 'x'.repeat(length)
      const pair = generateEd25519Key(comment)
      const read = ssh2.utils.parseKey(pair.privateText)
      if (read instanceof Error) throw read
      expect(read).toMatchObject({ type: 'ssh-ed25519', comment })
      expect(isEd25519KeyPair(pair)).toBe(true)
    },
  )

  it('is different each time', () => {
    expect(generateEd25519Key('').publicLine).not.toBe(generateEd25519Key('').publicLine)
  })
})

describe('halves that do not match', () => {
  const [one, other] = [keyOf(1), keyOf(2)]

  it('are not a valid pair', () => {
    expect(isEd25519KeyPair({ privateText: one.privateText, publicLine: other.publicLine })).toBe(false)
    expect(isEd25519KeyPair({ privateText: one.privateText, publicLine: '' })).toBe(false)
    expect(isEd25519KeyPair({ privateText: '', publicLine: one.publicLine })).toBe(false)
  })

  it('in one file are not a valid pair', () => {
    const [bytes, secret] = [bytesOf(one.privateText), bytesOf(other.privateText)]
    // The 32 secret bytes precede the last copy of the public key.
    const at = (of: Buffer, { publicLine }: typeof one): number =>
      of.lastIndexOf(parsePublicKeyLine(publicLine)?.blob.subarray(-32) ?? '') - 32
    secret.copy(bytes, at(bytes, one), at(secret, other), at(secret, other) + 32)
    const mixed = textOf(bytes)
    expect(isEd25519KeyPair({ privateText: mixed, publicLine: one.publicLine })).toBe(false)
  })
})

const bytesOf = (text: string): Buffer => Buffer.from(text.replaceAll(/^-.*$/gm, ''), 'base64')
const textOf = (bytes: Buffer): string =>
  `-----BEGIN OPENSSH PRIVATE KEY-----\n${bytes.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`
