import { createHmac, timingSafeEqual } from 'node:crypto'
import { type PublicKey, readPublicKey } from '../keys/public-key'
import { matches } from '../config/wildcards'

/** What `known_hosts` says of one server. */
export interface KnownHosts {
  readonly trusted: readonly PublicKey[]
  readonly revoked: readonly PublicKey[]
}

/**
 * What the text of a `known_hosts` file says of a server (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). Certificate
 * authorities are passed over, since Podkeeper takes no certificates; so is every line that cannot be read.
 */
export function readKnownHosts(text: string, host: string, port: number): KnownHosts {
  const name = hostName(host, port)
  const [trusted, revoked]: [PublicKey[], PublicKey[]] = [[], []]
  for (const line of text.split('\n')) {
    const entry = parseLine(line)
    if (entry === null || !isNamed(name, entry.hosts)) continue
    if (entry.marker === '@revoked') revoked.push(entry.key)
    else if (entry.marker === null) trusted.push(entry.key)
  }
  return { trusted, revoked }
}

/** As OpenSSH writes it: with its port, unless that is the usual one. */
export function hostName(host: string, port: number): string {
  const lower = host.toLowerCase()
  return port === 22 ? lower : `[${lower}]:${port}`
}

interface Entry {
  readonly marker: string | null
  readonly hosts: string
  readonly key: PublicKey
}

function parseLine(line: string): Entry | null {
  const text = line.trim()
  if (text.startsWith('#')) return null
  const words = text.split(/[ \t]+/)
  const marker = text.startsWith('@') ? (words.shift() ?? null) : null
  const [hosts, algorithm, base64] = words
  if (hosts === undefined || base64 === undefined) return null
  const key = readPublicKey(Buffer.from(base64, 'base64'))
  return key !== null && key.algorithm === algorithm ? { marker, hosts, key } : null
}

/** One pattern of the list has to name it, and none may exclude it. */
function isNamed(name: string, hosts: string): boolean {
  if (hosts.startsWith('|')) return isHashOf(name, hosts)
  let isMatch = false
  for (const pattern of hosts.toLowerCase().split(',')) {
    if (pattern.startsWith('!')) {
      if (matches(name, pattern.slice(1))) return false
    } else if (matches(name, pattern)) isMatch = true
  }
  return isMatch
}

/** "|1|salt|hash": HMAC-SHA1, which is the format and guards nothing here. */
function isHashOf(name: string, hosts: string): boolean {
  const [, version, salt, hash, ...rest] = hosts.split('|')
  if (version !== '1' || salt === undefined || hash === undefined || rest.length > 0) return false
  const expected = Buffer.from(hash, 'base64')
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
