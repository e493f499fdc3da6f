export type AccountId = string
export type PodId = string

/** What Podkeeper shows of a pod's state. `unknown` carries a status the app has no word for; it is shown raw. */
export type PodPhase = 'creating' | 'running' | 'stopped' | 'error' | 'terminated' | 'unknown'

/** Those that destroy no pod. A terminate is kept apart everywhere: it is asked for only where it was confirmed. */
export const powerActions = ['start', 'stop', 'restart'] as const
export type PowerAction = (typeof powerActions)[number]
export type PodAction = PowerAction | 'terminate'

/** Live figures of one pod. A figure that was missing or not a number is null; nothing is invented for it. */
export interface Telemetry {
  /** One entry per GPU that reported; percentages as the API gave them, not clamped. */
  readonly gpus: readonly { readonly utilPercent: number | null; readonly memoryUtilPercent: number | null }[]
  readonly cpuUtilPercent: number | null
  readonly memoryUtilPercent: number | null
  /** Seconds since the container started. */
  readonly uptimeS: number | null
}

/** A disk that belongs to the pod: it survives a stop and is destroyed by a terminate. */
export interface PersistentMount {
  readonly sizeGb: number | null
  readonly path: string | null
}

/** A volume of the account, attached to the pod: it survives both. */
export interface NetworkMount {
  readonly volumeId: string
  readonly path: string | null
}

/** One pod, as far as its provider could read it. */
export interface Pod {
  readonly id: PodId
  readonly name: string
  readonly phase: PodPhase
  /** The API's own word for the status, for what `phase` cannot say. */
  readonly rawStatus: string
  /** Why, in the API's own words, where it gives any. */
  readonly statusReason: string | null
  /** What may be done now, in the API's own words; what the app does not know it does not offer. */
  readonly actions: readonly string[]
  /** Null on a CPU pod, and when it could not be read (`isCpuPod` tells them apart). */
  readonly gpu: { readonly name: string; readonly count: number } | null
  readonly cpu: { readonly name: string | null } | null
  readonly vcpuCount: number | null
  readonly containerDiskGb: number | null
  /** Null: none. `undefined` never occurs; unreadable mounts make `areMountsKnown` false. */
  readonly persistentMount: PersistentMount | null
  readonly networkMounts: readonly NetworkMount[]
  readonly areMountsKnown: boolean
  readonly dataCenterId: string | null
  readonly cloud: string | null
  /** USD per hour as the API states it; null when it stated none. 0 for a stopped pod is the API's word, not the truth about its disk. */
  readonly costPerHourUsd: number | null
  /** A locked pod cannot be stopped. Null: not said, to be treated as locked by anything automatic. */
  readonly isLocked: boolean | null
  /** Set on a member of a cluster: read-only, its actions answer 409. */
  readonly clusterId: string | null
  readonly ssh: PodSsh
  /** Null: no telemetry, which is unknown and never idle. Read only of a running pod. */
  readonly telemetry: Telemetry | null
  readonly createdAtMs: number | null
  readonly startedAtMs: number | null
}

/** Straight to the pod where it publishes a port, else through the provider's proxy, which carries a shell only. */
export type SshRoute = 'direct' | 'proxy'

/** Where a pod answers by SSH. Parts as the provider stated them and the reader checked: they are no command. */
export interface SshEndpoint {
  readonly host: string
  readonly port: number
  readonly username: string
}

export interface PodSsh {
  readonly direct: SshEndpoint | null
  readonly proxy: SshEndpoint | null
}
