import type { SshRoute } from '../../../../src/core/pods/pod'
import type { SimulatedPodSpec } from '../../../../src/simulator/world/pod-spec'
import type { OpenSshServer } from '../../ssh/openssh-server'

type Address = Pick<OpenSshServer, 'port' | 'username'>

/** The pod "llama" as listed by the simulated Runpod, with the SSH address of `server`. */
export function podAt(server: Address, route: SshRoute = 'direct'): SimulatedPodSpec {
  return { id: 'pod-1', name: 'llama', mode: 'training', overrides: { ssh: sshRouteTo(server, route) } }
}

/** For `Simulator.setPod`. */
export function sshRouteTo({ port, username }: Address, route: SshRoute = 'direct'): Record<string, unknown> {
  return { direct: null, proxy: null, [route]: { host: '127.0.0.1', port, username, command: '' } }
}
