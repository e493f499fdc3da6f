import type { PodSpec } from '../../../src/simulator/world/pod-spec'
import type { OpenSshServer } from '../openssh-server'

type Address = Pick<OpenSshServer, 'port' | 'username'>
type Route = 'direct' | 'proxy'

/** The pod "llama" as listed by the simulated Runpod, with the SSH address of `server`. */
export function podAt(server: Address, route: Route = 'direct'): PodSpec {
  return { id: 'pod-1', name: 'llama', mode: 'training', overrides: { ssh: sshRouteTo(server, route) } }
}

/** For `Simulator.setPod`. */
export function sshRouteTo({ port, username }: Address, route: Route = 'direct'): Record<string, unknown> {
  return { direct: null, proxy: null, [route]: { host: '127.0.0.1', port, username, command: '' } }
}
