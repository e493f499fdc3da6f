import type { SshEndpoint } from '../pods/pod'

/*
 * What a person pastes into a shell or into `~/.ssh/config` to connect to a pod. Hosts, users and names come from the
 * API: what could be read as anything else than a host or a user gives no text at all.
 */

/** Whether nothing of it can be read as anything else than a host, a port and a user. */
export const isSafeEndpoint = ({ host, port, username }: SshEndpoint): boolean =>
  /^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/.test(host) &&
  /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(username) &&
  Number.isInteger(port) &&
  port > 0 &&
  port < 65_536

/** "ssh -p 11827 root@213.173.98.14"; null where no safe command can be made. */
export function sshCommand(endpoint: SshEndpoint): string | null {
  if (!isSafeEndpoint(endpoint)) return null
  const { host, port, username } = endpoint
  return `ssh ${port === 22 ? '' : `-p ${port} `}${username}@${host}`
}

/** An entry of `~/.ssh/config`, named after the pod; null where no safe one can be made. */
export function sshConfigEntry(endpoint: SshEndpoint, podName: string, podId: string): string | null {
  if (!isSafeEndpoint(endpoint)) return null
  const { host, port, username } = endpoint
  return `Host ${aliasOf(podName, podId)}\n  HostName ${host}\n  User ${username}\n  Port ${port}\n`
}

/** Patterns and negations are no names, and a name of its own must not hide another host. */
function aliasOf(podName: string, podId: string): string {
  const plain = (text: string): string =>
    text
      .normalize('NFKC')
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .replaceAll(/^[-.]+|[-.]+$/g, '')
      .slice(0, 60)
  return `pod-${plain(podName) || plain(podId) || 'unnamed'}`.replace(/^pod-pod-/, 'pod-')
}
