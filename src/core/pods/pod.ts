import type { PodEngine } from './pod-engine'

export type AccountId = string
/** Unique within an account. */
export type PodId = string
/** A pod among those of all accounts: "account/pod". The id of an account has no slash. */
export type PodKey = `${AccountId}/${PodId}`

export const podKeyOf = (accountId: AccountId, podId: PodId): PodKey => `${accountId}/${podId}`

export const isPodKey = (text: string): text is PodKey => text.includes('/')

export function parsePodKey(key: PodKey): { readonly accountId: AccountId; readonly podId: PodId } {
  const slash = key.indexOf('/')
  return { accountId: key.slice(0, slash), podId: key.slice(slash + 1) }
}

/** The answer about a pod that was terminated, or whose account was disconnected, meanwhile. */
export const podNotListedText = 'That pod is no longer in the list.'

/**
 * The state of a pod as shown. See docs/product-rules.md#11-states-shown. `unknown` stands for a status that
 * the app does not know; it is shown raw.
 */
export const podPhases = ['creating', 'running', 'stopped', 'error', 'terminated', 'unknown'] as const
export type PodPhase = (typeof podPhases)[number]

/** Those that destroy no pod. A terminate is kept apart everywhere: it is asked for only where it was confirmed. */
export const powerActions = ['start', 'stop', 'restart'] as const
export type PowerAction = (typeof powerActions)[number]
export const podActions = [...powerActions, 'terminate'] as const
export type PodAction = (typeof podActions)[number]

/** Current figures of one pod. A missing or non-numeric figure is null; nothing is substituted. */
export interface Telemetry {
  /** One entry per GPU that reported. Percentages as the API returned them, not clamped. */
  readonly gpus: readonly { readonly utilPercent: number | null; readonly memoryUtilPercent: number | null }[]
  readonly cpuUtilPercent: number | null
  readonly memoryUtilPercent: number | null
  /** Seconds since the container started. */
  readonly uptimeS: number | null
}

/**
 * What the API shows of the container of a running pod. Something here proves that there is one; nothing here proves
 * that there is none, because lookups time out and a pod may publish no ports.
 */
export interface ContainerSigns {
  /** Seconds as reported: negative while the container starts, and after it ended. Null: not reported. */
  readonly uptimeS: number | null
  /** The published ports as "address:port". */
  readonly publicPorts: readonly string[]
}

/** A disk that belongs to the pod. It survives a stop and is destroyed by a terminate. */
export interface PersistentMount {
  /** Positive. */
  readonly sizeGb: number
  readonly path: string
}

/** A volume of the account that is attached to the pod. It survives both. */
export interface NetworkMount {
  readonly volumeId: string
  /** Null when the reply names no path, so nothing is known to be stored on the volume. */
  readonly path: string | null
}

/** One pod, as far as its provider could parse it. */
export interface Pod {
  readonly id: PodId
  readonly name: string
  readonly phase: PodPhase
  /** The API's own status, for what `phase` cannot express. */
  readonly rawStatus: string
  /** The API's reason for the status, where it gives one. */
  readonly statusReason: string | null
  /** The actions that the API allows now. The app ignores unknown ones. */
  readonly actions: readonly string[]
  /** Null on a CPU pod and when it could not be read; `isCpuPod` distinguishes them. */
  readonly gpu: { readonly name: string; readonly count: number } | null
  readonly cpu: { readonly name: string | null } | null
  readonly vcpuCount: number | null
  readonly containerDiskGb: number | null
  /** Null: none. Never `undefined`; unreadable mounts set `areMountsKnown` to false. */
  readonly persistentMount: PersistentMount | null
  readonly networkMounts: readonly NetworkMount[]
  readonly areMountsKnown: boolean
  readonly dataCenterId: string | null
  readonly cloud: string | null
  /**
   * USD per hour as the API reports it; null when missing. The API reports 0 for a stopped pod, although its
   * disk costs money.
   */
  readonly costPerHourUsd: number | null
  /** A locked pod cannot be stopped. Null means unknown, which automatic actions treat as locked. */
  readonly isLocked: boolean | null
  /** Set for a member of a cluster, which is read-only: its actions return 409. */
  readonly clusterId: string | null
  readonly ssh: PodSsh
  /** Null means no telemetry, which is unknown and never idle. Only meaningful for a running pod. */
  readonly telemetry: Telemetry | null
  /** Absent: the pod is not running, or its provider doesn't show containers, so its status is all that is known. */
  readonly container?: ContainerSigns
  readonly createdAtMs: number | null
  readonly startedAtMs: number | null
  /** The request that it was created by, from its environment. Absent: it names none. */
  readonly runId?: string
  /** From its environment, in its order. Absent: it has none. */
  readonly labels?: readonly string[]
  /** The reply has no environment, so that nothing is known of `runId` and `labels`. */
  readonly isEnvironmentHidden?: true
  /** `costPerHourUsd` is from a price list. Absent: it is what the API reports. */
  readonly isPriceApproximate?: boolean
  /** The engine that made it for its own jobs. Absent: none did, as far as its name says. */
  readonly engine?: PodEngine
  /** Absent: the provider is the cloud itself. */
  readonly managed?: ManagedPod
}

/** Whether it is known which volumes the pods mount. A terminated pod mounts none. */
export const areAllMountsKnown = (pods: readonly Pick<Pod, 'areMountsKnown' | 'phase'>[]): boolean =>
  pods.every(({ areMountsKnown, phase }) => areMountsKnown || phase === 'terminated')

/** Whether a guard may run in it. What manages several pods stops them itself. */
export const isGuardable = ({ managed, clusterId }: Pod): boolean =>
  managed === undefined && clusterId === null

/** The service that managed pods belong to, for display. */
export const managingServiceName = 'Hubify'

/** What a service that manages pods of a cloud says of one, such as a Hubify lab. Null: it doesn't say. */
export interface ManagedPod {
  /** The pod's id at the cloud that runs it. An account there may show the same pod. */
  readonly cloudPodId: PodId | null
  /** How long the service has observed it idle. Evidence for alerts, never for a stop. */
  readonly idleMinutes: number | null
  /** When the service stops it because it is idle, Unix ms. */
  readonly stopsAtMs: number | null
  /** When the service terminates it because of its maximum runtime, Unix ms. */
  readonly terminatesAtMs: number | null
}

/**
 * Direct where the pod publishes a port, otherwise through the provider's proxy, which only carries a shell.
 */
export type SshRoute = 'direct' | 'proxy'

/** The SSH endpoint of a pod. Its validated parts are not to be used as a command. */
export interface SshEndpoint {
  readonly host: string
  readonly port: number
  readonly username: string
}

export interface PodSsh {
  readonly direct: SshEndpoint | null
  readonly proxy: SshEndpoint | null
}
