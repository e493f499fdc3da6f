import type { RemainingQuota } from '../../../core/pods/provider'

/** What a response says about one window of the quota. */
export interface RateLimitReading {
  readonly name: string
  /** Requests left in the window. */
  readonly left: number
  readonly resetInMs: number
}

export interface QuotaWindow {
  readonly name: string
  readonly resetAtMs: number
  /** Reads that we may still send in this window. */
  readonly reads: number
  /** Requests left in this window for all clients, according to the latest response. */
  readonly left: number
}

/**
 * Tracks how much of the quota Podkeeper may use. All times are milliseconds on one clock that never goes
 * backwards.
 */
export interface Quota {
  readonly windows: readonly QuotaWindow[]
  /** The server asked us to wait until this time. */
  readonly pausedUntilMs: number
}

export const noQuota: Quota = { windows: [], pausedUntilMs: 0 }

/** Reset times are whole seconds and may be rounded down, so a window is treated as over one second later. */
const RESET_SLACK_MS = 1_000
/** Bounds memory if a server keeps inventing window names. */
export const MAX_WINDOWS = 16

/**
 * Podkeeper never uses more than half of what is left in a window: the rest is for the user's other tools.
 * The half is computed when the window is first seen and holds until its reset; later responses can only
 * lower it.
 */
export function withReadings(quota: Quota, readings: readonly RateLimitReading[], nowMs: number): Quota {
  return {
    ...quota,
    windows: readings.reduce(
      (windows, reading) => withReading(windows, reading, nowMs),
      openWindows(quota, nowMs),
    ),
  }
}

function withReading(
  windows: readonly QuotaWindow[],
  reading: RateLimitReading,
  nowMs: number,
): readonly QuotaWindow[] {
  const resetAtMs = nowMs + reading.resetInMs + RESET_SLACK_MS
  const reads = Math.floor(reading.left / 2)
  let isKnown = false
  const updated = windows.map((window) => {
    if (window.name !== reading.name) return window
    // During the extra second, the reading may already belong to the next window. Both limits then apply
    // until each ends.
    const isSameWindow = nowMs < window.resetAtMs - RESET_SLACK_MS || resetAtMs <= window.resetAtMs
    isKnown ||= isSameWindow
    return {
      name: window.name,
      resetAtMs: isSameWindow ? Math.min(window.resetAtMs, resetAtMs) : window.resetAtMs,
      reads: Math.min(window.reads, reads),
      left: reading.left,
    }
  })
  if (isKnown || windows.length >= MAX_WINDOWS) return updated
  return [...updated, { name: reading.name, resetAtMs, reads, left: reading.left }]
}

/** Records that one read was sent, whatever its outcome. */
export function withRead(quota: Quota, nowMs: number): Quota {
  return {
    ...quota,
    windows: openWindows(quota, nowMs).map((window) => ({ ...window, reads: Math.max(0, window.reads - 1) })),
  }
}

/** Records a pause that the server asked for. A longer pause that is already in effect stays. */
export function withPause(quota: Quota, waitMs: number, nowMs: number): Quota {
  return { ...quota, pausedUntilMs: Math.max(quota.pausedUntilMs, nowMs + waitMs) }
}

/** Milliseconds until a write may be sent. Writes are user actions, so only the server can delay them. */
export function writeWaitMs(quota: Quota, nowMs: number): number {
  return Math.max(0, quota.pausedUntilMs - nowMs)
}

/** Milliseconds until a read may be sent; 0 means now. */
export function readWaitMs(quota: Quota, nowMs: number): number {
  const spent = openWindows(quota, nowMs).filter((window) => window.reads === 0)
  return Math.max(writeWaitMs(quota, nowMs), ...spent.map((window) => window.resetAtMs - nowMs))
}

/**
 * Milliseconds between two reads that spread the remaining quota evenly over the remaining time; 0 if the
 * quota is unknown.
 */
export function evenSpacingMs(quota: Quota, nowMs: number): number {
  const spacings = openWindows(quota, nowMs).map(
    (window) => (window.resetAtMs - nowMs) / Math.max(1, window.reads),
  )
  return Math.max(0, ...spacings)
}

/** Like `evenSpacingMs`, and no shorter than a pause that the server asked for. */
export function readSpacingMs(quota: Quota, nowMs: number): number {
  return Math.max(writeWaitMs(quota, nowMs), evenSpacingMs(quota, nowMs))
}

/** Requests left in the tightest window; null if no response has reported it. */
export function quotaLeft(quota: Quota, nowMs: number): RemainingQuota | null {
  const windows = openWindows(quota, nowMs)
  if (windows.length === 0) return null
  return { requests: Math.min(...windows.map(({ left }) => left)) }
}

function openWindows(quota: Quota, nowMs: number): readonly QuotaWindow[] {
  return quota.windows.filter((window) => window.resetAtMs > nowMs)
}

/** The same quota on a clock that reads 0 at `nowMs`, without what is over by then. */
export function rebaseQuota(quota: Quota, nowMs: number): Quota {
  return {
    windows: openWindows(quota, nowMs).map((window) => ({ ...window, resetAtMs: window.resetAtMs - nowMs })),
    pausedUntilMs: Math.max(0, quota.pausedUntilMs - nowMs),
  }
}

/** What two programs know of the quota of one key: of each window the reading that allows less. Both on one clock. */
export function mergeQuotas(one: Quota, other: Quota): Quota {
  const tightest = new Map<string, QuotaWindow>()
  for (const window of [...one.windows, ...other.windows]) {
    const known = tightest.get(window.name)
    if (known === undefined || window.reads < known.reads) tightest.set(window.name, window)
  }
  return {
    windows: [...tightest.values()].slice(0, MAX_WINDOWS),
    pausedUntilMs: Math.max(one.pausedUntilMs, other.pausedUntilMs),
  }
}
