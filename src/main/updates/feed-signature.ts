import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { FeedReader } from '../../core/updates/release-feed'

/** Verifies by an Ed25519 key, as base64 of its DER (SPKI). Null: it is no such key. */
export function createSignatureCheck(publicKey: string): FeedReader['isSigned'] | null {
  const key = readKey(publicKey)
  if (key === null) return null
  return (text, signature) => verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
}

function readKey(text: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ed25519' ? key : null
  } catch {
    return null
  }
}
