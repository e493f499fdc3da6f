import { parseList } from 'structured-headers'
import { HOUR_MS, SECOND_MS } from '../../core/base/time'
import type { WindowReading } from './quota'

/** No window of a quota is longer; a bigger number is nonsense. */
const MAX_WINDOW_S = 31 * 86_400

interface Member {
  readonly name: string
  readonly params: ReadonlyMap<string, unknown>
}

/**
 * What `RateLimit` says is left, with `RateLimit-Policy` where it gives no reset. Members that cannot be read
 * are skipped. Source: IETF draft "RateLimit header fields for HTTP", as Runpod's v2 documents it.
 */
export function readRateLimit(headers: Headers): WindowReading[] {
  const lengths = new Map<string, number>()
  for (const { name, params } of members(headers.get('ratelimit-policy'))) {
    const lengthS = readCount(params.get('w'))
    if (lengthS !== null) lengths.set(name, lengthS)
  }
  const readings: WindowReading[] = []
  for (const { name, params } of members(headers.get('ratelimit'))) {
    const left = readCount(params.get('r'))
    const resetS = readCount(params.get('t')) ?? lengths.get(name) ?? null
    if (left === null || resetS === null) continue
    readings.push({ name, left, resetInMs: Math.min(resetS, MAX_WINDOW_S) * SECOND_MS })
  }
  return readings
}

/**
 * `Retry-After` (seconds, or an HTTP date) in milliseconds, 0 to one hour; null when absent or malformed.
 * A date is taken against the server's own clock where it sent one. `wallMs`: Unix ms.
 */
export function readRetryAfterMs(headers: Headers, wallMs: number): number | null {
  const text = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+$/.test(text)) return Math.min(Number(text) * SECOND_MS, HOUR_MS)
  const atMs = readHttpDate(text)
  if (atMs === null) return null
  const serverMs = readHttpDate(headers.get('date') ?? '') ?? wallMs
  return Math.min(Math.max(0, atMs - serverMs), HOUR_MS)
}

function readHttpDate(text: string): number | null {
  // Date.parse makes a date of nearly anything; an HTTP date begins with the day's name.
  const ms = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? null : ms
}

function members(header: string | null): Member[] {
  if (header === null) return []
  const whole = parse(header)
  // One malformed member makes the whole field invalid; the others are still worth obeying.
  return whole ?? header.split(',').flatMap((part) => parse(part) ?? [])
}

function parse(text: string): Member[] | null {
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
