import { gpuHardware } from '../hosts/hardware'

export const workerStatuses = ['RUNNING', 'IDLE', 'INITIALIZING', 'THROTTLED', 'UNHEALTHY'] as const
export type WorkerStatus = (typeof workerStatuses)[number]

/** A serverless endpoint of the account. */
export interface EndpointSpec {
  readonly id: string
  readonly name?: string
  /** Default: a queue. */
  readonly type?: 'QUEUE' | 'LOAD_BALANCER'
  /** Default: 0. */
  readonly minWorkers?: number
  /** Default: 3. */
  readonly maxWorkers?: number
  /** GPU pools. Default: that of the RTX 4090. */
  readonly pools?: readonly string[]
  readonly gpuCount?: number
  /** CPU flavors in place of GPUs. */
  readonly cpus?: readonly { readonly id: string; readonly vcpuCount: number }[]
  /** Whether a request is always being processed. Default: false. */
  readonly isBusy?: boolean
  /** The workers' statuses. Default: as many as the minimum, idle but for one if it is busy. */
  readonly workers?: readonly WorkerStatus[]
}

export interface EndpointPatch extends Partial<Omit<EndpointSpec, 'id'>> {
  /** So many reads from now on come from a copy that doesn't have the last change. */
  readonly oldReads?: number
}

type Endpoint = Required<Omit<EndpointSpec, 'workers' | 'cpus'>> &
  Pick<EndpointSpec, 'workers' | 'cpus'> & { readonly createdAtMs: number }

/** The account's endpoints. Their workers are a function of what they are set to; they aren't on the bill. Unknown ids throw. */
export class Endpoints {
  readonly #nowMs: () => number
  #endpoints: readonly Endpoint[] = []
  /** As they were before the last change, by id. */
  readonly #before = new Map<string, Endpoint>()
  readonly #oldReads = new Map<string, number>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  add(spec: EndpointSpec): void {
    if (this.#endpoints.some(({ id }) => id === spec.id)) throw new Error(`there is an endpoint ${spec.id}`)
    const endpoint = { ...defaults, name: spec.id, createdAtMs: this.#nowMs(), ...spec }
    this.#endpoints = [endpoint, ...this.#endpoints]
  }

  set(id: string, { oldReads, ...patch }: EndpointPatch): void {
    const now = this.#require(id)
    if (Object.keys(patch).length > 0) this.#before.set(id, now)
    if (oldReads !== undefined) this.#oldReads.set(id, oldReads)
    this.#endpoints = this.#endpoints.map((one) => (one.id === id ? { ...one, ...patch } : one))
  }

  remove(id: string): void {
    this.#require(id)
    this.#endpoints = this.#endpoints.filter((one) => one.id !== id)
  }

  /** For a list or one endpoint, as REST v2 shows it. Null: there is none. */
  read(id: string): Record<string, unknown> | null {
    const now = this.#endpoints.find((one) => one.id === id)
    if (now === undefined) return null
    const left = this.#oldReads.get(id) ?? 0
    if (left > 0) this.#oldReads.set(id, left - 1)
    return apiEndpoint(left > 0 ? (this.#before.get(id) ?? now) : now)
  }

  list(): readonly Record<string, unknown>[] {
    return this.#endpoints.map(({ id }) => this.read(id)).filter((one) => one !== null)
  }

  workersOf(id: string): Record<string, unknown> {
    return apiWorkers(this.#require(id))
  }

  minAndMax(id: string): { readonly minWorkers: number; readonly maxWorkers: number } {
    return this.#require(id)
  }

  #require(id: string): Endpoint {
    const endpoint = this.#endpoints.find((one) => one.id === id)
    if (endpoint === undefined) throw new Error(`there is no endpoint ${id}`)
    return endpoint
  }
}

const defaults = {
  type: 'QUEUE',
  minWorkers: 0,
  maxWorkers: 3,
  pools: ['ADA_24'],
  gpuCount: 1,
  isBusy: false,
} as const

function apiEndpoint(endpoint: Endpoint): Record<string, unknown> {
  const { id, name, type, pools, gpuCount, cpus, minWorkers, maxWorkers, createdAtMs } = endpoint
  return {
    id,
    name,
    type,
    requestUrls: type === 'QUEUE' ? queueUrls(id) : balancedUrls(id),
    image: 'example/worker:1',
    args: '',
    disk: 20,
    ports: [],
    // What must not be stored or shown.
    env: { SECRET_TOKEN: 'hunter2' },
    registry: null,
    ...(cpus === undefined
      ? { gpu: { pools, count: gpuCount, allowedCudaVersions: [], minCudaVersion: null } }
      : { cpu: cpus.map((cpu) => ({ ...cpu, memory: cpu.vcpuCount * 2 })) }),
    workers: { min: minWorkers, max: maxWorkers, idleTimeout: 5 },
    scaling: { type: 'QUEUE_DELAY', queueDelay: 4 },
    dataCenterIds: [],
    networkVolumes: [],
    timeout: 300_000,
    flashboot: 'OFF',
    createdAt: new Date(createdAtMs).toISOString(),
  }
}

function queueUrls(id: string): Record<string, string> {
  const base = `https://api.runpod.ai/v2/${id}`
  return {
    run: `${base}/run`,
    runSync: `${base}/runsync`,
    status: `${base}/status/%7Bjob_id%7D`,
    stream: `${base}/stream/%7Bjob_id%7D`,
    cancel: `${base}/cancel/%7Bjob_id%7D`,
    retry: `${base}/retry/%7Bjob_id%7D`,
    purgeQueue: `${base}/purge-queue`,
    health: `${base}/health`,
  }
}

const balancedUrls = (id: string): Record<string, string> => ({
  base: `https://${id}.api.runpod.ai`,
  health: `https://${id}.api.runpod.ai/ping`,
})

function apiWorkers(endpoint: Endpoint): Record<string, unknown> {
  const { id, minWorkers, pools, gpuCount, cpus, isBusy } = endpoint
  const usual = Array.from({ length: Math.max(minWorkers, isBusy ? 1 : 0) }, (_, index): WorkerStatus =>
    isBusy && index === 0 ? 'RUNNING' : 'IDLE',
  )
  const statuses = endpoint.workers ?? usual
  const gpu = gpuHardware.find(({ pool }) => pool !== null && pools.includes(pool))
  const isPlaced = (status: WorkerStatus): boolean => status !== 'INITIALIZING' && status !== 'THROTTLED'
  const countOf = (status: WorkerStatus): number => statuses.filter((one) => one === status).length
  return {
    endpointVersion: 1,
    summary: {
      running: countOf('RUNNING'),
      idle: countOf('IDLE'),
      initializing: countOf('INITIALIZING'),
      throttled: countOf('THROTTLED'),
      unhealthy: countOf('UNHEALTHY'),
      total: statuses.length,
    },
    workers: statuses.map((status, index) => ({
      id: `${id}-${index}`,
      status,
      isStale: false,
      version: 1,
      gpuCount: cpus === undefined ? gpuCount : 0,
      image: 'example/worker:1',
      uptimeSeconds: isPlaced(status) ? 3_600 : null,
      gpuTypeId: cpus === undefined && isPlaced(status) ? (gpu?.id ?? null) : null,
      dataCenterId: isPlaced(status) ? 'US-KS-2' : null,
      startedAt: isPlaced(status) ? new Date(endpoint.createdAtMs).toISOString() : null,
    })),
  }
}
