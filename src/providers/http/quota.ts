import type { QuotaLeft } from '../../core/pods/provider'

/** What an answer says of one window of the quota. */
export interface WindowReading {
  readonly name: string
  /** Requests left in the window. */
  readonly left: number
  readonly resetInMs: number
}

interface Window {
  readonly name: string
  readonly resetAtMs: number
  /** Reads that we still may send in it. */
  readonly reads: number
  /** Requests left in it, for everybody, as the last answer said. */
  readonly left: number
}

/** What is left for us. Times are of one clock that only goes forward, in milliseconds. */
export interface Quota {
  readonly windows: readonly Window[]
  /** The server asked to wait until then. */
  readonly heldUntilMs: number
}

export const noQuota: Quota = { windows: [], heldUntilMs: 0 }

/** Resets come in whole seconds, perhaps rounded down: a window is over one second later, not sooner. */
const RESET_SLACK_MS = 1_000
/** A server that invents names shall not fill the memory. */
const MAX_WINDOWS = 16

/**
 * Podkeeper never uses more than half of what is left of a window: the rest is for the person's own tools.
 * A window, from its first sight to its reset, gets half of what was left then; later readings only lower it.
 */
export function withReadings(quota: Quota, readings: readonly WindowReading[], nowMs: number): Quota {
  return {
    ...quota,
    windows: readings.reduce((windows, reading) => withReading(windows, reading, nowMs), open(quota, nowMs)),
  }
}

function withReading(windows: readonly Window[], reading: WindowReading, nowMs: number): readonly Window[] {
  const resetAtMs = nowMs + reading.resetInMs + RESET_SLACK_MS
  const reads = Math.floor(reading.left / 2)
  let isKnown = false
  const lowered = windows.map((window) => {
    if (window.name !== reading.name) return window
    // In the second of slack, the reading may be the next window's first: then both hold, each to its end.
    const isSame = nowMs < window.resetAtMs - RESET_SLACK_MS || resetAtMs <= window.resetAtMs
    isKnown ||= isSame
    return {
      name: window.name,
      resetAtMs: isSame ? Math.min(window.resetAtMs, resetAtMs) : window.resetAtMs,
      reads: Math.min(window.reads, reads),
      left: reading.left,
    }
  })
  if (isKnown || windows.length >= MAX_WINDOWS) return lowered
  return [...lowered, { name: reading.name, resetAtMs, reads, left: reading.left }]
}

/** One read was sent, whatever comes of it. */
export function withRead(quota: Quota, nowMs: number): Quota {
  return {
    ...quota,
    windows: open(quota, nowMs).map((window) => ({ ...window, reads: Math.max(0, window.reads - 1) })),
  }
}

/** The server asked for a pause; a longer one that runs already stays. */
export function withHold(quota: Quota, waitMs: number, nowMs: number): Quota {
  return { ...quota, heldUntilMs: Math.max(quota.heldUntilMs, nowMs + waitMs) }
}

/** Milliseconds until a write may be sent. Writes are what a person asked for: only the server holds them back. */
export function writeWaitMs(quota: Quota, nowMs: number): number {
  return Math.max(0, quota.heldUntilMs - nowMs)
}

/** Milliseconds until a read may be sent; 0: now. */
export function readWaitMs(quota: Quota, nowMs: number): number {
  const spent = open(quota, nowMs).filter((window) => window.reads === 0)
  return Math.max(writeWaitMs(quota, nowMs), ...spent.map((window) => window.resetAtMs - nowMs))
}

/** Milliseconds between two reads that spread what is left over the time left; 0 when nothing is known. */
export function readSpacingMs(quota: Quota, nowMs: number): number {
  const spacings = open(quota, nowMs).map((window) => (window.resetAtMs - nowMs) / Math.max(1, window.reads))
  return Math.max(writeWaitMs(quota, nowMs), ...spacings)
}

/** What is left of the window of which least is left; null when no answer told. */
export function quotaLeft(quota: Quota, nowMs: number): QuotaLeft | null {
  const windows = open(quota, nowMs)
  if (windows.length === 0) return null
  return { requests: Math.min(...windows.map(({ left }) => left)) }
}

function open(quota: Quota, nowMs: number): readonly Window[] {
  return quota.windows.filter((window) => window.resetAtMs > nowMs)
}
