import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { readDataFile } from '../files/read-data-file'
import { replaceFile } from '../files/replace-file'

const MAX_BYTES = 1_024

/**
 * The secret by which the served API and the holder of the folder prove that they are this folder's, in `api-secret`;
 * null: there is none that can be used. See docs/product-rules.md#161-who-may-ask.
 */
export function readApiSecret(folder: string): string | null {
  try {
    const text = (readDataFile(pathIn(folder), MAX_BYTES) ?? '').trim()
    return /^[0-9a-f]{64}$/.test(text) ? text : null
  } catch {
    return null
  }
}

/** Makes one where there is none that can be used. Throws errors of the file system. */
export function openApiSecret(folder: string): string {
  const known = readApiSecret(folder)
  if (known !== null) return known
  const made = randomBytes(32).toString('hex')
  replaceFile(pathIn(folder), `${made}\n`)
  return made
}

const pathIn = (folder: string): string => join(folder, 'api-secret')

/** What a client may send to have it signed. */
export const isNonce = (text: string): boolean => /^[\w-]{16,128}$/.test(text)

/** Where something proves itself: the port or the Unix socket of a served API, or where commands ask the holder. */
type ProvenPlace = number | 'socket' | 'control'

/**
 * The proof for a client that sent this nonce there. The place is part of it, so that a program at another one can't pass
 * on what is proven here.
 */
export const folderProof = (secret: string, place: ProvenPlace, nonce: string): string =>
  createHmac('sha256', secret).update(`podkeeper ${place} ${nonce}`).digest('hex')

export function isFolderProof(proof: string, secret: string, place: ProvenPlace, nonce: string): boolean {
  const [given, right] = [Buffer.from(proof), Buffer.from(folderProof(secret, place, nonce))]
  return given.length === right.length && timingSafeEqual(given, right)
}
