/* Serverless endpoints, as far as their minimum of workers costs money. Prices are USD per hour; null: not known. */

export type EndpointId = string

export interface GpuPools {
  readonly kind: 'gpu'
  /** The pools whose GPUs its workers may get. */
  readonly pools: readonly string[]
  /** GPU types of these pools that they don't get. */
  readonly excludedTypes: readonly string[]
  /** GPUs of one worker; null: not known. */
  readonly count: number | null
}

export interface CpuChoices {
  readonly kind: 'cpu'
  /** What a worker may get. Never empty. */
  readonly choices: readonly { readonly id: string; readonly vcpuCount: number }[]
}

export interface ServerlessEndpoint {
  readonly id: EndpointId
  readonly name: string
  /** Null: not reported, or not readable. */
  readonly minWorkers: number | null
  readonly maxWorkers: number | null
  /** How requests reach its workers. Null: not known. */
  readonly routing: 'queue' | 'load-balancer' | null
  /** Null: not known. */
  readonly hardware: GpuPools | CpuChoices | null
}

export interface EndpointList {
  readonly endpoints: readonly ServerlessEndpoint[]
  /** False when entries could not be parsed or pages are missing, so that absence means nothing. */
  readonly isComplete: boolean
}

/** `unknown`: a state that this version doesn't know. */
export const workerStates = ['running', 'idle', 'initializing', 'throttled', 'unhealthy', 'unknown'] as const
/** `running`: it processes a request. `idle`: it is ready and waits for one. */
export type WorkerState = (typeof workerStates)[number]

export interface EndpointWorker {
  readonly state: WorkerState
  /** It has an older configuration, and is about to be replaced. */
  readonly isStale: boolean
  /** Null: it has no place yet. */
  readonly gpuTypeId: string | null
  readonly gpuCount: number | null
}

export interface EndpointWorkers {
  readonly workers: readonly EndpointWorker[]
  /** False when a worker could not be parsed, or the counts in the reply contradict the list. */
  readonly isComplete: boolean
  /** Whether the list or the counts in the reply name one that processes a request. */
  readonly isAnyRunning: boolean
}

/** What one GPU, and one vCPU, of a worker costs by the list. */
export interface ServerlessPrices {
  readonly gpus: readonly {
    readonly id: string
    readonly pool: string | null
    readonly perHourUsd: number | null
  }[]
  readonly cpus: readonly { readonly id: string; readonly perVcpuHourUsd: number | null }[]
}
