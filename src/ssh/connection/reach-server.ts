import { isLoopback } from '../../core/base/loopback'
import type { SshEndpoint } from '../../core/pods/pod'
import { dial } from './dial'

const REACH_MS = 5_000

/**
 * Whether an SSH server answers there within seconds. Nothing is sent, and no host key is looked at. Never rejects.
 * `loopback-only` refuses every server that is not on this computer.
 */
export async function reachServer(
  { host, port }: Pick<SshEndpoint, 'host' | 'port'>,
  hosts: 'any' | 'loopback-only',
): Promise<boolean> {
  if (hosts === 'loopback-only' && !isLoopback(host)) return false
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), REACH_MS)
  const dialed = await dial({ route: 'direct', host, port }, deadline.signal)
  clearTimeout(timer)
  if (dialed.ok) dialed.value.destroy()
  return dialed.ok
}
