import { randomId } from './seeded-random'

interface SshAddress {
  readonly host: string
  readonly port: number
}

/** Where pods answer by SSH. */
export interface SshAddresses {
  readonly proxy: SshAddress
  /** Of a pod's container, by how many it had before it; null: it has not answered yet. */
  direct(podId: string, container: number): SshAddress | null
}

/** The user name by which the proxy knows a pod. */
export function proxyUserOf(seed: number, podId: string): string {
  return `${podId}-${randomId(8, seed, podId, 'proxy')}`
}
