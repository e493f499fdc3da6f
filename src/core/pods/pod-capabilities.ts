import type { Pod, PodAction, SshRoute } from './pod'

/** Whether the pod allows the action now. A locked pod is not stopped, and a cluster member is read-only. */
export function isActionAllowed(pod: Pod, action: PodAction): boolean {
  if (pod.clusterId !== null || !pod.actions.includes(action)) return false
  return !(pod.isLocked === true && action !== 'start')
}

/**
 * A direct connection where possible; null when there is no route now. See
 * docs/product-rules.md#81-connecting.
 */
export function sshRouteOf({ phase, ssh }: Pod): SshRoute | null {
  if (phase !== 'running') return null
  return ssh.direct ? 'direct' : ssh.proxy ? 'proxy' : null
}

/** "4 × H100 SXM", "8 vCPU", or null. */
export function hardwareOf({ gpu, cpu, vcpuCount }: Pod): string | null {
  if (gpu && gpu.count > 0) return `${gpu.count} × ${gpu.name}`
  const cores = vcpuCount === null ? null : `${vcpuCount} vCPU`
  if (cpu?.name && cores) return `${cpu.name} · ${cores}`
  return cpu?.name ?? cores
}
