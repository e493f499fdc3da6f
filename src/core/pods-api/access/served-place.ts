import { isLoopback } from '../../base/loopback'

/** Where the Pods API is served. See docs/product-rules.md#161-who-may-ask. */
export interface ServedPlace {
  /** The IP address that it listens at; null: a Unix socket. */
  readonly address: string | null
  readonly hasTls: boolean
  /** A person says that a proxy encrypts what leaves this network. */
  readonly isBehindProxy: boolean
  /** Names by which requests may reach it, beside those of the address. */
  readonly allowedHosts: readonly string[]
}

/** `needs-encryption`: tokens would cross a network readable. `needs-host`: no request from elsewhere could be accepted. */
export type PlaceProblem = 'needs-encryption' | 'needs-host'

const ANY_ADDRESS: readonly string[] = ['0.0.0.0', '::']

/** Why it isn't served there; null: it may be. */
export function placeProblem(place: ServedPlace): PlaceProblem | null {
  const { address, hasTls, isBehindProxy, allowedHosts } = place
  if (address === null || isLoopback(address)) return null
  if (!hasTls && !isBehindProxy) return 'needs-encryption'
  return ANY_ADDRESS.includes(address) && allowedHosts.length === 0 ? 'needs-host' : null
}

/**
 * Whether a request may name this host, without port and brackets. A name that was made to lead here (DNS rebinding) is
 * none of those. Undefined: it names none.
 */
export function isServedHost(
  host: string | undefined,
  { address, allowedHosts }: Pick<ServedPlace, 'address' | 'allowedHosts'>,
): boolean {
  // Nothing but a file leads to a socket, unless a proxy is in front of it.
  if (address === null && allowedHosts.length === 0) return true
  if (host === undefined) return false
  const name = host.toLowerCase()
  const isAddress = name === address && !ANY_ADDRESS.includes(name)
  return isLoopback(host) || isAddress || allowedHosts.includes(name)
}

/** A host name or an IP address without brackets, in lower case; null: it is none. */
export function parseHostName(text: string): string | null {
  const name = text.toLowerCase()
  return /^[a-z0-9_]([a-z0-9._-]{0,252}[a-z0-9])?$|^[0-9a-f:.]{2,45}$/.test(name) ? name : null
}
