import type { EarlierRun, SimulatedPodSpec } from './world/pod-spec'

const HOUR_MIN = 60
const DAY_MIN = 24 * HOUR_MIN

/** A past run that began this many hours ago and lasted this many hours. It is on the bills. */
const earlierRun = (startedAgoH: number, durationH: number): EarlierRun => ({
  startedAgoMin: startedAgoH * HOUR_MIN,
  stoppedAgoMin: (startedAgoH - durationH) * HOUR_MIN,
})

/** The pod of the guided tour: a stop keeps its data. */
export const TOUR_POD = 'mcmc-planck'

/**
 * Pods of the demo from before it opens. mcmc-planck becomes idle when its time begins. The others show work that must
 * not be stopped, spending, and a disk that costs money while stopped.
 */
export const earlierPods: readonly SimulatedPodSpec[] = [
  {
    name: 'anomaly-v3',
    mode: 'stopped',
    stoppedAgoMin: 3 * DAY_MIN,
    startedAgoMin: 3 * DAY_MIN + 5 * HOUR_MIN,
    createdAgoMin: 9 * DAY_MIN,
    earlierRuns: [earlierRun(8 * 24, 1)],
    gpu: { id: 'NVIDIA A100-SXM4-80GB', count: 1, vcpuCount: 16, memory: 125 },
    costPerHourUsd: 1.49,
    dataCenterId: 'US-KS-2',
    persistent: { sizeGb: 100, path: '/workspace' },
  },
  {
    name: 'comfy-scratch',
    mode: 'idle',
    startedAgoMin: 9 * HOUR_MIN + 3,
    createdAgoMin: 8 * DAY_MIN,
    earlierRuns: [earlierRun(190, 40), earlierRun(120, 21.95)],
    gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1, vcpuCount: 12, memory: 62 },
    costPerHourUsd: 0.69,
    dataCenterId: 'US-TX-3',
  },
  {
    name: TOUR_POD,
    mode: 'idle-after',
    startedAgoMin: 5 * HOUR_MIN + 40,
    createdAgoMin: 6 * DAY_MIN,
    earlierRuns: [earlierRun(76, 22.23)],
    idleAfterMin: 5 * HOUR_MIN + 40,
    gpu: { id: 'NVIDIA H200', count: 1, vcpuCount: 24, memory: 188 },
    costPerHourUsd: 3.99,
    dataCenterId: 'EU-RO-1',
    persistent: { sizeGb: 100, path: '/workspace' },
  },
  {
    name: 'llama-70b-sft',
    mode: 'training',
    startedAgoMin: 6 * HOUR_MIN + 12,
    createdAgoMin: 7 * DAY_MIN,
    earlierRuns: [earlierRun(47, 16.2)],
    gpu: { id: 'NVIDIA H100 80GB HBM3', count: 4, vcpuCount: 104, memory: 752 },
    costPerHourUsd: 10.76,
    dataCenterId: 'US-KS-2',
    network: { volumeId: 'vol500kansas', path: '/workspace' },
  },
]

/** It is being created when the demo opens: RUNNING at once, with a container within a minute. */
export const arrivingPods: readonly SimulatedPodSpec[] = [
  {
    name: 'eval-sweep-b',
    mode: 'training',
    startedAgoMin: 0,
    startingS: 24,
    gpu: { id: 'NVIDIA A100 80GB PCIe', count: 2, vcpuCount: 32, memory: 234 },
    costPerHourUsd: 2.78,
    dataCenterId: 'CA-MTL-1',
    persistent: { sizeGb: 50, path: '/workspace' },
  },
]

/** All of them, as the demo opens. */
export const demoPods: readonly SimulatedPodSpec[] = [...earlierPods, ...arrivingPods]
