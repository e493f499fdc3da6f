/**
 * What a pod does while it runs. `idle-after` trains for `idleAfterMin` minutes of uptime and then idles; `partial`
 * uses only its first GPU; `cpu-only` is a busy CPU pod; `stuck-creating` never gets past PROVISIONING, and
 * `image-missing` never gets a container; `error` ends in ERROR instead of RUNNING; `crash-loop` is RUNNING
 * while its command ends soon after each start; `container-dead` is RUNNING after its command ended for good.
 */
export const runModes = [
  'training',
  'idle-after',
  'idle',
  'spiky',
  'data-loading',
  'cpu-only',
  'telemetry-missing',
  'partial',
  'stuck-creating',
  'image-missing',
  'error',
  'crash-loop',
  'container-dead',
] as const

export type RunMode = (typeof runModes)[number]

/** What a pod's status is from about a second after its start until its container is up. */
export const pullStatuses = ['RUNNING', 'STARTING'] as const

export type PullStatus = (typeof pullStatuses)[number]

/** A part of a pod's figures. */
export type FigureName = 'gpus' | 'cpu' | 'memory'

/** `stopped` is an initial state only; once started, the pod follows `onStart`. */
export type PodMode = RunMode | 'stopped'

export interface EarlierRun {
  readonly startedAgoMin: number
  readonly stoppedAgoMin: number
}

/** One pod of the account. Only `name` and `mode` are required. */
export interface SimulatedPodSpec {
  readonly name: string
  readonly mode: PodMode
  /** Default: derived from the seed. */
  readonly id?: string
  /** Null for a CPU pod. Default: one RTX 4090, or null with `cpu-only`. */
  readonly gpu?: {
    readonly id: string
    readonly count: number
    readonly vcpuCount?: number
    readonly memory?: number
  } | null
  /** Used by CPU pods. */
  readonly cpu?: { readonly id: string; readonly vcpuCount: number; readonly memory: number }
  /** USD per hour while not stopped. */
  readonly costPerHourUsd?: number
  /** Minutes since the container started. 0: the pod is being created. Default: 60. */
  readonly startedAgoMin?: number
  /** Default: just before it was started. */
  readonly createdAgoMin?: number
  /** With `stopped`; default: 60. */
  readonly stoppedAgoMin?: number
  /** With `idle-after`: minutes of uptime before it idles. Default: 30. */
  readonly idleAfterMin?: number
  /** With `stopped`: its mode once started. Default: `training`. */
  readonly onStart?: RunMode
  /** With `telemetry-missing`: whether `runtime` is null or `{}`. Default: `null`. */
  readonly missingAs?: 'null' | 'empty'
  readonly containerDiskGb?: number
  readonly persistent?: { readonly sizeGb: number; readonly path: string } | null
  readonly network?: { readonly volumeId: string; readonly path: string } | null
  readonly ports?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly image?: string
  readonly cloud?: 'SECURE' | 'COMMUNITY'
  readonly dataCenterId?: string | null
  readonly locked?: boolean
  readonly cluster?: { readonly id: string; readonly rank: number | null } | null
  readonly args?: string
  readonly registry?: string | null
  readonly globalNetworking?: boolean
  /** Past runs, which are on the bills. Oldest first. */
  readonly earlierRuns?: readonly EarlierRun[]
  /** How long after a stop its GPUs are used by someone else, so that a start fails. Default: 0. */
  readonly gpusTakenForMin?: number
  /** How long after a start or restart the API shows the previous container's ports. Default: 90. */
  readonly stalePortsS?: number
  /** What its status is while its image is pulled. Default: as `CloudConditions.statusWhilePulling` says. */
  readonly statusWhilePulling?: PullStatus
  /** How big its image is, which says how long a pull takes. Default: by the image's name. */
  readonly imageSizeGb?: number
  /** With `image-missing`: why the pull fails, in the host's words. Default: `manifest unknown`. */
  readonly pullError?: string
  /** With `container-dead`: minutes of uptime before its command ends. Default: 0. */
  readonly diesAfterMin?: number
  /** With `crash-loop`: seconds from one start of its container to the next, and how long each is up. Default: 10, 0. */
  readonly crashEveryS?: number
  readonly crashUpS?: number
  /**
   * How the API shows a pod whose container ended, as `crash-loop` and `container-dead` have it: without figures and
   * ports, or with a negative uptime. Default: `gone`.
   */
  readonly downAs?: 'gone' | 'negative'
  /** The API's figures and uptime are refreshed every so many seconds; 0: at each look. Default: as the account has it. */
  readonly metricsEveryS?: number
  /** Whether the API's figures and uptime stand still from now on, as those of a replica that gets no more. */
  readonly hasFrozenMetrics?: boolean
  /** Figures that the API doesn't have of this pod. */
  readonly missingFigures?: readonly FigureName[]
  /** The share of seconds in which the API's look at the pod's host times out, 0 to 1. Default: 0. */
  readonly lookupTimeoutShare?: number
  /**
   * Duration of each phase in simulated seconds. `startingS` is from the first byte of the image until the container is
   * up. Defaults: 12, 18, 4 and 4; of a pod that is RUNNING while its image is pulled 1, and by the image's size.
   */
  readonly provisioningS?: number
  readonly startingS?: number
  readonly stoppingS?: number
  readonly restartingS?: number
  /** Lines that its container prints besides, per second. Default: 0. */
  readonly logLinesPerS?: number
  /** Overrides fields of the API object, for example with unknown statuses or out-of-range values. */
  readonly overrides?: Readonly<Record<string, unknown>>
  /** Fields that the API omits. */
  readonly omit?: readonly string[]
}

