import type { EndpointView } from '../../../src/core/endpoints/endpoint-view'
import type {
  EndpointWorker,
  EndpointWorkers,
  ServerlessEndpoint,
  ServerlessPrices,
  WorkerState,
} from '../../../src/core/pods/serverless/serverless-endpoint'

const RTX_4090 = 'NVIDIA GeForce RTX 4090'

/** Keeps one worker with an RTX 4090. */
export const endpoint = (differences: Partial<ServerlessEndpoint> = {}): ServerlessEndpoint => ({
  id: 'ep-1',
  name: 'image-generator',
  minWorkers: 1,
  maxWorkers: 3,
  routing: 'queue',
  hardware: { kind: 'gpu', pools: ['ADA_24'], excludedTypes: [], count: 1 },
  ...differences,
})

export const worker = (state: WorkerState, differences: Partial<EndpointWorker> = {}): EndpointWorker => ({
  state,
  isStale: false,
  gpuTypeId: RTX_4090,
  gpuCount: 1,
  ...differences,
})

export const workersIn = (...states: readonly WorkerState[]): EndpointWorkers => ({
  workers: states.map((state) => worker(state)),
  isComplete: true,
  isAnyRunning: states.includes('running'),
})

/** $1.10 for a worker of `endpoint()`. */
export const serverlessPrices: ServerlessPrices = {
  gpus: [
    { id: RTX_4090, pool: 'ADA_24', perHourUsd: 1.1 },
    { id: 'NVIDIA L40S', pool: 'ADA_48_PRO', perHourUsd: 1.9 },
    { id: 'NVIDIA RTX 6000 Ada Generation', pool: 'ADA_48_PRO', perHourUsd: 1.7 },
    { id: 'NVIDIA B200', pool: null, perHourUsd: null },
  ],
  cpus: [{ id: 'cpu5c', perVcpuHourUsd: 0.03 }],
}

export const endpointView = (differences: Partial<EndpointView> = {}): EndpointView => ({
  id: 'ep-1',
  name: 'image-generator',
  minWorkers: 1,
  maxWorkers: 3,
  perHourUsd: 1.1,
  perMonthUsd: 792,
  activity: { kind: 'unknown', gap: 'not-read' },
  readAtMs: null,
  problem: null,
  ...differences,
})
