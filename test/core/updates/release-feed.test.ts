import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newerRelease, readReleaseFeed, type SeenFeed, seenOf } from '../../../src/core/updates/release-feed'
import { isNewerVersion } from '../../../src/core/updates/version'
import { createSignatureCheck } from '../../../src/main/updates/feed-signature'
import { feedOf, release, SIGNED_AT } from '../../harness/updates/releases'
import { createFeedSigner } from '../../harness/updates/sign-feed'

const NOW = '2026-12-03T08:00:00Z'
const LATER = '2026-12-20T00:00:00Z'
const signer = createFeedSigner()
const stranger = createFeedSigner()

function read(text: string, now = NOW, newestSeen: SeenFeed | null = null) {
  const isSigned = createSignatureCheck(signer.publicKey)
  if (isSigned === null) throw new Error('This is no key.')
  return readReleaseFeed(text, { nowMs: Date.parse(now), newestSeen, isSigned })
}

test('a signed feed says what is released, until when, and with which hashes', () => {
  expect(read(signer.sign(feedOf(LATER, '0.2.0')))).toEqual({
    ok: true,
    value: {
      signedAtMs: Date.parse(SIGNED_AT),
      expiresAtMs: Date.parse(LATER),
      releases: [release('0.2.0')],
      oldestSafeElectron: null,
    },
  })
})

test('a feed that someone else signed is refused', () => {
  expect(read(stranger.sign(feedOf(LATER, '0.2.0')))).toEqual({ ok: false, error: 'foreign' })
})

test('a feed counts until the moment of its expiry, and no longer', () => {
  const text = signer.sign(feedOf(LATER, '0.2.0'))
  expect(read(text, '2026-12-19T23:59:59.999Z').ok).toBe(true)
  expect(read(text, LATER)).toEqual({ ok: false, error: 'expired' })
  expect(read(text, '2027-06-01T00:00:00Z')).toEqual({ ok: false, error: 'expired' })
})

test('of two feeds that count, the one that was signed later counts, also where it withdraws a release', () => {
  const feedAt = (signedAt: string, ...versions: readonly string[]) =>
    signer.sign(JSON.stringify({ signedAt, expiresAt: LATER, releases: versions.map(release) }))
  const seen = { signedAtMs: Date.parse('2026-12-02T00:00:00Z'), version: '0.3.0' }
  expect(read(feedAt('2026-12-01T23:59:59Z', '0.3.0', '0.9.0'), NOW, seen)).toEqual({
    ok: false,
    error: 'older',
  })
  expect(read(feedAt('2026-12-02T00:00:00Z', '0.2.0'), NOW, seen)).toEqual({ ok: false, error: 'older' })
  expect(read(feedAt('2026-12-02T00:00:00Z', '0.2.0', '0.3.0'), NOW, seen).ok).toBe(true)
  expect(read(feedAt('2026-12-02T00:00:01Z', '0.2.0'), NOW, seen).ok).toBe(true)
  expect(read(feedAt('2026-12-04T08:00:01Z', '0.2.0'))).toEqual({ ok: false, error: 'from-future' })
  const both = read(feedAt('2026-12-02T00:00:00Z', '0.9.0', '0.10.0'))
  expect(both.ok && seenOf(both.value).version).toBe('0.10.0')
})

test('a feed that was changed in any character after it was signed is refused', () => {
  const signed = signer.sign(feedOf(LATER, '0.2.0'))
  const { feed, signature } = JSON.parse(signed) as { feed: string; signature: string }
  fc.assert(
    fc.property(fc.nat(feed.length - 1), fc.string({ minLength: 0, maxLength: 3 }), (at, inserted) => {
      const changed = feed.slice(0, at) + inserted + feed.slice(at + 1)
      fc.pre(changed !== feed)
      expect(read(JSON.stringify({ feed: changed, signature }))).toEqual({ ok: false, error: 'foreign' })
    }),
  )
})

test('a signature of anything but a feed is refused, and so is another signature', () => {
  const feed = feedOf(LATER, '0.2.0')
  const other = JSON.parse(signer.sign(feedOf(LATER, '0.3.0'))) as { signature: string }
  expect(read(JSON.stringify({ feed, signature: other.signature })).ok).toBe(false)
  expect(read(JSON.stringify({ feed, signature: `${'A'.repeat(86)}==` }))).toEqual({
    ok: false,
    error: 'foreign',
  })
  expect(read(JSON.stringify({ feed, signature: '' }))).toEqual({ ok: false, error: 'unreadable' })
})

test.each([
  ['an older form', { expiresAt: LATER, releases: [release('0.2.0')] }],
  ['no release', { signedAt: SIGNED_AT, expiresAt: LATER, releases: [] }],
  [
    'a date that is none',
    { signedAt: SIGNED_AT, expiresAt: '2026-13-45T99:00:00Z', releases: [release('0.2.0')] },
  ],
  ['no expiry', { signedAt: SIGNED_AT, releases: [release('0.2.0')] }],
  [
    'a version with more than three numbers',
    { signedAt: SIGNED_AT, expiresAt: LATER, releases: [release('0.2.0-beta')] },
  ],
  [
    'a page that is no web page',
    {
      signedAt: SIGNED_AT,
      expiresAt: LATER,
      releases: [{ ...release('0.2.0'), page: 'file:///etc/passwd' }],
    },
  ],
  [
    'a page with a user name',
    {
      signedAt: SIGNED_AT,
      expiresAt: LATER,
      releases: [{ ...release('0.2.0'), page: 'https://a@b.example/' }],
    },
  ],
])('even a signed feed is refused with %s', (_what, feed) => {
  expect(read(signer.sign(JSON.stringify(feed)))).toEqual({ ok: false, error: 'unreadable' })
})

test('no text makes the reader throw, and none without a signature is accepted', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(read(text).ok).toBe(false)
    }),
  )
  expect(read(' '.repeat(600_000))).toEqual({ ok: false, error: 'unreadable' })
})

const numbers = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20))
const text = (version: readonly number[]) => version.join('.')

test('the newest release is offered, and never one that isn’t newer than what runs', () => {
  fc.assert(
    fc.property(numbers, fc.array(numbers, { minLength: 1, maxLength: 8 }), (running, offered) => {
      const releases = offered.map((one) => release(text(one)))
      const feed = { signedAtMs: 0, expiresAtMs: 0, releases, oldestSafeElectron: null }
      const value = ([major, minor, patch]: readonly number[]) =>
        (major ?? 0) * 1e6 + (minor ?? 0) * 1e3 + (patch ?? 0)
      const highest = Math.max(...offered.map(value))
      const found = newerRelease(feed, text(running))
      if (highest > value(running)) expect(value(found!.version.split('.').map(Number))).toBe(highest)
      else expect(found).toBeNull()
    }),
  )
})

test('numbers of a version are compared as numbers, and other forms are never newer', () => {
  expect(isNewerVersion('0.10.0', '0.9.9')).toBe(true)
  expect(isNewerVersion('0.9.9', '0.10.0')).toBe(false)
  expect(isNewerVersion('0.2.0', '0.2.0')).toBe(false)
  expect(isNewerVersion('1.0', '0.2.0')).toBe(false)
  expect(isNewerVersion('9.9.9', 'unknown')).toBe(false)
})

test('only an Ed25519 key verifies', () => {
  expect(createSignatureCheck('not a key')).toBeNull()
  expect(createSignatureCheck('')).toBeNull()
})
