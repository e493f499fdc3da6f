import type { Pod, SshEndpoint } from '../pods/pod'
import { isSafeEndpoint } from '../terminal/ssh-text'

/*
 * The hosts that are written for OpenSSH, so that editors reach pods by a name. Names and ids of pods come from the
 * API: one that could be read as anything else gives no host. See docs/product-rules.md#134-live-gpus-snippets-editors.
 */

/** What OpenSSH needs beside the address to reach a pod as Podkeeper does. */
export interface SshHost {
  /** "ssh-ed25519 AAAA…": the key that Podkeeper trusts for the pod. */
  readonly hostKey: string
  /** Full paths of private keys, or of public ones whose private half the agent has, in the order to try. */
  readonly identityFiles: readonly string[]
}

export interface NamedSshHost extends SshHost {
  readonly alias: string
  /** Null: the pod can't be reached now. */
  readonly endpoint: SshEndpoint | null
}

const MAX_NAME = 40

/**
 * The name of a pod for OpenSSH: "pod-llama-70b-k7q2". It keeps its id, so that no other pod ever gets it. Null: its id
 * can't be part of a name.
 */
export function podAlias({ id, name }: Pick<Pod, 'id' | 'name'>): string | null {
  // Upper case makes some editors encode the name.
  const key = id.toLowerCase()
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(key)) return null
  const plain = name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^(?:pod(?=-|$))?-*/g, '')
    .slice(0, MAX_NAME)
    .replaceAll(/-+$/g, '')
  return ['pod', ...(plain === '' ? [] : [plain]), key].join('-')
}

/** Whether OpenSSH can include this file. */
export const canBeNamed = (path: string): boolean => !/["$\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(path)

const pathWord = (path: string): string => `"${path.replaceAll('%', '%%').replaceAll('\\', '/')}"`

const HEADER = '# Written by Podkeeper, which replaces it: see “Edit with”. Changes here are lost.\n'

/** The file with an entry for each host. `knownHostsFile`: full path of that of `knownHostsText`. */
export function hostsText(hosts: readonly NamedSshHost[], knownHostsFile: string): string {
  return (
    HEADER +
    unique(hosts)
      .map((host) => `\n${entryOf(host, knownHostsFile)}`)
      .join('')
  )
}

/** The keys that are trusted for these hosts, and for no address. */
export function knownHostsText(hosts: readonly NamedSshHost[]): string {
  return unique(hosts)
    .map(({ alias, hostKey }) => `${alias} ${hostKey}\n`)
    .join('')
}

/** Ids that differ in case only would share a name: then the first has it. */
const unique = (hosts: readonly NamedSshHost[]): readonly NamedSshHost[] => {
  const aliases = new Set<string>()
  return hosts.filter(({ alias }) => !aliases.has(alias) && aliases.add(alias))
}

function entryOf({ alias, endpoint, identityFiles }: NamedSshHost, knownHostsFile: string): string {
  const safe = endpoint !== null && isSafeEndpoint(endpoint) ? endpoint : null
  const files = identityFiles.filter(canBeNamed)
  const lines = [
    // A name that can't be resolved: an editor that tries again must not find another host of that name.
    `HostName ${safe?.host ?? `${alias}.invalid`}`,
    ...(safe === null ? [] : [`Port ${safe.port}`, `User ${safe.username}`]),
    `HostKeyAlias ${alias}`,
    `UserKnownHostsFile ${pathWord(knownHostsFile)}`,
    'StrictHostKeyChecking yes',
    'VerifyHostKeyDNS no',
    'UpdateHostKeys no',
    'ForwardAgent no',
    'ForwardX11 no',
    ...(files.length === 0 ? [] : ['IdentitiesOnly yes']),
    ...files.map((path) => `IdentityFile ${pathWord(path)}`),
  ]
  return [`Host ${alias}`, ...lines.map((line) => `  ${line}`), ''].join('\n')
}
