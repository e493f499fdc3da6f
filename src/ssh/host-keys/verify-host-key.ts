import type { KnownHosts } from './known-hosts'
import type { HostKeyPin, PinScope } from './host-key-pins'
import { isSameKey, isTooShort, type PublicKey } from '../keys/public-key'

/** What is known about a server before it shows its key. */
export interface KnownServer {
  readonly scope: PinScope
  readonly pin: HostKeyPin | null
  /** The server's entries in `known_hosts`. */
  readonly knownHosts: KnownHosts
  /** It is a proxy that the provider is known to use, not just one that the API names. */
  readonly isKnownProxy: boolean
  /** When the pod started, Unix ms; null if unknown, and always null for the proxy. */
  readonly startedAtMs: number | null
}

export type HostKeyVerdict =
  | { readonly kind: 'trusted' }
  /** Nothing is known about this server, so the user is asked. */
  | { readonly kind: 'new' }
  /** The key differs from the known one after a restart that explains it, so the user is asked. */
  | { readonly kind: 'changed-by-restart'; readonly known: PublicKey }
  | { readonly kind: 'changed'; readonly known: PublicKey }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'too-short'; readonly rsaBits: number }

/**
 * Decides what to do with the key that a server shows. A pod's key is pinned to the pod, the proxy's to account
 * and host. `known_hosts` entries count only for a proxy that the provider is known to use: a pod's address may
 * belong to another pod tomorrow, and the API may name any host as a proxy. A revoked key is rejected everywhere. See
 * docs/product-rules.md#82-host-keys.
 */
export function verifyHostKey(offered: PublicKey, known: KnownServer): HostKeyVerdict {
  const { pin, knownHosts, isKnownProxy, startedAtMs } = known
  const isOffered = (key: PublicKey): boolean => isSameKey(key.blob, offered.blob)
  if (knownHosts.revoked.some(isOffered)) return { kind: 'revoked' }
  if (isTooShort(offered)) return { kind: 'too-short', rsaBits: offered.rsaBits ?? 0 }
  if (pin !== null) {
    if (isOffered(pin.key)) return { kind: 'trusted' }
    const hasRestarted = pin.startedAtMs !== null && startedAtMs !== null && startedAtMs > pin.startedAtMs
    return { kind: hasRestarted ? 'changed-by-restart' : 'changed', known: pin.key }
  }
  if (!isKnownProxy) return { kind: 'new' }
  if (knownHosts.trusted.some(isOffered)) return { kind: 'trusted' }
  const other = knownHosts.trusted.find(({ algorithm }) => algorithm === offered.algorithm)
  return other === undefined ? { kind: 'new' } : { kind: 'changed', known: other }
}

/** The types of the server's known keys, so that it is asked for one of these. */
export function knownKeyTypes({ isKnownProxy, pin, knownHosts }: KnownServer): readonly string[] {
  if (pin !== null) return [pin.key.algorithm]
  return isKnownProxy ? knownHosts.trusted.map(({ algorithm }) => algorithm) : []
}
