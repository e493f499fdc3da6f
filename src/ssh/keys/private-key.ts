import { sign } from 'node:crypto'
import ssh2, { type ParsedKey } from 'ssh2'
import type { SigningHash } from './agents'
import { type PublicKey, readPublicKey } from './public-key'

/** A private key as it may be handed from thread to thread. */
export interface PrivateKey {
  readonly publicBlob: Uint8Array
  readonly pem: string
}

/** A private key that can sign now. */
export interface OpenKey {
  readonly publicKey: PublicKey
  readonly sign: (data: Buffer, hash: SigningHash | undefined) => Promise<Buffer>
}

/**
 * The key of a file; null: it is none, or opens by another passphrase. With a passphrase it keeps its thread busy for as
 * long as the file asks for, which may be for ever: see `unlock-key.ts`.
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

/** Null: it is of a kind that is not known here. */
export function openKeyOf({ publicBlob, pem }: PrivateKey): OpenKey | null {
  const publicKey = readPublicKey(Buffer.from(publicBlob))
  if (publicKey === null) return null
  return {
    publicKey,
    sign: (data, hash) =>
      new Promise((resolve, reject) => {
        const by = hash ?? hashes.get(publicKey.algorithm)
        if (by === undefined) reject(new Error('It is not said how to sign.'))
        else sign(by, data, pem, (error, signature) => (error ? reject(error) : resolve(signature)))
      }),
  }
}

/** What a kind of key signs with, where that is no choice of the server (RFC 5656 §6.2.1, RFC 8709 §4). */
const hashes: ReadonlyMap<string, string | null> = new Map([
  ['ssh-ed25519', null],
  ['ecdsa-sha2-nistp256', 'sha256'],
  ['ecdsa-sha2-nistp384', 'sha384'],
  ['ecdsa-sha2-nistp521', 'sha512'],
])
