import { describe, expect, it } from 'vitest'
import { hostKeyAlgorithms, offeredAlgorithms } from '../../../src/ssh/connection/algorithms'
import type { HostKeyPin, PinScope } from '../../../src/ssh/host-keys/host-key-pins'
import { knownKeyTypes, type KnownServer, verifyHostKey } from '../../../src/ssh/host-keys/verify-host-key'
import type { PublicKey } from '../../../src/ssh/keys/public-key'
import { ecdsa, ed25519, rsa } from '../keys/key-samples'

const pod: PinScope = { kind: 'pod', accountId: 'a', podId: 'p' }
const proxy: PinScope = { kind: 'host', accountId: 'a', host: 'ssh.example', port: 22 }
const [mine, other] = [ed25519(1), ed25519(2)]
const pinOf = (key: PublicKey, startedAtMs: number | null = null, scope: PinScope = pod): HostKeyPin => ({
  scope,
  key,
  pinnedAtMs: 1,
  startedAtMs,
})
const server = (more: Partial<KnownServer> = {}): KnownServer => ({
  scope: pod,
  pin: null,
  knownHosts: { trusted: [], revoked: [] },
  isKnownProxy: false,
  startedAtMs: null,
  ...more,
})

describe('the key of a pod', () => {
  it('is new if it was never seen', () => {
    expect(verifyHostKey(mine, server())).toEqual({ kind: 'new' })
  })

  it('is trusted if it is pinned, regardless of restarts', () => {
    for (const startedAtMs of [null, 1, 9]) {
      expect(verifyHostKey(mine, server({ pin: pinOf(mine, 5), startedAtMs }))).toEqual({ kind: 'trusted' })
    }
  })

  it.each([
    [null, null, 'changed'],
    [null, 9, 'changed'],
    [5, null, 'changed'],
    [5, 4, 'changed'],
    [5, 5, 'changed'],
    [5, 6, 'changed-by-restart'],
    [0, 1, 'changed-by-restart'],
  ] as const)(
    'is compared with the pin from start %s, with the last start at %s: %s',
    (pinned, startedAtMs, kind) => {
      expect(verifyHostKey(other, server({ pin: pinOf(mine, pinned), startedAtMs }))).toEqual({
        kind,
        known: mine,
      })
    },
  )

  it('counts as changed if its type differs from the pinned key', () => {
    expect(verifyHostKey(ecdsa(1), server({ pin: pinOf(mine) }))).toEqual({ kind: 'changed', known: mine })
  })

  it('is not trusted because of its address', () => {
    expect(verifyHostKey(mine, server({ knownHosts: { trusted: [mine], revoked: [] } }))).toEqual({
      kind: 'new',
    })
    expect(verifyHostKey(mine, server({ knownHosts: { trusted: [other], revoked: [] } }))).toEqual({
      kind: 'new',
    })
  })

  it('is revoked even if it is pinned', () => {
    const knownHosts = { trusted: [], revoked: [other, mine] }
    expect(verifyHostKey(mine, server({ pin: pinOf(mine), knownHosts }))).toEqual({ kind: 'revoked' })
    expect(verifyHostKey(ed25519(3), server({ knownHosts }))).toEqual({ kind: 'new' })
  })

  it('is rejected if it is RSA and too short, even if it is pinned', () => {
    const short = rsa(1024)
    expect(verifyHostKey(short, server())).toEqual({ kind: 'too-short', rsaBits: 1024 })
    expect(verifyHostKey(short, server({ pin: pinOf(short) }))).toEqual({ kind: 'too-short', rsaBits: 1024 })
    expect(verifyHostKey(rsa(2048), server())).toEqual({ kind: 'new' })
  })
})

describe('the key of the proxy', () => {
  const at = (trusted: readonly PublicKey[], pin: HostKeyPin | null = null): KnownServer =>
    server({ scope: proxy, isKnownProxy: true, knownHosts: { trusted, revoked: [] }, pin })

  it('is trusted if known_hosts has it', () => {
    expect(verifyHostKey(mine, at([other, mine]))).toEqual({ kind: 'trusted' })
  })

  it('has changed if known_hosts has another one of the same type', () => {
    expect(verifyHostKey(mine, at([ecdsa(1), other]))).toEqual({ kind: 'changed', known: other })
  })

  it('is new if known_hosts has none, or only other types', () => {
    expect(verifyHostKey(mine, at([]))).toEqual({ kind: 'new' })
    expect(verifyHostKey(mine, at([ecdsa(1)]))).toEqual({ kind: 'new' })
  })

  it('is new, and none of known_hosts is requested, if the provider is not known to use this proxy', () => {
    const unknown: KnownServer = { ...at([mine]), isKnownProxy: false }
    expect(verifyHostKey(mine, unknown)).toEqual({ kind: 'new' })
    expect(verifyHostKey(other, unknown)).toEqual({ kind: 'new' })
    expect(knownKeyTypes(unknown)).toEqual([])
  })

  it('is primarily compared with the pinned key', () => {
    expect(verifyHostKey(mine, at([mine], pinOf(other, null, proxy)))).toEqual({
      kind: 'changed',
      known: other,
    })
    expect(verifyHostKey(mine, at([other], pinOf(mine, null, proxy)))).toEqual({ kind: 'trusted' })
  })
})

describe('the key type requested from a server', () => {
  const best = [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ]

  it('is the best one if no key is known', () => {
    expect(hostKeyAlgorithms(knownKeyTypes(server()))).toEqual(best)
    expect(
      hostKeyAlgorithms(knownKeyTypes(server({ knownHosts: { trusted: [rsa(2048)], revoked: [] } }))),
    ).toEqual(best)
  })

  it('is the type of the pinned key', () => {
    const known = server({
      pin: pinOf(rsa(2048)),
      scope: proxy,
      knownHosts: { trusted: [ecdsa(1)], revoked: [] },
    })
    expect(hostKeyAlgorithms(knownKeyTypes(known))).toEqual([...best.slice(4), ...best.slice(0, 4)])
  })

  it("is the type of the proxy's key in known_hosts", () => {
    const known = server({
      scope: proxy,
      isKnownProxy: true,
      knownHosts: { trusted: [ecdsa(1)], revoked: [mine] },
    })
    expect(hostKeyAlgorithms(knownKeyTypes(known))[0]).toBe('ecdsa-sha2-nistp256')
  })

  it('is never a weak one, and neither are the other algorithms', () => {
    const offered = JSON.stringify(offeredAlgorithms(['ssh-rsa', 'ssh-dss']))
    expect(offered).not.toMatch(/sha1|"ssh-rsa"|ssh-dss|cbc|arcfour|diffie-hellman|md5|chacha|zlib|none"?,/)
    expect(offeredAlgorithms([])).toEqual({
      kex: [
        'curve25519-sha256',
        'curve25519-sha256@libssh.org',
        'ecdh-sha2-nistp256',
        'ecdh-sha2-nistp384',
        'ecdh-sha2-nistp521',
      ],
      serverHostKey: best,
      cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
      hmac: [
        'hmac-sha2-256-etm@openssh.com',
        'hmac-sha2-512-etm@openssh.com',
        'hmac-sha2-256',
        'hmac-sha2-512',
      ],
      compress: ['none'],
    })
  })
})
