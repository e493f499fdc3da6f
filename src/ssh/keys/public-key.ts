import { createHash, timingSafeEqual } from 'node:crypto'
import type { HostKeyView } from '../../core/terminal/host-key'

/** A public key as SSH sends it, and what its bytes say. */
export interface PublicKey {
  /** "ssh-ed25519". */
  readonly algorithm: string
  readonly blob: Buffer
  /** Of an RSA key; null: its size says nothing. */
  readonly rsaBits: number | null
}

/** The shortest RSA key that is taken. Source: quality rules for SSH. */
export const MIN_RSA_BITS = 2_048

const ED25519_BYTES = 32
const curves: Readonly<Record<string, { readonly name: string; readonly pointBytes: number }>> = {
  'ecdsa-sha2-nistp256': { name: 'nistp256', pointBytes: 65 },
  'ecdsa-sha2-nistp384': { name: 'nistp384', pointBytes: 97 },
  'ecdsa-sha2-nistp521': { name: 'nistp521', pointBytes: 133 },
}

/** Null: no key, or none of a kind that Podkeeper knows (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4). */
export function readPublicKey(bytes: Uint8Array): PublicKey | null {
  const blob = Buffer.from(bytes)
  const fields = fieldsOf(blob)
  const [first, second, third] = fields ?? []
  if (!fields || !first || !second) return null
  const algorithm = first.toString('latin1')
  if (algorithm === 'ssh-ed25519') {
    return fields.length === 2 && second.length === ED25519_BYTES ? { algorithm, blob, rsaBits: null } : null
  }
  if (fields.length !== 3 || !third) return null
  if (algorithm === 'ssh-rsa') return { algorithm, blob, rsaBits: bitsOf(third) }
  const curve = Object.hasOwn(curves, algorithm) ? curves[algorithm] : undefined
  const isPoint = third.length === curve?.pointBytes && third[0] === 4
  return isPoint && second.toString('latin1') === curve?.name ? { algorithm, blob, rsaBits: null } : null
}

/** "SHA256:…", as `ssh-keygen -l` writes it. */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** Takes as long whether they differ early, late or not at all. */
export function isSameKey(one: Uint8Array, other: Uint8Array): boolean {
  const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
  return timingSafeEqual(digest(one), digest(other))
}

export function viewOfKey({ algorithm, blob }: PublicKey): HostKeyView {
  return { algorithm, fingerprint: fingerprintOf(blob) }
}

export function isTooShort({ rsaBits }: PublicKey): boolean {
  return rsaBits !== null && rsaBits < MIN_RSA_BITS
}

/** The strings that these bytes are made of, each after its length; null: they are not. */
export function fieldsOf(bytes: Buffer): readonly Buffer[] | null {
  const fields: Buffer[] = []
  let at = 0
  while (at < bytes.length) {
    const field = fieldAt(bytes, at)
    if (field === null) return null
    fields.push(field.bytes)
    at = field.endsAt
  }
  return fields
}

/** The string that begins there; null: none does. */
export function fieldAt(
  bytes: Buffer,
  at: number | undefined,
): { readonly bytes: Buffer; readonly endsAt: number } | null {
  if (at === undefined || bytes.length - at < 4) return null
  const endsAt = at + 4 + bytes.readUInt32BE(at)
  return endsAt > bytes.length ? null : { bytes: bytes.subarray(at + 4, endsAt), endsAt }
}

function bitsOf(integer: Buffer): number {
  const first = integer.findIndex((byte) => byte !== 0)
  return first === -1 ? 0 : (integer.length - first) * 8 - Math.clz32(integer[first] ?? 0) + 24
}
