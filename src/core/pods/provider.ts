import type { Pod, PodId, PowerAction } from './pod'
import type {
  AccountLimits,
  CpuOffer,
  DataCenter,
  GpuOffer,
  NetworkVolumeSpec,
  PodTemplate,
  SecretTemplates,
  TemplateSource,
} from './catalog'
import type { LogQuery, LogStreamEnd, LogStreamHandlers } from './pod-logs'
import type { CloudPodRequest, CloudTier, LabPodSpec, PodChanges, PodConfiguration } from './pod-request'
import type {
  EndpointId,
  EndpointList,
  EndpointWorkers,
  ServerlessEndpoint,
  ServerlessPrices,
} from './serverless/serverless-endpoint'
import type { Result } from '../base/result'
import type { Instant } from '../base/time/time'

/** Kinds of request errors, as far as callers must handle them differently. */
export type ProviderErrorKind =
  /** 401: the key is not accepted. */
  | 'unauthorized'
  /** 403 in the API's own format: the key lacks the permission. */
  | 'forbidden'
  | 'not-found'
  /** 409: not valid in the pod's current state. */
  | 'conflict'
  /** A start or a create found no free GPU; nothing was done. */
  | 'no-capacity'
  /** 429, or held back locally to save the quota; nothing was done. See `retryAfterMs`. */
  | 'rate-limited'
  /** 402: the balance is too low. */
  | 'no-balance'
  /** 400 or 422: the request is invalid. */
  | 'invalid'
  /** 410: the endpoint is retired. */
  | 'gone'
  /** No reply, or a 5xx. Whether a write took effect is unknown. */
  | 'unreachable'
  /**
   * A reply that does not come from the API: HTML, a truncated body or a wrong shape. Whether a write took
   * effect is unknown.
   */
  | 'unreadable'

export interface ProviderError {
  readonly kind: ProviderErrorKind
  /** For display: the API's message where there is one. Never contains the key. */
  readonly message: string
  readonly status: number | null
  /** Only for `rate-limited`: how long to wait, in milliseconds. */
  readonly retryAfterMs: number | null
  /** The API's `x-request-id`, for support requests. */
  readonly requestId: string | null
}

export interface PodList {
  readonly pods: readonly Pod[]
  /** False when entries could not be parsed or pages are missing, so that absence means nothing. */
  readonly isComplete: boolean
}

export interface Balance {
  readonly balanceUsd: number
  /** The account's own hourly spend; null when missing. */
  readonly spendPerHourUsd: number | null
  /** Why that is missing, as a sentence, where the API says so. */
  readonly problem?: string
}

/** A network volume of the account, attached or not. `sizeGb` is null when missing. */
export interface NetworkVolume {
  readonly id: string
  readonly name: string
  readonly sizeGb: number | null
  readonly dataCenterId: string | null
  /** High-performance volumes have no public rate. */
  readonly isHighPerformance: boolean
}

/** What a bill covers: each pod, each network volume, or everything else combined. */
export const billKinds = ['pods', 'volumes', 'total'] as const

export type BillKind = (typeof billKinds)[number]

/** One row of a bill: amounts in USD, times in Unix ms. Only checked to be numbers. */
export interface BillRow {
  /** Null in bills of kind `total`. */
  readonly subjectId: string | null
  readonly startMs: number
  readonly endMs: number
  readonly totalUsd: number
  readonly diskUsd: number
}

export interface BillRows {
  readonly rows: readonly BillRow[]
  /** The number of rows that could not be parsed. */
  readonly unreadableCount: number
}

export interface GpuQuery {
  readonly cloud: CloudTier
  readonly count: number
}

export interface VolumeChanges {
  readonly name?: string
  readonly sizeGb?: number
}

/** The remaining quota of the key, shared by all programs that use it. */
export interface RemainingQuota {
  readonly requests: number
}

/** The time of the server (Unix ms, in whole seconds) in a reply, and when that reply was received. */
export interface ServerTime {
  readonly atMs: number
  readonly receivedAt: Instant
}

/** What the API of a provider may lack although its web app has it. */
export const webFeatures = ['ssh', 'terminate', 'restart', 'idle-settings', 'create'] as const

export type WebFeature = (typeof webFeatures)[number]