/** Fields that can be set only when a pod is created. */
type CreationField = 'startedAgoMin' | 'createdAgoMin' | 'stoppedAgoMin' | 'earlierRuns'

/** Fields of an existing pod that can be changed. `mode: 'stopped'` stops it immediately. */
export type PodPatch = Partial<Omit<SimulatedPodSpec, 'id' | CreationField>>

/** Fields whose default depends on the account or on each other. */
type OpenField = 'statusWhilePulling' | 'metricsEveryS' | 'imageSizeGb' | 'provisioningS' | 'startingS'

type Defaulted = Omit<SimulatedPodSpec, 'id' | 'mode' | OpenField | Exclude<CreationField, 'earlierRuns'>>
export type ResolvedPodSpec = Pick<SimulatedPodSpec, OpenField> & {
  readonly [K in keyof Defaulted]-?: Exclude<Defaulted[K], undefined>
}

/** `spec` with all defaults filled in. */
export function withDefaults(spec: SimulatedPodSpec): ResolvedPodSpec {
  const isCpuPod = spec.gpu === null || (spec.gpu === undefined && spec.mode === 'cpu-only')
  return {
    name: spec.name,
    gpu: isCpuPod ? null : (spec.gpu ?? { id: 'NVIDIA GeForce RTX 4090', count: 1 }),
    cpu: spec.cpu ?? { id: 'cpu3c', vcpuCount: 8, memory: 16 },
    costPerHourUsd: spec.costPerHourUsd ?? (isCpuPod ? 0.24 : 0.69),
    idleAfterMin: spec.idleAfterMin ?? 30,
    onStart: spec.onStart ?? 'training',
    missingAs: spec.missingAs ?? 'null',
    containerDiskGb: spec.containerDiskGb ?? 40,
    persistent: spec.persistent ?? null,
    network: spec.network ?? null,
    ports: spec.ports ?? ['8888/http', '22/tcp'],
    // A pod's environment contains secrets. Tests check that this one doesn't leak.
    env: spec.env ?? { SIMULATED_SECRET: 'never-show-this' },
    image: spec.image ?? 'example/pytorch:2.8',
    cloud: spec.cloud ?? 'SECURE',
    dataCenterId: spec.dataCenterId === undefined ? 'US-TX-3' : spec.dataCenterId,
    locked: spec.locked ?? false,
    cluster: spec.cluster ?? null,
    args: spec.args ?? '',
    registry: spec.registry ?? null,
    globalNetworking: spec.globalNetworking ?? false,
    earlierRuns: spec.earlierRuns ?? [],
    gpusTakenForMin: spec.gpusTakenForMin ?? 0,
    stalePortsS: spec.stalePortsS ?? 90,
    pullError: spec.pullError ?? 'manifest unknown',
    diesAfterMin: spec.diesAfterMin ?? 0,
    crashEveryS: spec.crashEveryS ?? 10,
    crashUpS: spec.crashUpS ?? 0,
    downAs: spec.downAs ?? 'gone',
    hasFrozenMetrics: spec.hasFrozenMetrics ?? false,
    missingFigures: spec.missingFigures ?? [],
    lookupTimeoutShare: spec.lookupTimeoutShare ?? 0,
    ...openFieldsOf(spec),
    stoppingS: spec.stoppingS ?? 4,
    restartingS: spec.restartingS ?? 4,
    logLinesPerS: spec.logLinesPerS ?? 0,
    overrides: spec.overrides ?? {},
    omit: spec.omit ?? [],
  }
}

function openFieldsOf(spec: SimulatedPodSpec): Pick<SimulatedPodSpec, OpenField> {
  const { statusWhilePulling, metricsEveryS, imageSizeGb, provisioningS, startingS } = spec
  return {
    ...(statusWhilePulling !== undefined && { statusWhilePulling }),
    ...(metricsEveryS !== undefined && { metricsEveryS }),
    ...(imageSizeGb !== undefined && { imageSizeGb }),
    ...(provisioningS !== undefined && { provisioningS }),
    ...(startingS !== undefined && { startingS }),
  }
}
