import type { Pod, PodId, PowerAction } from './pod'
import type { Result } from '../base/result'
import type { Instant } from '../base/time'

/** What went wrong with a request, as far as the caller must behave differently. */
export type ProviderErrorKind =
  /** 401: the key is not accepted. */
  | 'unauthorized'
  /** 403 in the API's own format: the key may not do this. */
  | 'forbidden'
  | 'not-found'
  /** 409: not valid in the pod's present state. */
  | 'conflict'
  /** A start that found no free GPU: nothing was done. */
  | 'no-capacity'
  /** 429, or held back here to spare the quota: nothing was done. See `retryAfterMs`. */
  | 'rate-limited'
  /** 402: the balance does not allow it. */
  | 'no-balance'
  /** 400 or 422: refused as asked. */
  | 'invalid'
  /** 410: the endpoint is retired. */
  | 'gone'
  /** No answer, or a 5xx: whether a write took effect is not known. */
  | 'unreachable'
  /** An answer that is not the API's: HTML, half a body, a wrong shape. Whether a write took effect is not known. */
  | 'unreadable'

export interface ProviderError {
  readonly kind: ProviderErrorKind
  /** For people: the API's own words where it gave any. Never contains the key. */
  readonly message: string
  readonly status: number | null
  /** Only with `rate-limited`: how long to wait, in milliseconds. */
  readonly retryAfterMs: number | null
  /** The API's `x-request-id`, for a support request. */
  readonly requestId: string | null
}

export interface PodList {
  readonly pods: readonly Pod[]
  /** False when entries could not be read or pages are missing: then absence means nothing. */
  readonly isComplete: boolean
}

export interface Balance {
  readonly balanceUsd: number
  /** The account's own figure of what it spends per hour; null when not given. */
  readonly spendPerHourUsd: number | null
}

/** A network volume of the account, attached or not. `sizeGb` null: not said. */
export interface NetworkVolume {
  readonly id: string
  readonly name: string
  readonly sizeGb: number | null
  readonly dataCenterId: string | null
  /** It has no public rate. */
  readonly isHighPerformance: boolean
}

/** Whose bill: of each pod, of each network volume, or of all that is neither, together. */
export const billKinds = ['pods', 'volumes', 'total'] as const

export type BillKind = (typeof billKinds)[number]

/** One row of a bill, as the API gave it: amounts in USD, times Unix ms; nothing is checked but that they are numbers. */
export interface BillRow {
  /** Null on the bill `total`. */
  readonly subjectId: string | null
  readonly startMs: number
  readonly endMs: number
  readonly totalUsd: number
  readonly diskUsd: number
}

export interface BillRows {
  readonly rows: readonly BillRow[]
  /** How many rows could not be read. */
  readonly unreadableCount: number
}

/** What the quota of the key has left, for every program that uses it. */
export interface RemainingQuota {
  readonly requests: number
}

/**
 * A cloud that rents pods. A provider has an optional capability by having the method. Nothing here throws;
 * every call ends within its deadline, as a result.
 */
export interface Provider {
  listPods(): Promise<Result<PodList, ProviderError>>
  getPod(id: PodId): Promise<Result<Pod, ProviderError>>
  /** Sends exactly one request, never a second by itself. `null`: accepted, with an answer that shows no pod. */
  act(id: PodId, action: PowerAction): Promise<Result<Pod | null, ProviderError>>
  /** As `act`; what it destroys does not come back. */
  terminatePod(id: PodId): Promise<Result<Pod | null, ProviderError>>
  readBalance?(): Promise<Result<Balance, ProviderError>>
  listNetworkVolumes?(): Promise<Result<readonly NetworkVolume[], ProviderError>>
  /** The bill by hours, from the one that holds `fromMs` to before the one that begins at `toMs` (Unix ms). */
  readBills?(kind: BillKind, fromMs: number, toMs: number): Promise<Result<BillRows, ProviderError>>
  /** The public keys that the account has registered, a line each as it was given; what is odd about one is not mended. */
  readSshKeys?(): Promise<Result<readonly string[], ProviderError>>
  /** Takes the place of all of them: read first, and read back. Sends exactly one request. */
  replaceSshKeys?(lines: readonly string[]): Promise<Result<void, ProviderError>>
  /** How long the quota asks to wait between two lists, in milliseconds; 0 when it does not. */
  minPollIntervalMs(): number
  /** As its last answer said; null when it told nothing. */
  remainingQuota?(): RemainingQuota | null
  /** Ends the reads in flight as `unreachable`, before a sleep or when the account goes; writes run on. */
  abortReads(): void
}

/** One request: its place in the order of requests, and when it was sent. */
export interface RequestStamp {
  readonly order: number
  readonly at: Instant
}