export interface WebFallback {
  /** The https address of the provider's web app. */
  readonly url: string
  readonly features: readonly WebFeature[]
}

/** What a lab spent, as its API says. It can include storage and services, so it is never called the cost of pods. */
export interface LabSpending {
  /** USD; null when missing. */
  readonly totalUsd: number | null
  /** Whether the total is that of the current month. Otherwise nobody says since when it counts. */
  readonly isOfMonth: boolean
  /** What the pods that run now have cost so far, USD; null when missing. */
  readonly runningUsd: number | null
}

/** The most urgent first. */
export const experimentPriorities = ['critical', 'high', 'normal', 'low'] as const

/** An experiment that waits for a pod. */
export interface QueuedExperiment {
  readonly id: string
  readonly title: string
  /** A GPU type, or "CPU". */
  readonly computeMode: string | null
  readonly priority: (typeof experimentPriorities)[number]
  readonly createdAtMs: number | null
}

/** The settings of a lab that apply at its provider. Absent: not set or not reported. */
export interface LabSettings {
  readonly idleAlertMinutes?: number
  /** Whether the provider starts queued experiments on idle pods. */
  readonly isAutoScheduled?: boolean
}

/** A reply to a read as the API sent it, for diagnosis. It may hold secrets of pods, so it is never stored as it is. */
export interface ObservedReply {
  readonly method: string
  /** Below the API's base address, such as "/pods". */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** The query of a GraphQL request. */
  readonly graphql?: string
  /** Null: there was no reply. */
  readonly status: number | null
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** As text; null where none was read, as of a stream. */
  readonly body: string | null
}

/** A log that is followed: past lines, and then new ones as they appear. */
export interface LogStream {
  /** Never rejects. An error: it never opened. */
  readonly ended: Promise<Result<LogStreamEnd, ProviderError>>
  close(): void
}

/**
 * A cloud that rents pods. Optional methods are optional capabilities. Nothing here throws; every call
 * resolves to a result within its deadline.
 */
