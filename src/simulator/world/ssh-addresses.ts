import { token } from './noise'

interface Address {
  readonly host: string
  readonly port: number
}

/** Where pods answer by SSH. */
export interface SshAddresses {
  readonly proxy: Address
  /** Of a pod's container, by how many it had before it; null: it has not answered yet. */
  direct(podId: string, container: number): Address | null
}

/** The user name by which the proxy knows a pod. */
export function proxyUserOf(seed: number, podId: string): string {
  return `${podId}-${token(8, seed, podId, 'proxy')}`
}
