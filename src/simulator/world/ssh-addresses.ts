import { randomId } from './seeded-random'

export interface SshAddress {
  readonly host: string
  readonly port: number
}

/** The addresses at which pods accept SSH. */
export interface SshAddresses {
  readonly proxy: SshAddress
  /** The address of a pod's container, by the number of previous containers; null if it isn't listening yet. */
  direct(podId: string, container: number): SshAddress | null
}

/** The proxy's user name for the pod. */
export function proxyUserOf(seed: number, podId: string): string {
  return `${podId}-${randomId(8, seed, podId, 'proxy')}`
}
