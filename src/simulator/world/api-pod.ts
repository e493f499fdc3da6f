import { between } from './seeded-random'
import { uptimeS } from './container'
import { reportedRuntime } from './reported-runtime'
import {
  actionsOf,
  costPerHourUsd,
  gpuCountOf,
  hasStalePorts,
  isPulling,
  type PodRecord,
  startedAtMs,
  statusAt,
} from './pod-record'
import { proxyUserOf, type SshAddress, type SshAddresses } from './ssh-addresses'

/** A pod as the API shows it. The type is loose because `overrides` may set any field to anything. */
export type PodJson = Readonly<Record<string, unknown>>

/** The account-wide facts that a pod's API object depends on. */
export interface WorldView {
  readonly seed: number
  /** Simulated milliseconds. */
  readonly nowMs: number
  /** Null if SSH is disabled; the addresses are then unreachable. */
  readonly ssh: SshAddresses | null
  /** Converts a simulated time to Unix ms. */
  readonly toWallMs: (simulatedMs: number) => number
  /** How often the figures of pods are refreshed that say nothing else; 0: at each look. */
  readonly metricsEveryS: number
}

/** REST v2's `Pod`. `isLost`: the API's look at the pod's host fails, as it does after 2 s. */
export function apiPod(pod: PodRecord, view: WorldView, isLost = false): PodJson {
  const { spec } = pod
  const hasHost = !isLost && !hasLookupTimedOut(pod, view)
  const status = statusAt(pod, view.nowMs)
  const startedMs = startedAtMs(pod, view.nowMs)
  const stamp = (simulatedMs: number) => new Date(view.toWallMs(simulatedMs)).toISOString()
  const apiFields: Record<string, unknown> = {
    id: pod.id,
    name: spec.name,
    image: spec.image,
    args: spec.args,
    disk: spec.containerDiskGb,
    ports: spec.ports,
    env: spec.env,
    registry: spec.registry,
    status,
    actions: actionsOf(status),
    mounts: mountsOf(pod),
    ...(spec.gpu === null ? { cpu: spec.cpu } : { gpu: { ...spec.gpu, count: gpuCountOf(pod) } }),
    cloud: spec.cloud,
    dataCenterId: isPulling(pod, view.nowMs) ? null : spec.dataCenterId,
    cudaVersion: spec.gpu === null ? null : '12.8',
    ssh: sshOf(pod, view, hasHost),
    template: null,
    cost: costPerHourUsd(pod, view.nowMs),
    locked: spec.locked,
    globalNetworking: globalNetworkingOf(pod, view),
    ...(spec.cluster === null ? {} : { cluster: spec.cluster }),
    runtime: hasHost ? runtimeOf(pod, view) : null,
    createdAt: stamp(pod.createdAtMs),
    startedAt: startedMs === null ? null : stamp(startedMs),
    ...spec.overrides,
  }
  for (const field of spec.omit) delete apiFields[field]
  return apiFields
}

function mountsOf({ spec }: PodRecord): unknown {
  if (spec.persistent !== null) {
    return { persistent: { size: spec.persistent.sizeGb, path: spec.persistent.path } }
  }
  return spec.network === null ? {} : { network: [spec.network] }
}

function runtimeOf(pod: PodRecord, view: WorldView): unknown {
  const runtime = reportedRuntime(pod, view)
  if (runtime === null) return null
  if (pod.mode === 'telemetry-missing') return pod.spec.missingAs === 'empty' ? {} : null
  // A container that ended has published no ports.
  return { ...runtime, ports: uptimeS(pod, view.nowMs) === null ? [] : portsOf(pod, view) }
}

/** Whether the API's look at the pod's host times out in this second. */
function hasLookupTimedOut({ id, spec }: PodRecord, { seed, nowMs }: WorldView): boolean {
  const { lookupTimeoutShare } = spec
  return between(0, 999, seed, id, 'lookup', Math.floor(nowMs / 1_000)) < lookupTimeoutShare * 1_000
}

function portsOf(pod: PodRecord, view: WorldView): readonly unknown[] {
  return pod.spec.ports.map((declared) => {
    const [number = '', type = 'tcp'] = declared.split('/')
    const address = type === 'tcp' ? addressOf(pod, view, number) : null
    return { private: Number(number), public: address?.port ?? null, type, ip: address?.host ?? null }
  })
}

/**
 * The address of a published port. Every container gets a different port, and for a while the API still shows the
 * previous one. Without SSH, the address comes from the block reserved for documentation and is unreachable.
 */
function addressOf(pod: PodRecord, view: WorldView, port: string): SshAddress | null {
  const container = pod.previousContainers - (hasStalePorts(pod, view.nowMs) ? 1 : 0)
  if (port === '22' && view.ssh !== null) return view.ssh.direct(pod.id, container)
  const first = between(0, 49_999, view.seed, pod.id, 'port', port)
  const host = `203.0.113.${between(1, 254, view.seed, pod.id, 'host')}`
  return { host, port: 10_000 + ((first + container * 7_919) % 50_000) }
}

function globalNetworkingOf({ id, spec }: PodRecord, { seed }: WorldView): unknown {
  if (!spec.globalNetworking) return { enabled: false }
  const part = (which: number) => between(1, 254, seed, id, 'global', which)
  return { enabled: true, ip: `10.65.${part(0)}.${part(1)}`, internalDns: `${id}.simulator.internal` }
}

/** Where the pod accepts SSH directly; null while it doesn't. */
export function directSshOf(pod: PodRecord, view: WorldView): SshAddress | null {
  const isUp = uptimeS(pod, view.nowMs) !== null && pod.spec.ports.includes('22/tcp')
  return isUp ? addressOf(pod, view, '22') : null
}

function sshOf(pod: PodRecord, view: WorldView, hasHost: boolean): unknown {
  const endpoint = (host: string, port: number, username: string) => ({
    host,
    port,
    username,
    command: port === 22 ? `ssh ${username}@${host}` : `ssh ${username}@${host} -p ${port}`,
  })
  const direct = hasHost ? directSshOf(pod, view) : null
  const proxy = view.ssh?.proxy ?? { host: 'ssh.simulator.invalid', port: 22 }
  const hasMachine = statusAt(pod, view.nowMs) !== 'PROVISIONING'
  return {
    proxy: hasMachine ? endpoint(proxy.host, proxy.port, proxyUserOf(view.seed, pod.id)) : null,
    direct: direct && endpoint(direct.host, direct.port, 'root'),
  }
}
