import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readKnownHosts } from '../../src/ssh/host-keys/known-hosts'
import { matchesWildcard } from '../../src/ssh/config/wildcards'
import { parseRegisteredKeys } from '../../src/ssh/key-setup/registered-keys'
import { parseKeyFile } from '../../src/ssh/keys/key-file-parser'
import { parsePins } from '../../src/ssh/host-keys/host-key-pins'
import { readPublicKey } from '../../src/ssh/keys/public-key'
import { readLongLines } from '../../bench/ssh/long-lines'
import { readSshConfig } from '../../src/ssh/config/ssh-config'
import { ecdsa, ed25519, lineOf, rsa } from './keys/key-samples'
import { anyCharacter } from '../harness/base/any-character'

const asked = { host: 'h', user: 'u', localUser: null, aliases: [], home: '/h', env: {} }
const key = fc.oneof(
  fc.integer({ min: 0, max: 255 }).map(ed25519),
  fc.integer({ min: 0, max: 255 }).map(ecdsa),
  fc.constantFrom(1024, 2048, 3072).map(rsa),
)
const piece = fc.constantFrom('a', 'b', '*', '?', 'ab', '.')
const oneLine = fc
  .string({ unit: anyCharacter, maxLength: 60 })
  .map((text) => text.replaceAll(/[\r\n]/g, ' '))

/** The same as a regular expression, which is slow on hostile patterns. */
function matchesSlowly(text: string, pattern: string): boolean {
  const source = Array.from(pattern, (each) =>
    each === '*' ? '.*' : each === '?' ? '.' : each.replaceAll(/[.\\^$+()[\]{}|]/g, '\\$&'),
  )
  return new RegExp(`^${source.join('')}$`, 's').test(text)
}

describe('known_hosts', () => {
  it('patterns match like the equivalent regular expression', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 8 }).map((parts) => parts.join(''))
    const pattern = fc.array(piece, { maxLength: 6 }).map((parts) => parts.join(''))
    fc.assert(fc.property(text, pattern, (each, by) => matchesWildcard(each, by) === matchesSlowly(each, by)))
  })

  it('is parsed without an error whatever its lines, and the entry among them is found', () => {
    fc.assert(
      fc.property(fc.array(oneLine), fc.array(oneLine), key, (before, after, each) => {
        const text = [...before, `host.example ${lineOf(each)}`, ...after].join('\n')
        const found = readKnownHosts(text, 'host.example', 22)
        expect([...found.trusted, ...found.revoked].some(({ blob }) => blob.equals(each.blob))).toBe(true)
      }),
    )
  })
})

describe('the list of registered keys', () => {
  it('is parsed line by line, whatever the other lines are', () => {
    fc.assert(
      fc.property(fc.array(oneLine), key, oneLine, (before, each, comment) => {
        fc.pre(!/AAAA|PRIVATE KEY/.test(comment))
        const read = parseRegisteredKeys([...before, `${lineOf(each)} ${comment}`])
        expect(read.at(-1)).toMatchObject({ kind: 'key', line: before.length + 1 })
      }),
    )
  })
})

describe('external input', () => {
  it('makes no parser throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), fc.uint8Array(), (text, bytes) => {
        parseKeyFile(text)
        parseKeyFile(
          `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.from(bytes).toString('base64')}\n-----END OPENSSH PRIVATE KEY-----`,
        )
        parsePins(text)
        readPublicKey(bytes)
        readSshConfig(text, { ...asked, include: () => [text] })
        parseRegisteredKeys([text])
      }),
    )
  })

  // `npm run bench -- ssh` reads lines of a million characters.
  it('is parsed in time, however long it is and whatever it begins without an end', () => {
    readLongLines(100_000)
  })
})
