import { sign } from 'node:crypto'
import ssh2, { type ParsedKey } from 'ssh2'
import type { SigningHash } from './agents'
import { type PublicKey, readPublicKey } from './public-key'

/** A private key in a form that can be passed between threads. */
export interface PrivateKey {
  readonly publicBlob: Uint8Array
  readonly pem: string
}

/** A private key that is ready to sign. */
export interface OpenKey {
  readonly publicKey: PublicKey
  readonly sign: (data: Buffer, hash: SigningHash | undefined) => Promise<Buffer>
}

/**
 * Parses a private key file; null if it is not a key or needs another passphrase. With a passphrase this
 * blocks the thread for as long as the file demands, possibly forever: see `unlock-key.ts`.
 */
export function readPrivateKey(text: string, passphrase?: string): PrivateKey | null {
  let parsed: ParsedKey | ParsedKey[] | Error
  try {
    parsed = ssh2.utils.parseKey(text, passphrase)
  } catch {
    return null
  }
  const key = Array.isArray(parsed) ? parsed[0] : parsed
  if (key === undefined || key instanceof Error || !key.isPrivateKey()) return null
  return { publicBlob: key.getPublicSSH(), pem: key.getPrivatePEM() }
}

/** Null if the key type is unknown. */
export function toOpenKey({ publicBlob, pem }: PrivateKey): OpenKey | null {
  const publicKey = readPublicKey(Buffer.from(publicBlob))
  if (publicKey === null) return null
  return {
    publicKey,
    sign: (data, hash) =>
      new Promise((resolve, reject) => {
        const algorithm = hash ?? defaultHashes.get(publicKey.algorithm)
        if (algorithm === undefined) reject(new Error('No signature algorithm is specified.'))
        else sign(algorithm, data, pem, (error, signature) => (error ? reject(error) : resolve(signature)))
      }),
  }
}

/** The signature hash of a key type where the server has no choice (RFC 5656 §6.2.1, RFC 8709 §4). */
const defaultHashes: ReadonlyMap<string, string | null> = new Map([
  ['ssh-ed25519', null],
  ['ecdsa-sha2-nistp256', 'sha256'],
  ['ecdsa-sha2-nistp384', 'sha384'],
  ['ecdsa-sha2-nistp521', 'sha512'],
])
