import { createHash, timingSafeEqual } from 'node:crypto'
import type { HostKeyView } from '../../core/terminal/host-key'

/** A public key in SSH wire format, and what its bytes contain. */
export interface PublicKey {
  /** "ssh-ed25519". */
  readonly algorithm: string
  readonly blob: Buffer
  /** For RSA keys; null for types whose strength doesn't depend on a size. */
  readonly rsaBits: number | null
}

/** The minimum size of an RSA key, in bits. See docs/quality.md#3-ssh. */
export const MIN_RSA_BITS = 2_048

const ED25519_BYTES = 32
const curves: Readonly<Record<string, { readonly name: string; readonly pointBytes: number }>> = {
  'ecdsa-sha2-nistp256': { name: 'nistp256', pointBytes: 65 },
  'ecdsa-sha2-nistp384': { name: 'nistp384', pointBytes: 97 },
  'ecdsa-sha2-nistp521': { name: 'nistp521', pointBytes: 133 },
}

/**
 * Null if this is not a key of a type that Podkeeper supports (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4).
 */
export function readPublicKey(bytes: Uint8Array): PublicKey | null {
  const blob = Buffer.from(bytes)
  const fields = splitFields(blob)
  const [first, second, third] = fields ?? []
  if (!fields || !first || !second) return null
  const algorithm = first.toString('latin1')
  if (algorithm === 'ssh-ed25519') {
    return fields.length === 2 && second.length === ED25519_BYTES ? { algorithm, blob, rsaBits: null } : null
  }
  if (fields.length !== 3 || !third) return null
  if (algorithm === 'ssh-rsa') return { algorithm, blob, rsaBits: countBits(third) }
  const curve = Object.hasOwn(curves, algorithm) ? curves[algorithm] : undefined
  const isPoint = third.length === curve?.pointBytes && third[0] === 4
  return isPoint && second.toString('latin1') === curve?.name ? { algorithm, blob, rsaBits: null } : null
}

/** "SHA256:…", as printed by `ssh-keygen -l`. */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** Compares in constant time. */
export function isSameKey(a: Uint8Array, b: Uint8Array): boolean {
  const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
  return timingSafeEqual(digest(a), digest(b))
}

export function toHostKeyView({ algorithm, blob }: PublicKey): HostKeyView {
  return { algorithm, fingerprint: fingerprintOf(blob) }
}

export function isTooShort({ rsaBits }: PublicKey): boolean {
  return rsaBits !== null && rsaBits < MIN_RSA_BITS
}

/** Splits bytes into length-prefixed strings; null if they are not in that format. */
export function splitFields(bytes: Buffer): readonly Buffer[] | null {
  const fields: Buffer[] = []
  let offset = 0
  while (offset < bytes.length) {
    const field = readField(bytes, offset)
    if (field === null) return null
    fields.push(field.bytes)
    offset = field.endOffset
  }
  return fields
}

/** The string that begins at this offset; null if there is none. */
export function readField(
  bytes: Buffer,
  offset: number | undefined,
): { readonly bytes: Buffer; readonly endOffset: number } | null {
  if (offset === undefined || bytes.length - offset < 4) return null
  const endOffset = offset + 4 + bytes.readUInt32BE(offset)
  return endOffset > bytes.length ? null : { bytes: bytes.subarray(offset + 4, endOffset), endOffset }
}

function countBits(integer: Buffer): number {
  const first = integer.findIndex((byte) => byte !== 0)
  return first === -1 ? 0 : (integer.length - first) * 8 - Math.clz32(integer[first] ?? 0) + 24
}
