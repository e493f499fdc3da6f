import { defaultSettings, type Settings } from '../core/settings/settings'
import { arrivingPods, demoPods, earlierPods, TOUR_POD } from './demo-pods'
import { createUserKey } from './ssh/host-key'
import { DARK_ENERGY, darkEnergyExperiments } from './hubify/default-labs'
import type { LabSpec } from './labs/lab-spec'
import { createSimulator, FULL_KEY, HUBIFY_KEY, type Simulator } from './simulator'
import type { VirtualTime } from './world/virtual-time'
import type { EndpointSpec } from './world/serverless/endpoints'
import type { VolumeSpec } from './world/volumes'

export { demoPods, TOUR_POD }

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

/** An endpoint that keeps a worker and gets no request. */
export const demoEndpoints: readonly EndpointSpec[] = [
  { id: 'ep4m7x2k9q', name: 'image-generator', minWorkers: 1 },
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
  /** How long before `now` its time begins, ms, until `catchUp` ends that. Default: 0. */
  readonly behindMs?: number
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
  /** Brings its time closer to `now` by as much, ms; false once it is there, where pods arrive that are new then. */
  catchUp(ms: number): boolean
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
export async function createDemo(
  now: () => number = Date.now,
  { hasLab = false, ...options }: DemoOptions = {},
): Promise<Demo> {
  const { privateKey, publicKey } = createUserKey()
  let { behindMs = 0 } = options
  const simulator = await createSimulator({
    seed: 70,
    pods: behindMs > 0 ? earlierPods : demoPods,
    networkVolumes: demoVolumes,
    endpoints: demoEndpoints,
    balanceUsd: BALANCE_USD,
    hasSimulatedDates: true,
    // They are of real time, and fast polls are many.
    quotas: null,
    hasControlApi: false,
    ssh: { onlyKey: publicKey },
    ...(hasLab && { hubify: { labs: [demoLab], plan: null, behavior: { hasUsageInLists: true } } }),
    now: () => now() - behindMs,
  })
  const { id, slug, name } = DARK_ENERGY
  return {
    simulator,
    time: simulator.time,
    lab: hasLab ? { id, slug, name, baseUrl: simulator.hubifyUrl, key: HUBIFY_KEY } : null,
    key: FULL_KEY,
    sshKey: privateKey,
    catchUp(ms) {
      if (behindMs === 0) return false
      behindMs = Math.max(0, behindMs - ms)
      if (behindMs === 0) for (const spec of arrivingPods) simulator.addPod(spec)
      return behindMs > 0
    },
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
