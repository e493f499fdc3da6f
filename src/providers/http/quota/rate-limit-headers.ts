import { parseList } from 'structured-headers'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../core/base/time/time'
import type { RateLimitReading } from './quota'

/** No quota window is longer than this; a larger number is treated as invalid. */
const MAX_WINDOW_S = 31 * 86_400

interface HeaderMember {
  readonly name: string
  readonly params: ReadonlyMap<string, unknown>
}

/**
 * Parses what `RateLimit` says is left, using `RateLimit-Policy` where it has no reset. Members that cannot
 * be parsed are skipped. Source: IETF draft "RateLimit header fields for HTTP", as documented by Runpod's v2
 * API.
 */
export function readRateLimit(headers: Headers): RateLimitReading[] {
  const windowLengths = new Map<string, number>()
  for (const { name, params } of parseMembers(headers.get('ratelimit-policy'))) {
    const windowS = readCount(params.get('w'))
    if (windowS !== null) windowLengths.set(name, windowS)
  }
  const readings: RateLimitReading[] = []
  for (const { name, params } of parseMembers(headers.get('ratelimit'))) {
    const left = readCount(params.get('r'))
    const resetS = readCount(params.get('t')) ?? windowLengths.get(name) ?? null
    if (left === null || resetS === null) continue
    readings.push({ name, left, resetInMs: Math.min(resetS, MAX_WINDOW_S) * SECOND_MS })
  }
  return readings
}

/** What `X-RateLimit-Limit`, `-Remaining` and `-Reset` say, as far as they can be read. */
export interface XRateLimit {
  readonly limit: number | null
  readonly left: number | null
  /** Unix ms, by the server's clock, as sent. */
  readonly resetAtMs: number | null
  /** From 0 to a day. */
  readonly resetInMs: number | null
}

/** From this number on, a reset is a time (Unix seconds), below it a number of seconds from now. */
const FIRST_UNIX_S = 1_000_000_000
const FIRST_UNIX_MS = FIRST_UNIX_S * 1_000

/**
 * Parses the older headers, which describe one window. No such window is longer than a day. `wallMs` (Unix ms) is
 * used where the response has no `Date`.
 */
export function readXRateLimit(headers: Headers, wallMs: number): XRateLimit {
  const limit = readDigits(headers.get('x-ratelimit-limit'))
  const left = readDigits(headers.get('x-ratelimit-remaining'))
  const reset = readDigits(headers.get('x-ratelimit-reset'))
  if (reset === null) return { limit, left, resetAtMs: null, resetInMs: null }
  const serverMs = readHttpDate(headers.get('date') ?? '') ?? wallMs
  const isTime = reset >= FIRST_UNIX_S
  const atMs = isTime ? (reset >= FIRST_UNIX_MS ? reset : reset * SECOND_MS) : serverMs + reset * SECOND_MS
  const resetInMs = Math.min(Math.max(0, atMs - serverMs), DAY_MS)
  return { limit, left, resetAtMs: atMs, resetInMs }
}

/** A window is known by its limit, since a server may report now the one of a minute, now that of a day. */
export function readingsOf({ limit, left, resetInMs }: XRateLimit): RateLimitReading[] {
  if (left === null || resetInMs === null) return []
  return [{ name: `x-ratelimit ${limit ?? ''}`, left, resetInMs }]
}

function readDigits(text: string | null): number | null {
  return text !== null && /^\s*\d{1,15}(\.\d{1,9})?\s*$/.test(text) ? Math.floor(Number(text)) : null
}

/**
 * Parses `Retry-After` (seconds or an HTTP date) as milliseconds from one second to one hour, since 0 or a past
 * date would allow a request at any time; null if absent or malformed. A date is compared with the server's own clock
 * if the response includes it. `wallMs` is Unix ms.
 */
export function readRetryAfterMs(headers: Headers, wallMs: number): number | null {
  const text = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+$/.test(text)) return limitWaitMs(Number(text) * SECOND_MS)
  const atMs = readHttpDate(text)
  if (atMs === null) return null
  const serverMs = readHttpDate(headers.get('date') ?? '') ?? wallMs
  return limitWaitMs(atMs - serverMs)
}

const limitWaitMs = (ms: number): number => Math.min(Math.max(SECOND_MS, ms), HOUR_MS)

function readHttpDate(text: string): number | null {
  // Date.parse accepts almost anything; an HTTP date begins with the name of a weekday.
  const ms = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? null : ms
}

function parseMembers(header: string | null): HeaderMember[] {
  if (header === null) return []
  const whole = tryParseList(header)
  // One malformed member invalidates the whole field by the standard, but the other members are still worth
  // honoring.
  return whole ?? header.split(',').flatMap((part) => tryParseList(part) ?? [])
}

function tryParseList(text: string): HeaderMember[] | null {
  try {
    return parseList(text).flatMap(([value, params]) =>
      Array.isArray(value) ? [] : [{ name: String(value), params }],
    )
  } catch {
    return null
  }
}

function readCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.floor(value) : null
}
