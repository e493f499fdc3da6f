import type { SshEndpoint } from '../../core/pods/pod'

/**
 * Runpod's SSH proxy. Its users are "POD-HASH". Source: Runpod documentation, "Connect to a pod with SSH",
 * read 2026-11-24.
 */
export function isRunpodProxy({ host, port, username }: SshEndpoint, podId: string): boolean {
  return host.toLowerCase() === 'ssh.runpod.io' && port === 22 && username.startsWith(`${podId}-`)
}
