import { between, pick } from './world/seeded-random'
import type { PodMode, SimulatedPodSpec } from './world/pod-spec'

interface FleetHardware {
  readonly id: string
  readonly perGpuUsd: number
  readonly counts: readonly [number, ...number[]]
}

const hardware: readonly [FleetHardware, ...FleetHardware[]] = [
  { id: 'NVIDIA H100 80GB HBM3', perGpuUsd: 2.69, counts: [1, 2, 4, 8] },
  { id: 'NVIDIA H200', perGpuUsd: 3.99, counts: [1, 8] },
  { id: 'NVIDIA B200', perGpuUsd: 5.98, counts: [1, 8] },
  { id: 'NVIDIA A100-SXM4-80GB', perGpuUsd: 1.49, counts: [1, 2, 4] },
  { id: 'NVIDIA A100 80GB PCIe', perGpuUsd: 1.39, counts: [1, 2] },
  { id: 'NVIDIA L40S', perGpuUsd: 0.86, counts: [1, 2] },
  { id: 'NVIDIA GeForce RTX 4090', perGpuUsd: 0.69, counts: [1, 2] },
  { id: 'NVIDIA RTX A6000', perGpuUsd: 0.49, counts: [1] },
]

/** Repeated in this order, so that fleets of 20 or more pods have every kind. */
const modes: readonly PodMode[] = [
  'training',
  'idle',
  'training',
  'stopped',
  'spiky',
  'training',
  'partial',
  'idle-after',
  'training',
  'cpu-only',
  'data-loading',
  'training',
  'telemetry-missing',
  'stopped',
  'idle',
  'training',
  'stuck-creating',
  'training',
  'error',
  'training',
]

const dataCenters = ['US-KS-2', 'US-TX-3', 'US-GA-1', 'CA-MTL-1', 'EU-RO-1', 'EU-SE-1', 'EUR-IS-1'] as const
const subjects = ['llama', 'qwen', 'whisper', 'sdxl', 'mcmc', 'protein', 'galaxy', 'voice'] as const
const workloads = ['sft', 'dpo', 'eval', 'sweep', 'scratch', 'distill', 'render', 'serve'] as const

/** Exactly 60 characters, the longest name that a card has to fit. */
const LONG_NAME = 'protein-folding-ablation-without-templates-seed-17-retry-003'

/** Creates `n` different pods for screenshots and scale tests; the same seed gives the same pods. */
export function createFleet(n: number, seed: number): readonly SimulatedPodSpec[] {
  return Array.from({ length: n }, (_, i) => fleetPod(i, n, seed))
}

function fleetPod(i: number, n: number, seed: number): SimulatedPodSpec {
  const mode = modes[i % modes.length] ?? 'training'
  const gpuType = mode === 'partial' ? hardware[0] : pick(hardware, seed, i, 'gpu')
  const count = mode === 'partial' ? 8 : pick(gpuType.counts, seed, i, 'count')
  const startedAgoMin = between(11, 2_000, seed, i, 'age')
  const isOnNetwork = between(0, 4, seed, i, 'mount') === 0
  const hasDisk = between(0, 3, seed, i, 'disk') > 0
  const serial = String(i + 1).padStart(3, '0')
  return {
    name:
      i === Math.min(1, n - 1)
        ? LONG_NAME
        : `${pick(subjects, seed, i, 'subject')}-${pick(workloads, seed, i, 'work')}-${serial}`,
    mode,
    startedAgoMin: mode === 'stopped' ? startedAgoMin + 10_000 : startedAgoMin,
    stoppedAgoMin: between(60, 10_000, seed, i, 'stopped'),
    idleAfterMin: startedAgoMin + between(1, 20, seed, i, 'idle-after'),
    ...(mode === 'cpu-only'
      ? {}
      : { gpu: { id: gpuType.id, count, vcpuCount: count * 16, memory: count * 96 } }),
    costPerHourUsd: mode === 'cpu-only' ? 0.24 : Math.round(gpuType.perGpuUsd * count * 100) / 100,
    containerDiskGb: pick([20, 40, 50, 100], seed, i, 'container'),
    network: isOnNetwork ? { volumeId: `vol${serial}`, path: '/workspace' } : null,
    persistent:
      !isOnNetwork && hasDisk ? { sizeGb: between(1, 40, seed, i, 'size') * 10, path: '/workspace' } : null,
    dataCenterId: pick(dataCenters, seed, i, 'place'),
    cloud: between(0, 5, seed, i, 'cloud') === 0 ? 'COMMUNITY' : 'SECURE',
    locked: i % 19 === 5,
    cluster: i % 20 === 17 ? { id: `cluster${Math.floor(i / 20)}`, rank: 0 } : null,
  }
}
