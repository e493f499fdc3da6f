import type { LocalSshKey, SshKeyIssue } from '../../core/terminal/ssh-keys'
import type { RegisteredLine } from './registered-keys'

/**
 * Likely reasons why no key is accepted, most likely first, based on the local keys and the account's
 * registered keys. `registered` is null if unknown. Source: the provider's SSH documentation.
 */
export function diagnoseKeys(
  usable: readonly Pick<LocalSshKey, 'isRegistered'>[],
  registered: readonly RegisteredLine[] | null,
): readonly SshKeyIssue[] {
  const localTroubles: SshKeyIssue[] = usable.length === 0 ? [{ kind: 'no-local-key' }] : []
  if (registered === null) return localTroubles
  if (registered.length === 0) return [...localTroubles, { kind: 'none-registered' }]
  const malformed = registered.flatMap((each): SshKeyIssue[] =>
    each.kind === 'malformed'
      ? [{ kind: 'odd-registered-line', problem: each.problem, line: each.line }]
      : [],
  )
  const possible: SshKeyIssue[] = [
    { kind: 'perhaps-registered-after-start' },
    { kind: 'perhaps-made-without-ssh' },
  ]
  if (usable.some(({ isRegistered }) => isRegistered === true)) return [...possible, ...malformed]
  // A key whose public half is unknown may be one of the registered keys.
  const areAllKnown = usable.every(({ isRegistered }) => isRegistered === false)
  const missing: SshKeyIssue[] = usable.length > 0 && areAllKnown ? [{ kind: 'not-registered' }] : []
  return [...localTroubles, ...malformed, ...missing, ...(areAllKnown ? [] : possible)]
}
