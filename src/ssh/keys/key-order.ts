import type { SshKeySource } from '../../core/terminal/ssh-keys'
import { fingerprintOf, isTooShort, type PublicKey } from './public-key'

/** The properties that decide whether and when a key is offered. */
export interface KeyCandidate {
  /** The name shown to users. */
  readonly name: string
  readonly source: SshKeySource
  readonly publicKey: PublicKey | null
  /** Whether it can sign, possibly after a passphrase. */
  readonly isUsable: boolean
}

/** By default, servers disconnect after six attempts (sshd_config(5), MaxAuthTries). */
export const MAX_OFFERED_KEYS = 6

const sourceOrder: readonly SshKeySource[] = ['pod-file', 'chosen-file', 'ssh-config', 'agent', 'usual-file']

/**
 * The keys to offer, in order: the one for this pod alone, the chosen one, then by where they were found. Once the
 * account's registered keys are known, only these are offered besides those two. Keys whose public half is unknown come
 * last, since they require a passphrase before the server has said whether it accepts them. A key found twice is
 * offered once, by the agent if it has the key.
 */
export function chooseKeys<T extends KeyCandidate>(
  found: readonly T[],
  registered: ReadonlySet<string> | null,
): readonly T[] {
  const usable = found.filter(
    (key) =>
      key.isUsable &&
      (key.publicKey === null ||
        (!isTooShort(key.publicKey) && mayBeOffered(key, key.publicKey, registered))),
  )
  const rank = ({ source, publicKey }: T): number =>
    isOfferedAnyway(source) ? 0 : publicKey === null ? 2 : 1
  return [...deduplicate(usable)]
    .sort((a, b) => rank(a) - rank(b) || sourceOrder.indexOf(a.source) - sourceOrder.indexOf(b.source))
    .slice(0, MAX_OFFERED_KEYS)
}

const isOfferedAnyway = (source: SshKeySource): boolean => source === 'chosen-file' || source === 'pod-file'

/** Whether a server may learn of this key. `registered` is null while it is unknown. */
export function mayBeOffered(
  { source }: Pick<KeyCandidate, 'source'>,
  publicKey: PublicKey,
  registered: ReadonlySet<string> | null,
): boolean {
  return isOfferedAnyway(source) || (registered?.has(fingerprintOf(publicKey.blob)) ?? true)
}

/**
 * The agent signs without a passphrase, so it replaces the first entry but keeps that entry's name and rank.
 */
function deduplicate<T extends KeyCandidate>(keys: readonly T[]): readonly T[] {
  const byFingerprint = new Map<string, T>()
  const withoutPublicKey: T[] = []
  for (const key of keys) {
    if (key.publicKey === null) {
      withoutPublicKey.push(key)
      continue
    }
    const fingerprint = fingerprintOf(key.publicKey.blob)
    const duplicate = byFingerprint.get(fingerprint)
    if (duplicate === undefined) byFingerprint.set(fingerprint, key)
    else if (key.source === 'agent')
      byFingerprint.set(fingerprint, { ...key, name: duplicate.name, source: duplicate.source })
  }
  return [...byFingerprint.values(), ...withoutPublicKey]
}
