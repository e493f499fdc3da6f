import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto'

/** The PKCS #8 prefix of a 32-byte Ed25519 key (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')
const BLOCK_BYTES = 8

export interface SshKeyPair {
  /** In OpenSSH's format, without a passphrase. */
  readonly privateKey: string
  /** As a line of `authorized_keys`. */
  readonly publicKey: string
}

/** An Ed25519 private key in OpenSSH's format, derived from its name only. For simulated hosts only. */
export function createHostKey(...name: readonly (string | number)[]): string {
  const secret = createHash('sha256')
    .update(`host key/${name.join('/')}`)
    .digest()
  return toKeyPair(secret).privateKey
}

/** An Ed25519 key that nobody else knows. */
export const createUserKey = (): SshKeyPair => toKeyPair(randomBytes(32))

function toKeyPair(secret: Buffer): SshKeyPair {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, secret]), format: 'der', type: 'pkcs8' })
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' })
  const publicBytes = Buffer.from(x, 'base64url')
  const publicBlob = Buffer.concat([field('ssh-ed25519'), field(publicBytes)])
  const check = Buffer.alloc(8)
  const body = Buffer.concat([
    check,
    publicBlob,
    field(Buffer.concat([secret, publicBytes])),
    field('simulated'),
  ])
  const padding = Array.from(
    { length: (BLOCK_BYTES - (body.length % BLOCK_BYTES)) % BLOCK_BYTES },
    (_, i) => i + 1,
  )
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    Buffer.from([0, 0, 0, 1]),
    field(publicBlob),
    field(Buffer.concat([body, Buffer.from(padding)])),
  ])
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? []
  return {
    privateKey: [
      '-----BEGIN OPENSSH PRIVATE KEY-----',
      ...lines,
      '-----END OPENSSH PRIVATE KEY-----',
      '',
    ].join('\n'),
    publicKey: `ssh-ed25519 ${publicBlob.toString('base64')}`,
  }
}

/** An SSH string: its length followed by its bytes. */
function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
