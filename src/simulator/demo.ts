import { defaultSettings, type Settings } from '../core/settings/settings'
import type { EarlierRun, SimulatedPodSpec } from './world/pod-spec'
import { createUserKey } from './ssh/host-key'
import { DARK_ENERGY, darkEnergyExperiments } from './hubify/default-labs'
import type { LabSpec } from './labs/lab-spec'
import { createSimulator, FULL_KEY, HUBIFY_KEY, type Simulator } from './simulator'
import type { VirtualTime } from './world/virtual-time'
import type { VolumeSpec } from './world/volumes'

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
 * The demo's pods. Within a minute of the start, mcmc-planck becomes idle and eval-sweep-b comes up. The other pods
 * show work that must not be stopped, spending, and a disk that costs money while stopped.
 */
export const demoPods: readonly SimulatedPodSpec[] = [
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
    earlierRuns: [earlierRun(190, 40), earlierRun(120, 21.95)],
    gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1, vcpuCount: 12, memory: 62 },
    costPerHourUsd: 0.69,
    dataCenterId: 'US-TX-3',
  },
  {
    name: TOUR_POD,
    mode: 'idle-after',
    startedAgoMin: 2 * HOUR_MIN + 40,
    createdAgoMin: 6 * DAY_MIN,
    earlierRuns: [earlierRun(76, 25.23)],
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
    earlierRuns: [earlierRun(47, 16.2)],
    gpu: { id: 'NVIDIA H100 80GB HBM3', count: 4, vcpuCount: 104, memory: 752 },
    costPerHourUsd: 10.76,
    dataCenterId: 'US-KS-2',
    network: { volumeId: 'vol500kansas', path: '/workspace' },
  },
]

/** Overrides the user's settings, so that events in the demo happen quickly. */
export const demoSettings: Partial<Settings> = {
  idleAlertAfterMin: 1,
  bootMin: 0.5,
  pollActiveS: 5,
  autoStopAfterMin: 10,
  autoStopFirstWarningMin: 5,
  autoStopLastWarningMin: 1,
}

/**
 * The overrides while a second in the demo's time takes `1 / factor` seconds. What needs real time still has it: polls,
 * the time to undo, and the time in which an action has to be observed.
 */
export function demoSettingsAt(factor: number): Partial<Settings> {
  if (factor <= 1) return demoSettings
  const pollS = 0.4 * factor
  const deadlineS = Math.max(defaultSettings.restartDeadlineS, 10 * factor)
  return {
    ...demoSettings,
    idleAlertAfterMin: 15,
    autoStopAfterMin: 40,
    autoStopFirstWarningMin: 20,
    autoStopLastWarningMin: 5,
    pollActiveS: pollS,
    pollTransitionS: pollS,
    pollIdleS: 2 * pollS,
    gapMin: Math.max(defaultSettings.gapMin, (10 * pollS) / 60),
    undoS: 5 * factor,
    stopDeadlineS: deadlineS,
    startDeadlineMin: Math.max(defaultSettings.startDeadlineMin, deadlineS / 60),
    restartDeadlineS: deadlineS,
    terminateDeadlineS: deadlineS,
  }
}

export const demoVolumes: readonly VolumeSpec[] = [
  { id: 'vol500kansas', name: 'llama-data', sizeGb: 500, dataCenterId: 'US-KS-2' },
]

/** A lab that has two of the demo's pods, so that they can be seen through both APIs. */
const demoLab: LabSpec = {
  ...DARK_ENERGY,
  experiments: darkEnergyExperiments,
  pods: [{ existing: 'anomaly-v3' }, { existing: TOUR_POD }],
}

/** How to reach the demo's lab, which is at another API of the same simulator. */
export interface DemoLab {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly baseUrl: string
  readonly key: string
}

export interface DemoOptions {
  /** Whether there is a lab beside the account. Default: false. */
  readonly hasLab?: boolean
}

export interface Demo {
  readonly simulator: Simulator
  /** Null unless asked for. */
  readonly lab: DemoLab | null
  /** A key that the demo's simulator accepts. */
  readonly key: string
  /** The only SSH key that its pods accept, a private one in OpenSSH's format. It is made for this run, in memory. */
  readonly sshKey: string
  /** Its time, which its API uses for dates, too. */
  readonly time: Pick<VirtualTime, 'nowMs' | 'factor'>
  /** Makes every running pod idle, or busy, from now on. */
  makeIdle(): void
  makeBusy(): void
  makePodIdle(podId: string): void
  /** Breaks connections to the API, or restores them. */
  breakNetwork(): void
  restoreNetwork(): void
  /** Sets the balance to zero: pods without a network volume are deleted, others stop. */
  emptyBalance(): void
  /** Resets the balance; deleted pods stay deleted. */
  topUp(): void
  /** Simulated seconds per second from now on, at least 1. */
  setTimeFactor(factor: number): void
}

const BALANCE_USD = 164.2

/**
 * Starts the demo on free loopback ports. It runs inside the app, so only the API and the pods' SSH listen, and other
 * programs of this computer have no key for either. `now`: Unix ms; it must not go back.
 */
export async function createDemo(now?: () => number, { hasLab = false }: DemoOptions = {}): Promise<Demo> {
  const { privateKey, publicKey } = createUserKey()
  const simulator = await createSimulator({
    seed: 70,
    pods: demoPods,
    networkVolumes: demoVolumes,
    balanceUsd: BALANCE_USD,
    hasSimulatedDates: true,
    // They are of real time, and fast polls are many.
    quotas: null,
    hasControlApi: false,
    ssh: { onlyKey: publicKey },
    ...(hasLab && { hubify: { labs: [demoLab], plan: null, behavior: { hasUsageInLists: true } } }),
    ...(now && { now }),
  })
  const { id, slug, name } = DARK_ENERGY
  return {
    simulator,
    time: simulator.time,
    lab: hasLab ? { id, slug, name, baseUrl: simulator.hubifyUrl, key: HUBIFY_KEY } : null,
    key: FULL_KEY,
    sshKey: privateKey,
    makeIdle: () => simulator.scenario('idle'),
    makeBusy: () => simulator.scenario('busy'),
    makePodIdle: (podId) => simulator.setPod(podId, { mode: 'idle' }),
    breakNetwork: () => simulator.scenario('offline'),
    restoreNetwork: () => simulator.scenario('calm'),
    emptyBalance: () => simulator.scenario('no-balance'),
    topUp: () => simulator.balance(BALANCE_USD),
    setTimeFactor: (factor) => simulator.timeFactor(factor),
  }
}
