import type { PodSpec } from '../../../src/simulator/world/pod-spec'
import type { OpenSsh } from '../openssh-server'

/** The pod "llama" as the simulated Runpod lists it, which answers by SSH where `server` does. */
export function podAt(server: Pick<OpenSsh, 'port' | 'username'>): PodSpec {
  return { id: 'pod-1', name: 'llama', mode: 'training', overrides: { ssh: wayTo(server) } }
}

/** For `Simulator.setPod`. */
export function wayTo({ port, username }: Pick<OpenSsh, 'port' | 'username'>): Record<string, unknown> {
  return { direct: { host: '127.0.0.1', port, username, command: '' }, proxy: null }
}
