import type { LocalSshKey, SshKeyTrouble } from '../../core/terminal/ssh-keys'
import type { RegisteredLine } from './registered-keys'

/**
 * Why no key lets one in, likeliest first, as far as it can be told from what is here and what the account has.
 * `registered` null: not known. Source: the provider's documents on SSH.
 */
export function findTroubles(
  usable: readonly Pick<LocalSshKey, 'isRegistered'>[],
  registered: readonly RegisteredLine[] | null,
): readonly SshKeyTrouble[] {
  const here: SshKeyTrouble[] = usable.length === 0 ? [{ kind: 'no-local-key' }] : []
  if (registered === null) return here
  if (registered.length === 0) return [...here, { kind: 'none-registered' }]
  const odd = registered.flatMap((each): SshKeyTrouble[] =>
    each.kind === 'odd' ? [{ kind: 'odd-registered-line', problem: each.problem, line: each.line }] : [],
  )
  const perhaps: SshKeyTrouble[] = [
    { kind: 'perhaps-registered-after-start' },
    { kind: 'perhaps-made-without-ssh' },
  ]
  if (usable.some(({ isRegistered }) => isRegistered === true)) return [...perhaps, ...odd]
  // A key whose public half is not known may well be one of those.
  const areAllKnown = usable.every(({ isRegistered }) => isRegistered === false)
  const missing: SshKeyTrouble[] = usable.length > 0 && areAllKnown ? [{ kind: 'not-registered' }] : []
  return [...here, ...odd, ...missing, ...(areAllKnown ? [] : perhaps)]
}