export interface Provider {
  /** What texts call the service. Absent: Runpod. */
  readonly serviceName?: string
  listPods(): Promise<Result<PodList, ProviderError>>
  /** `isForAction`: an action depends on it, so no limit of ours holds it back. */
  getPod(id: PodId, isForAction?: boolean): Promise<Result<Pod, ProviderError>>
  /** Sends exactly one request and never retries. `null`: accepted, with a reply that contains no pod. */
  act(id: PodId, action: PowerAction): Promise<Result<Pod | null, ProviderError>>
  /** Like `act`. Irreversible. */
  terminatePod(id: PodId): Promise<Result<Pod | null, ProviderError>>
  readBalance?(): Promise<Result<Balance, ProviderError>>
  /** The id of the key's account at the API: plain text of at most 200 characters. */
  readAccountId?(): Promise<Result<string, ProviderError>>
  /** How the pod's status last changed, in the provider's own words. */
  readStatusChange?(id: PodId): Promise<Result<string, ProviderError>>
  listNetworkVolumes?(): Promise<Result<readonly NetworkVolume[], ProviderError>>
  /**
   * The hourly bills from the hour that contains `fromMs` until before the one that starts at `toMs` (Unix
   * ms).
   */
  readBills?(kind: BillKind, fromMs: number, toMs: number): Promise<Result<BillRows, ProviderError>>
  /** The public keys registered in the account, one line each, unmodified even if invalid. */
  readSshKeys?(): Promise<Result<readonly string[], ProviderError>>
  /**
   * Replaces all keys, so callers must read them before and verify them afterwards. Sends exactly one
   * request.
   */
  replaceSshKeys?(lines: readonly string[]): Promise<Result<void, ProviderError>>
  /** What its web app can do and its API cannot at present; may change with every reply. */
  webFallback?(): WebFallback
  readLabSpending?(): Promise<Result<LabSpending, ProviderError>>
  listQueuedExperiments?(): Promise<Result<readonly QueuedExperiment[], ProviderError>>
  /** Sends exactly one request. Resolves to what the server answered. */
  changeLabSettings?(changes: LabSettings): Promise<Result<LabSettings, ProviderError>>
  /**
   * Sends exactly one request and never retries. `null`: accepted, with a reply that names no pod. Of its errors,
   * `unreachable` and `unreadable` leave open whether there is a pod; all others mean that there is none. Messages
   * never repeat a value of the environment.
   */
  createPod?(request: CloudPodRequest): Promise<Result<Pod | null, ProviderError>>
  /** Sends exactly one request. */
  updatePod?(id: PodId, changes: PodChanges): Promise<Result<Pod | null, ProviderError>>
  /** Its environment included, which may hold secrets. */
  readPodConfiguration?(id: PodId): Promise<Result<PodConfiguration, ProviderError>>
  /** Sends one request and follows its reply, until it ends or is closed. */
  streamLogs?(id: PodId, query: LogQuery, handlers: LogStreamHandlers): LogStream
  /** GPU types with their stock for so many GPUs in one pod of this cloud. */
  listGpus?(query: GpuQuery): Promise<Result<readonly GpuOffer[], ProviderError>>
  /** CPU flavors with their stock for so many vCPUs. */
  listCpus?(vcpuCount: number): Promise<Result<readonly CpuOffer[], ProviderError>>
  listDataCenters?(): Promise<Result<readonly DataCenter[], ProviderError>>
  listTemplates?(source: TemplateSource): Promise<Result<readonly PodTemplate[], ProviderError>>
  /** Own templates whose variables look like secrets in clear. Their values don't leave the provider. */
  listSecretTemplates?(): Promise<Result<SecretTemplates, ProviderError>>
  /** Sends exactly one request. Irreversible. */
  deleteTemplate?(id: string): Promise<Result<void, ProviderError>>
  /** Sends exactly one request. A volume costs money from then on. */
  createNetworkVolume?(spec: NetworkVolumeSpec): Promise<Result<NetworkVolume, ProviderError>>
  /** Sends exactly one request. A volume only grows. */
  changeNetworkVolume?(id: string, changes: VolumeChanges): Promise<Result<NetworkVolume, ProviderError>>
  /** Sends exactly one request. Irreversible: destroys what is on the volume. */
  deleteNetworkVolume?(id: string): Promise<Result<void, ProviderError>>
  /** The serverless endpoints of the account, those without workers included. */
  listEndpoints?(): Promise<Result<EndpointList, ProviderError>>
  readEndpoint?(id: EndpointId): Promise<Result<ServerlessEndpoint, ProviderError>>
  /** The workers that are active now. */
  listEndpointWorkers?(id: EndpointId): Promise<Result<EndpointWorkers, ProviderError>>
  readServerlessPrices?(): Promise<Result<ServerlessPrices, ProviderError>>
  /** Sends exactly one request, which names nothing but the minimum. */
  setMinimumToZero?(id: EndpointId): Promise<Result<ServerlessEndpoint, ProviderError>>
  /** The names of the account's secrets. Their values cannot be read. */
  listSecretNames?(): Promise<Result<readonly string[], ProviderError>>
  readAccountLimits?(): Promise<Result<AccountLimits, ProviderError>>
  /** Sends exactly one request and never retries. `null`: accepted, with a reply that contains no pod. */
  createLabPod?(spec: LabPodSpec): Promise<Result<Pod | null, ProviderError>>
  /** The minimum interval between two lists that the quota allows, in milliseconds; 0 when unlimited. */
  minPollIntervalMs(): number
  /** According to the last reply; null when unknown. */
  remainingQuota?(): RemainingQuota | null
  /** The server's clock by the latest successful reply; null if no reply had it. */
  serverTime?(): ServerTime | null
  /** Calls back with each reply to a read from now on. Returns a function that ends it. */
  observeReplies?(listener: (reply: ObservedReply) => void): () => void
  /**
   * Aborts reads in flight as `unreachable`, before a sleep or when the account is removed. Writes continue.
   */
  abortReads(): void
}

/** The sequence number of a request and when it was sent. */
export interface RequestStamp {
  readonly order: number
  readonly at: Instant
}

/** Of a request that threw although providers do not throw: it was sent, and what became of it is not known. */
export function unreadableError(cause: unknown): ProviderError {
  const message = cause instanceof Error ? cause.message : String(cause)
  return { kind: 'unreadable', message, status: null, retryAfterMs: null, requestId: null }
}
