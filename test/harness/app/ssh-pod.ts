import type { PodSpec } from '../../../src/simulator/world/pod-spec'
import type { OpenSshServer } from '../openssh-server'

/** The pod "llama" as listed by the simulated Runpod, with the SSH address of `server`. */
export function podAt(server: Pick<OpenSshServer, 'port' | 'username'>): PodSpec {
  return { id: 'pod-1', name: 'llama', mode: 'training', overrides: { ssh: sshRouteTo(server) } }
}

/** For `Simulator.setPod`. */
export function sshRouteTo({
  port,
  username,
}: Pick<OpenSshServer, 'port' | 'username'>): Record<string, unknown> {
  return { direct: { host: '127.0.0.1', port, username, command: '' }, proxy: null }
}
