import type { Activity } from '../idle/activity'
import type { IdleEvidence, Range } from '../idle/idle-episode'
import type { DataFate } from '../pods/data-impact'
import type { UnknownReason } from '../idle/sample'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time'

/*
 * Numbers and reasons in words, the same in every window, notification and tooltip. English, USD; plain
 * spaces between a number and its unit.
 */

/** How moments are written. Without `nowMs` only the time of day is said, never the day. */
export interface ClockStyle {
  readonly nowMs?: number
  /** IANA name; the system's own when left out. */
  readonly timeZone?: string
}

// Made once: to make one takes longer than all else that a turn does for a pod.
const CENTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const TENTHS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** "$1,234.50"; "<$0.01" for what would otherwise read as nothing. `usd` in dollars. */
export function formatUsd(usd: number): string {
  const size = Math.abs(usd)
  const sign = usd < 0 ? '−' : ''
  if (size > 0 && size < 0.005) return usd < 0 ? '−$0.00' : '<$0.01'
  return `${sign}$${CENTS.format(size)}`
}

/** "$18.25/h". */
export function formatUsdPerHour(usdPerHour: number): string {
  return `${formatUsd(usdPerHour)}/h`
}

/** "100 GB"; what Runpod calls a GB. */
export function formatGb(sizeGb: number): string {
  return `${TENTHS.format(sizeGb)} GB`
}

/** Whole units that have passed: "40 s", "12 min", "2 h 04 m", "3 d 5 h". Negative counts as 0. */
export function formatDuration(ms: number): string {
  return wholeUnits(ms, Math.floor)
}

/** Time still to go, rounded up so that it never says 0 before it is over: "4 s", "3 min", "1 h 00 m". */
export function formatRemaining(ms: number): string {
  return wholeUnits(ms, Math.ceil)
}

/** "4 s ago"; "just now" within the first second, and for a moment that lies ahead. */
export function formatAgo(ms: number): string {
  return ms < SECOND_MS ? 'just now' : `${formatDuration(ms)} ago`
}

/** "14:05". */
export function formatClock(atMs: number, timeZone?: string): string {
  // The same without making a formatter: each turn says this of every pod.
  if (timeZone === undefined) {
    const at = new Date(atMs)
    return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':')
  }
  return parts(atMs, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, timeZone)
}

/** "14:05" on the day of `nowMs`, "Tue 14:05" within a week of it, else "3 Nov, 14:05". */
export function formatMoment(atMs: number, style: ClockStyle = {}): string {
  const { nowMs, timeZone } = style
  const clock = formatClock(atMs, timeZone)
  if (nowMs === undefined) return clock
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const
  if (parts(atMs, day, timeZone) === parts(nowMs, day, timeZone)) return clock
  if (Math.abs(nowMs - atMs) < 6 * DAY_MS) return `${parts(atMs, { weekday: 'short' }, timeZone)} ${clock}`
  return `${parts(atMs, { day: 'numeric', month: 'short' }, timeZone)}, ${clock}`
}

/** "0–2 %", "1 %" when both ends round to the same. */
export function formatPercentRange(range: Range): string {
  const min = Math.round(range.min)
  const max = Math.round(range.max)
  return min === max ? `${min} %` : `${min}–${max} %`
}

/**
 * Why a pod counts as idle: "GPU 0–2 %, CPU 1 %, memory still, in all 61 samples since 14:05". Rule:
 * product rules, "Activity": the app always says why.
 */
export function idleReason(activity: Extract<Activity, { kind: 'idle' }>, style: ClockStyle = {}): string {
  const { evidence } = activity
  return `${figures(evidence)}, in ${count(evidence)} since ${formatMoment(activity.sinceMs, style)}`
}

/** Why nothing is said of a pod's activity, to follow a colon: "it reports no figures". */
export function unknownReason(reason: UnknownReason): string {
  return UNKNOWN_REASONS[reason]
}

