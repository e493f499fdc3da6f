import { join } from 'node:path'
import type { SshHost } from '../../core/editors/ssh-hosts'
import type { AccountId } from '../../core/pods/pod'
import { readSmallFile } from '../config/read-small-file'
import type { SshTarget } from '../connection/ssh-shell'
import type { HostKeyFile } from '../host-keys/host-key-file'
import { MAX_KNOWN_HOSTS_BYTES, readKnownHosts } from '../host-keys/known-hosts'
import { findKeys, type FoundKey, type KeyLocations, keyQuery, podKeyPath } from '../keys/find-keys'
import { chooseKeys } from '../keys/key-order'
import { fingerprintOf, isSameKey, isTooShort, type PublicKey } from '../keys/public-key'

export interface DescribeHostOptions {
  readonly hostKeys: Pick<HostKeyFile, 'find'>
  readonly locations: KeyLocations
  /** Fingerprints of the account's keys; null if unknown. */
  readonly registeredFingerprints: (accountId: AccountId) => ReadonlySet<string> | null
}

/** As `SshHost`. A key that only the agent has is a public one, which needs a file of its own. */
export interface DescribedHost extends Pick<SshHost, 'hostKey'> {
  readonly identities: readonly (
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'agent'; readonly publicKey: string }
  )[]
}

/**
 * What OpenSSH needs to reach a pod as Podkeeper does: the host key that a person trusts for it, and the keys that
 * would be offered to it. Null: no key is trusted for it, or a revoked one. Asks nobody.
 */
export async function describeHost(
  { hostKeys, locations, registeredFingerprints }: DescribeHostOptions,
  { accountId, podId, ssh, runId }: SshTarget,
): Promise<DescribedHost | null> {
  const key = hostKeys.find({ kind: 'pod', accountId, podId })?.key
  if (key === undefined || isTooShort(key)) return null
  const { direct } = ssh
  const known = readSmallFile(join(locations.home, '.ssh/known_hosts'), MAX_KNOWN_HOSTS_BYTES) ?? ''
  const { revoked } = readKnownHosts(known, direct?.host ?? '', direct?.port ?? 22)
  if (revoked.some(({ blob }) => isSameKey(blob, key.blob))) return null
  const query = keyQuery(direct, podId, false)
  const found = await findKeys(locations, [query], podKeyPath(locations.home, runId))
  const chosen = chooseKeys(found, registeredFingerprints(accountId))
  return { hostKey: lineOf(key), identities: chosen.flatMap((one) => identityOf(one, found) ?? []) }
}

/** The file of a key stays usable when the agent that also has it ends. */
function identityOf(
  { access, publicKey }: FoundKey,
  found: readonly FoundKey[],
): DescribedHost['identities'][number] | null {
  if (access?.kind === 'file') return { kind: 'file', path: access.path }
  if (publicKey === null) return null
  const fingerprint = fingerprintOf(publicKey.blob)
  const inFile = found.find(
    (one) =>
      one.access?.kind === 'file' && one.publicKey && fingerprintOf(one.publicKey.blob) === fingerprint,
  )
  return inFile?.access?.kind === 'file'
    ? { kind: 'file', path: inFile.access.path }
    : { kind: 'agent', publicKey: lineOf(publicKey) }
}

const lineOf = ({ algorithm, blob }: PublicKey): string => `${algorithm} ${blob.toString('base64')}`
