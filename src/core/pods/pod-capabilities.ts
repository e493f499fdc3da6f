import type { Pod, PodAction, SshRoute } from './pod'

/** Whether the pod, by its own word, allows the action now. A locked pod is not stopped; a cluster's pod is read-only. */
export function canDo(pod: Pod, action: PodAction): boolean {
  if (pod.clusterId !== null || !pod.actions.includes(action)) return false
  return !(pod.isLocked === true && action !== 'start')
}

/** Straight to the pod where it can be; null: there is no way in now. Product rules, "Terminal". */
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
