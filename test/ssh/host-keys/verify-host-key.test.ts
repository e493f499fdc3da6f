import { describe, expect, it } from 'vitest'
import { hostKeyAlgorithms, offeredAlgorithms } from '../../../src/ssh/connection/algorithms'
import type { HostKeyPin, PinScope } from '../../../src/ssh/host-keys/host-key-pins'
import { judgeHostKey, knownKeyTypes, type KnownServer } from '../../../src/ssh/host-keys/verify-host-key'
import type { PublicKey } from '../../../src/ssh/keys/public-key'
import { ecdsa, ed25519, rsa } from '../keys/key-samples'

const pod: PinScope = { kind: 'pod', accountId: 'a', podId: 'p' }
const proxy: PinScope = { kind: 'host', host: 'ssh.example', port: 22 }
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
  hosts: { trusted: [], revoked: [] },
  startedAtMs: null,
  ...more,
})

describe('the key of a pod', () => {
  it('that nobody has seen is new', () => {
    expect(judgeHostKey(mine, server())).toEqual({ kind: 'new' })
  })

  it('that is pinned is trusted, whatever the pod has been through', () => {
    for (const startedAtMs of [null, 1, 9]) {
      expect(judgeHostKey(mine, server({ pin: pinOf(mine, 5), startedAtMs }))).toEqual({ kind: 'trusted' })
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
    'that changed, pinned at the start %s, the last one being %s: %s',
    (pinned, startedAtMs, kind) => {
      expect(judgeHostKey(other, server({ pin: pinOf(mine, pinned), startedAtMs }))).toEqual({
        kind,
        known: mine,
      })
    },
  )

  it('of another type than the pinned one has changed as well', () => {
    expect(judgeHostKey(ecdsa(1), server({ pin: pinOf(mine) }))).toEqual({ kind: 'changed', known: mine })
  })

  it('is not known by its address', () => {
    expect(judgeHostKey(mine, server({ hosts: { trusted: [mine], revoked: [] } }))).toEqual({ kind: 'new' })
    expect(judgeHostKey(mine, server({ hosts: { trusted: [other], revoked: [] } }))).toEqual({ kind: 'new' })
  })

  it('that is revoked is so even when it is pinned', () => {
    const hosts = { trusted: [], revoked: [other, mine] }
    expect(judgeHostKey(mine, server({ pin: pinOf(mine), hosts }))).toEqual({ kind: 'revoked' })
    expect(judgeHostKey(ed25519(3), server({ hosts }))).toEqual({ kind: 'new' })
  })

  it('of RSA that is too short is refused, even when it is pinned', () => {
    const short = rsa(1024)
    expect(judgeHostKey(short, server())).toEqual({ kind: 'too-short', rsaBits: 1024 })
    expect(judgeHostKey(short, server({ pin: pinOf(short) }))).toEqual({ kind: 'too-short', rsaBits: 1024 })
    expect(judgeHostKey(rsa(2048), server())).toEqual({ kind: 'new' })
  })
})

describe('the key of the proxy', () => {
  const at = (trusted: readonly PublicKey[], pin: HostKeyPin | null = null): KnownServer =>
    server({ scope: proxy, hosts: { trusted, revoked: [] }, pin })

  it('is trusted when known_hosts has it', () => {
    expect(judgeHostKey(mine, at([other, mine]))).toEqual({ kind: 'trusted' })
  })

  it('has changed when known_hosts has another of the type', () => {
    expect(judgeHostKey(mine, at([ecdsa(1), other]))).toEqual({ kind: 'changed', known: other })
  })

  it('is new when known_hosts has none, or of other types only', () => {
    expect(judgeHostKey(mine, at([]))).toEqual({ kind: 'new' })
    expect(judgeHostKey(mine, at([ecdsa(1)]))).toEqual({ kind: 'new' })
  })

  it('is first of all the one that is pinned', () => {
    expect(judgeHostKey(mine, at([mine], pinOf(other, null, proxy)))).toEqual({
      kind: 'changed',
      known: other,
    })
    expect(judgeHostKey(mine, at([other], pinOf(mine, null, proxy)))).toEqual({ kind: 'trusted' })
  })
})

describe('the type of key that a server is asked for', () => {
  const best = [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ]

  it('is the best one where nothing is known', () => {
    expect(hostKeyAlgorithms(knownKeyTypes(server()))).toEqual(best)
    expect(
      hostKeyAlgorithms(knownKeyTypes(server({ hosts: { trusted: [rsa(2048)], revoked: [] } }))),
    ).toEqual(best)
  })

  it('is that of the pinned key', () => {
    const known = server({ pin: pinOf(rsa(2048)), scope: proxy, hosts: { trusted: [ecdsa(1)], revoked: [] } })
    expect(hostKeyAlgorithms(knownKeyTypes(known))).toEqual([...best.slice(4), ...best.slice(0, 4)])
  })

  it('is that of a key in known_hosts, for the proxy', () => {
    const known = server({ scope: proxy, hosts: { trusted: [ecdsa(1)], revoked: [mine] } })
    expect(hostKeyAlgorithms(knownKeyTypes(known))[0]).toBe('ecdsa-sha2-nistp256')
  })

  it('is never a weak one, nor is anything else that is offered', () => {
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
