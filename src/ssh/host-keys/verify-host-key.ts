import type { KnownHosts } from './known-hosts'
import type { HostKeyPin, PinScope } from './host-key-pins'
import { isSameKey, isTooShort, type PublicKey } from '../keys/public-key'

/** What is known of a server before it shows its key. */
export interface KnownServer {
  readonly scope: PinScope
  readonly pin: HostKeyPin | null
  /** What `known_hosts` says of it. */
  readonly hosts: KnownHosts
  /** Of its pod, Unix ms; null: not known, and never of the proxy. */
  readonly startedAtMs: number | null
}

export type HostKeyVerdict =
  | { readonly kind: 'trusted' }
  /** Nothing is known of this server: a person is asked. */
  | { readonly kind: 'new' }
  /** Another key than the known one, after a restart that explains it: a person is asked. */
  | { readonly kind: 'changed-by-restart'; readonly known: PublicKey }
  | { readonly kind: 'changed'; readonly known: PublicKey }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'too-short'; readonly rsaBits: number }

/**
 * What to make of the key that a server shows. Product rules, "Terminal": a pod's server is known by the pod, the
 * proxy by its host. An entry of `known_hosts` counts for the proxy only, since a pod's address belongs to another pod
 * tomorrow; that a key is revoked counts everywhere.
 */
export function judgeHostKey(offered: PublicKey, known: KnownServer): HostKeyVerdict {
  const { scope, pin, hosts, startedAtMs } = known
  const isOffered = (key: PublicKey): boolean => isSameKey(key.blob, offered.blob)
  if (hosts.revoked.some(isOffered)) return { kind: 'revoked' }
  if (isTooShort(offered)) return { kind: 'too-short', rsaBits: offered.rsaBits ?? 0 }
  if (pin !== null) {
    if (isOffered(pin.key)) return { kind: 'trusted' }
    const hasRestarted = pin.startedAtMs !== null && startedAtMs !== null && startedAtMs > pin.startedAtMs
    return { kind: hasRestarted ? 'changed-by-restart' : 'changed', known: pin.key }
  }
  if (scope.kind === 'pod') return { kind: 'new' }
  if (hosts.trusted.some(isOffered)) return { kind: 'trusted' }
  const other = hosts.trusted.find(({ algorithm }) => algorithm === offered.algorithm)
  return other === undefined ? { kind: 'new' } : { kind: 'changed', known: other }
}

/** The types of the keys that a server is known by, so that it is asked for one of these. */
export function knownKeyTypes({ scope, pin, hosts }: KnownServer): readonly string[] {
  if (pin !== null) return [pin.key.algorithm]
  return scope.kind === 'pod' ? [] : hosts.trusted.map(({ algorithm }) => algorithm)
}
