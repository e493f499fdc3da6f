import type { Settings } from '../core/settings/settings'
import type { EarlierRun, PodSpec } from './world/pod-spec'
import { createSimulator, FULL_KEY, type Simulator } from './simulator'
import type { VolumeSpec } from './world/volumes'

const HOUR_MIN = 60
const DAY_MIN = 24 * HOUR_MIN

/** A run that is over: it began so many hours ago and lasted so many. It is on the bills. */
const run = (agoH: number, forH: number): EarlierRun => ({
  startedAgoMin: agoH * HOUR_MIN,
  stoppedAgoMin: (agoH - forH) * HOUR_MIN,
})

/**
 * The demo's pods. Within a minute of its start mcmc-planck falls idle and eval-sweep-b comes up; the rest
 * shows what the app is for: work that must not be stopped, money that burns, a disk that costs while stopped.
 */
export const demoCast: readonly PodSpec[] = [
  {
    name: 'anomaly-v3',
    mode: 'stopped',
    stoppedAgoMin: 3 * DAY_MIN,
    startedAgoMin: 3 * DAY_MIN + 5 * HOUR_MIN,
    createdAgoMin: 9 * DAY_MIN,
    earlierRuns: [run(8 * 24, 1)],
    gpu: { id: 'NVIDIA A100-SXM4-80GB', count: 1, vcpuCount: 16, memory: 125 },
    costPerHourUsd: 1.49,
    dataCenterId: 'US-KS-2',
    persistent: { sizeGb: 100, path: '/workspace' },
  },
  {
    name: 'eval-sweep-b',
    mode: 'training',
    startedAgoMin: 0,
    provisioningS: 15,
    startingS: 20,
    gpu: { id: 'NVIDIA A100 80GB PCIe', count: 2, vcpuCount: 32, memory: 234 },
    costPerHourUsd: 2.78,
    dataCenterId: 'CA-MTL-1',
    persistent: { sizeGb: 50, path: '/workspace' },
  },
  {
    name: 'comfy-scratch',
    mode: 'idle',
    startedAgoMin: 9 * HOUR_MIN + 3,
    createdAgoMin: 8 * DAY_MIN,
    earlierRuns: [run(190, 40), run(120, 21.95)],
    gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1, vcpuCount: 12, memory: 62 },
    costPerHourUsd: 0.69,
    dataCenterId: 'US-TX-3',
  },
  {
    name: 'mcmc-planck',
    mode: 'idle-after',
    startedAgoMin: 2 * HOUR_MIN + 40,
    createdAgoMin: 6 * DAY_MIN,
    earlierRuns: [run(76, 25.23)],
    idleAfterMin: 2 * HOUR_MIN + 40.75,
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
    earlierRuns: [run(47, 16.2)],
    gpu: { id: 'NVIDIA H100 80GB HBM3', count: 4, vcpuCount: 104, memory: 752 },
    costPerHourUsd: 10.76,
    dataCenterId: 'US-KS-2',
    network: { volumeId: 'vol500kansas', path: '/workspace' },
  },
]

/** Settings to lay over a person's: in the demo things come to pass while somebody looks. */
export const demoSettings: Partial<Settings> = {
  idleAlertAfterMin: 1,
  bootMin: 0.5,
  pollActiveS: 5,
  autoStopAfterMin: 10,
  autoStopFirstWarningMin: 5,
  autoStopLastWarningMin: 1,
}

export const demoVolumes: readonly VolumeSpec[] = [
  { id: 'vol500kansas', name: 'llama-data', sizeGb: 500, dataCenterId: 'US-KS-2' },
]

export interface Demo {
  readonly simulator: Simulator
  /** A key that the demo's simulator accepts. */
  readonly key: string
  /** Every pod that runs idles from now on, or works. */
  makeIdle(): void
  makeBusy(): void
  /** Connections to the API break from now on, or hold again. */
  breakNetwork(): void
  mendNetwork(): void
  /** Nothing is left: pods without a network volume are deleted, others stop. */
  emptyBalance(): void
  /** The balance is as at the start; what was deleted stays deleted. */
  topUp(): void
  /** Simulated seconds per second from now on, at least 1. */
  setTimeFactor(factor: number): void
}

const BALANCE_USD = 164.2

/**
 * Starts the demo on free ports of loopback. It runs inside the app, so nothing answers there but the API and the
 * pods' SSH, which lets in anyone with a key: there is nothing behind it.
 */
export async function createDemo(now?: () => number): Promise<Demo> {
  const simulator = await createSimulator({
    seed: 70,
    pods: demoCast,
    networkVolumes: demoVolumes,
    balanceUsd: BALANCE_USD,
    hasControlApi: false,
    ssh: 'any-key',
    ...(now && { now }),
  })
  return {
    simulator,
    key: FULL_KEY,
    makeIdle: () => simulator.scenario('idle'),
    makeBusy: () => simulator.scenario('busy'),
    breakNetwork: () => simulator.scenario('offline'),
    mendNetwork: () => simulator.scenario('calm'),
    emptyBalance: () => simulator.scenario('no-balance'),
    topUp: () => simulator.balance(BALANCE_USD),
    setTimeFactor: (factor) => simulator.timeFactor(factor),
  }
}