/**
 * What happens to the data, as one sentence: "Keeps /workspace (100 GB, $0.67 a day); the container disk
 * (40 GB) is lost." No fates at all means that nothing is known.
 */
export function fateSentence(fates: readonly DataFate[]): string {
  const of = (fate: DataFate['fate']) => fates.filter((one) => one.fate === fate).map(fateThing)
  const [kept, lost, unknown] = [of('kept'), of('lost'), of('unknown')]
  const clauses: string[] = []
  if (kept.length > 0) clauses.push(`keeps ${list(kept)}`)
  else if (lost.length > 0 && unknown.length === 0) clauses.push('nothing is kept')
  if (lost.length > 0) clauses.push(`${list(lost)} ${lost.length > 1 ? 'are' : 'is'} lost`)
  if (unknown.length > 0)
    clauses.push(`whether ${list(unknown)} survive${unknown.length > 1 ? '' : 's'} is not known`)
  if (clauses.length === 0) clauses.push('what happens to its data is not known')
  const sentence = clauses.join('; ')
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`
}

const UNKNOWN_REASONS: Readonly<Record<UnknownReason, string>> = {
  'not-running': 'it is not running',
  'no-samples': 'it was not sampled yet',
  'no-telemetry': 'it reports no figures',
  'gpu-figures-missing': 'figures of some of its GPUs are missing',
  'figure-missing': 'one of its figures is missing',
  'figure-out-of-range': 'one of its figures is outside 0–100 %',
  'uptime-stale': 'its figures are stale, its uptime does not advance',
  booting: 'it is booting, its first 10 minutes do not count',
  'not-seen': 'it was not seen for a while',
}

function wholeUnits(ms: number, round: (value: number) => number): string {
  const left = Math.max(0, ms)
  const seconds = round(left / SECOND_MS)
  if (seconds < 60) return `${seconds} s`
  const minutes = round(left / MINUTE_MS)
  if (minutes < 60) return `${minutes} min`
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`
  const hours = round(left / HOUR_MS)
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

function parts(atMs: number, options: Intl.DateTimeFormatOptions, timeZone: string | undefined): string {
  const zone = timeZone === undefined ? {} : { timeZone }
  return new Intl.DateTimeFormat('en-GB', { ...options, ...zone }).format(atMs)
}

function figures(evidence: IdleEvidence): string {
  const gpu = evidence.gpuUtil === null ? '' : `GPU ${formatPercentRange(evidence.gpuUtil)}, `
  const memory = evidence.isMemoryStill ? 'memory still' : 'memory moved'
  return `${gpu}CPU ${formatPercentRange(evidence.cpuUtil)}, ${memory}`
}

function count({ idleSamples, samples }: IdleEvidence): string {
  if (idleSamples < samples) return `${idleSamples} of ${samples} samples`
  return samples === 1 ? 'the 1 sample' : `all ${samples} samples`
}

const FATE_NAMES: Readonly<Record<DataFate['what'], string>> = {
  'container-disk': 'the container disk',
  volume: 'the volume',
  'network-volume': 'the network volume',
  mounts: 'what is mounted',
}

function fateThing(fate: DataFate): string {
  const name = fate.path ?? FATE_NAMES[fate.what]
  const details: string[] = []
  if (fate.path !== null && fate.what === 'network-volume') details.push('network volume')
  if (fate.sizeGb !== null) details.push(formatGb(fate.sizeGb))
  if (fate.stoppedCostPerDayUsd !== null && fate.stoppedCostPerDayUsd > 0)
    details.push(`${formatUsd(fate.stoppedCostPerDayUsd)} a day`)
  return details.length > 0 ? `${name} (${details.join(', ')})` : name
}

function list(things: readonly string[]): string {
  if (things.length < 2) return things.join('')
  return `${things.slice(0, -1).join(', ')} and ${things[things.length - 1]}`
}
