import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto'
import { parseKeyFile, parsePublicKeyLine, publicBlobOfUnlocked } from './key-file-parser'
import { readPrivateKey } from './private-key'
import { splitFields } from './public-key'

export interface Ed25519KeyPair {
  /** The private key in OpenSSH's format, without a passphrase. */
  readonly privateText: string
  /** The line of a `.pub` file. */
  readonly publicLine: string
}

const ALGORITHM = 'ssh-ed25519'
const SECRET_BYTES = 32
/** The prefixes of the 32 bytes of a private key in PKCS #8 and of a public key in SPKI (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const BLOCK_BYTES = 8

/**
 * Creates an Ed25519 key pair. `secret` is the 32-byte seed (RFC 8032 §5.1.5), passed only by tests.
 * ssh2's own function drops leading zero bytes of the public key, which makes one key in 256 unreadable.
 */
export function generateEd25519Key(comment: string, secret = randomBytes(SECRET_BYTES)): Ed25519KeyPair {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secret]), format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
  const publicBytes = spki.subarray(SPKI_PREFIX.length)
  const blob = Buffer.concat([field(ALGORITHM), field(publicBytes)])
  // See OpenSSH's PROTOCOL.key. The check number occurs twice so that a wrong passphrase is detected.
  const check = randomBytes(4)
  const secretPart = Buffer.concat([
    check,
    check,
    blob,
    field(Buffer.concat([secret, publicBytes])),
    field(comment),
  ])
  const paddingBytes = (BLOCK_BYTES - (secretPart.length % BLOCK_BYTES)) % BLOCK_BYTES
  const padding = Array.from({ length: paddingBytes }, (_, index) => index + 1)
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    Buffer.from([0, 0, 0, 1]),
    field(blob),
    field(Buffer.concat([secretPart, Buffer.from(padding)])),
  ])
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? []
  return {
    privateText: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`,
    publicLine: `${ALGORITHM} ${blob.toString('base64')}${comment === '' ? '' : ` ${comment}`}\n`,
  }
}

/** Whether both halves can be parsed and the public key verifies a signature by the private key. */
export function isEd25519KeyPair({ privateText, publicLine }: Ed25519KeyPair): boolean {
  const publicKey = parsePublicKeyLine(publicLine)
  const inFile = publicBlobOfUnlocked(privateText)
  return publicKey !== null && inFile !== null && publicKey.blob.equals(inFile) && isWhole(privateText)
}

function isWhole(privateText: string): boolean {
  const read = parseKeyFile(privateText)
  if (read.kind !== 'private' || read.publicKey?.algorithm !== ALGORITHM) return false
  const { blob } = read.publicKey
  const privateKey = readPrivateKey(privateText)
  if (privateKey === null || !blob.equals(privateKey.publicBlob)) return false
  const publicBytes = splitFields(blob)?.[1] ?? Buffer.alloc(0)
  const publicKey = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, publicBytes]),
    format: 'der',
    type: 'spki',
  })
  const data = randomBytes(SECRET_BYTES)
  return verify(null, data, publicKey, sign(null, data, privateKey.pem))
}

/** An SSH string: its length followed by its bytes (RFC 4251 §5). */
function field(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as Uint8Array)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
