import type { SshKeySource } from '../../core/terminal/ssh-keys'
import { fingerprintOf, isTooShort, type PublicKey } from './public-key'

/** What decides whether and when a key is offered. */
export interface KeyChoice {
  /** As people write it. */
  readonly name: string
  readonly source: SshKeySource
  readonly publicKey: PublicKey | null
  /** It can sign, if need be after a passphrase. */
  readonly isUsable: boolean
}

/** Servers hang up after six by default (sshd_config(5), MaxAuthTries). */
export const MAX_OFFERED_KEYS = 6

const sources: readonly SshKeySource[] = ['chosen-file', 'ssh-config', 'agent', 'usual-file']

/**
 * The keys to offer, in order: the chosen one, then those that the account has registered, where that is known, then by
 * where they were found. Last come those whose public half is not known: only they cost a passphrase before the
 * server has said that it would take them. A key that is found twice is offered once, by the agent if that has it.
 */
export function chooseKeys<T extends KeyChoice>(
  found: readonly T[],
  registered: ReadonlySet<string> | null,
): readonly T[] {
  const usable = found.filter(
    ({ isUsable, publicKey }) => isUsable && (publicKey === null || !isTooShort(publicKey)),
  )
  const rank = ({ source, publicKey }: T): number => {
    if (source === 'chosen-file') return 0
    if (publicKey === null) return 3
    return registered?.has(fingerprintOf(publicKey.blob)) === true ? 1 : 2
  }
  return [...withoutTwins(usable)]
    .sort((a, b) => rank(a) - rank(b) || sources.indexOf(a.source) - sources.indexOf(b.source))
    .slice(0, MAX_OFFERED_KEYS)
}

/** The agent signs without a passphrase; it takes the place of the first, which keeps its name and its rank. */
function withoutTwins<T extends KeyChoice>(keys: readonly T[]): readonly T[] {
  const byPrint = new Map<string, T>()
  const unnamed: T[] = []
  for (const key of keys) {
    if (key.publicKey === null) {
      unnamed.push(key)
      continue
    }
    const print = fingerprintOf(key.publicKey.blob)
    const twin = byPrint.get(print)
    if (twin === undefined) byPrint.set(print, key)
    else if (key.source === 'agent') byPrint.set(print, { ...key, name: twin.name, source: twin.source })
  }
  return [...byPrint.values(), ...unnamed]
}
