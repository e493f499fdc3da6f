import { join } from 'node:path'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type PublicKey, readPublicKey } from '../keys/public-key'
import { readSmallFile } from '../config/read-small-file'
import { matchesWildcard } from '../config/wildcards'

/** A larger file is not read. */
export const MAX_KNOWN_HOSTS_BYTES = 16 * 1024 * 1024

/** What `known_hosts` says about one server. */
export interface KnownHosts {
  readonly trusted: readonly PublicKey[]
  readonly revoked: readonly PublicKey[]
}

/** The same of the user's file. `home`: the folder that contains `.ssh`. */
export const readKnownHostsFile = (home: string, host: string, port: number): KnownHosts =>
  readKnownHosts(readSmallFile(join(home, '.ssh/known_hosts'), MAX_KNOWN_HOSTS_BYTES) ?? '', host, port)

/**
 * Parses what a `known_hosts` file says about a server (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). Certificate
 * authorities are skipped because Podkeeper doesn't accept certificates; so are lines that cannot be parsed.
 */
export function readKnownHosts(text: string, host: string, port: number): KnownHosts {
  const name = knownHostName(host, port)
  const [trusted, revoked]: [PublicKey[], PublicKey[]] = [[], []]
  for (const line of text.split('\n')) {
    const entry = parseLine(line)
    if (entry === null || !matchesEntry(name, entry.hosts)) continue
    if (entry.marker === '@revoked') revoked.push(entry.key)
    else if (entry.marker === null) trusted.push(entry.key)
  }
  return { trusted, revoked }
}

/** The host as OpenSSH writes it: with its port unless that is 22. */
export function knownHostName(host: string, port: number): string {
  const lower = host.toLowerCase()
  return port === 22 ? lower : `[${lower}]:${port}`
}

interface KnownHostsEntry {
  readonly marker: string | null
  readonly hosts: string
  readonly key: PublicKey
}

function parseLine(line: string): KnownHostsEntry | null {
  const text = line.trim()
  if (text.startsWith('#')) return null
  const words = text.split(/[ \t]+/)
  const marker = text.startsWith('@') ? (words.shift() ?? null) : null
  const [hosts, algorithm, base64] = words
  if (hosts === undefined || base64 === undefined) return null
  const key = readPublicKey(Buffer.from(base64, 'base64'))
  return key !== null && key.algorithm === algorithm ? { marker, hosts, key } : null
}

/** At least one pattern of the list must match and no negated pattern may. */
function matchesEntry(name: string, hosts: string): boolean {
  if (hosts.startsWith('|')) return matchesHash(name, hosts)
  let isMatch = false
  for (const pattern of hosts.toLowerCase().split(',')) {
    if (pattern.startsWith('!')) {
      if (matchesWildcard(name, pattern.slice(1))) return false
    } else if (matchesWildcard(name, pattern)) isMatch = true
  }
  return isMatch
}

/** "|1|salt|hash" uses HMAC-SHA1. The format requires it, and security doesn't depend on it here. */
function matchesHash(name: string, hosts: string): boolean {
  const [, version, salt, hash, ...rest] = hosts.split('|')
  if (version !== '1' || salt === undefined || hash === undefined || rest.length > 0) return false
  const expected = Buffer.from(hash, 'base64')
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
