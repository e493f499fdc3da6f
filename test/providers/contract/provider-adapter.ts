import type { Provider } from '../../../src/core/pods/provider'
import type { Simulator } from '../../../src/simulator/simulator'
import type { createManualClock } from '../../harness/base/manual-clock'

type OptionalMethod = Exclude<
  keyof Provider,
  'listPods' | 'getPod' | 'act' | 'terminatePod' | 'minPollIntervalMs' | 'abortReads'
>

/** What differs between the providers under test. The contract is the same for all. */
export interface ProviderAdapter {
  readonly name: string
  /** Keys of the simulator. */
  readonly apiKey: string
  readonly readOnlyKey: string
  /** Starts a simulator with a running pod and a stopped pod; it stops after the test. */
  start(): Promise<StartedApi>
  /** A provider at this address. */
  connect(url: string, options: ConnectOptions): Provider
  readonly actionPath: (id: string, action: 'start' | 'stop') => string
  /** The API's own formats: a running pod, a list, and an error. */
  readonly runningPod: (id: string, more?: Readonly<Record<string, unknown>>) => unknown
  readonly list: (entries: readonly unknown[]) => unknown
  readonly error: (status: number, message: string) => unknown
  readonly exhaustedHeaders: (seconds: number) => Record<string, string>
  /** The optional methods that it has. It has no others. */
  readonly capabilities: readonly OptionalMethod[]
}

export interface ConnectOptions {
  readonly apiKey: string
  readonly clock: ReturnType<typeof createManualClock>
  readonly deadlineMs?: number
}

export interface StartedApi {
  readonly simulator: Simulator
  readonly url: string
  readonly runningId: string
  readonly stoppedId: string
}

export const optionalMethods: readonly OptionalMethod[] = [
  'readBalance',
  'readAccountId',
  'readStatusChange',
  'listNetworkVolumes',
  'readBills',
  'readSshKeys',
  'replaceSshKeys',
  'webFallback',
  'readLabSpending',
  'listQueuedExperiments',
  'changeLabSettings',
  'createPod',
  'updatePod',
  'readPodConfiguration',
  'listGpus',
  'listCpus',
  'listDataCenters',
  'listTemplates',
  'createNetworkVolume',
  'changeNetworkVolume',
  'deleteNetworkVolume',
  'listSecretNames',
  'readAccountLimits',
  'createLabPod',
  'remainingQuota',
  'serverTime',
]
