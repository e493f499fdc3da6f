import { MINUTE_MS } from '../base/time/time'
import type { LogLine } from './log-line'

/*
 * What a pod's system log says of its start. Runpod passes on what Docker says, and adds lines of its own. Their forms
 * are not documented; these were seen in public logs on 2026-11-27. A line that is not known only counts as a sign of
 * life.
 */

export interface Layer {
  readonly doneBytes: number
  /** Null while it is not known. */
  readonly totalBytes: number | null
  readonly isPulled: boolean
}

export interface SystemLog {
  readonly isPulling: boolean
  readonly isImageReady: boolean
  /** By id. */
  readonly layers: ReadonlyMap<string, Layer>
  /** Why pull or start failed, in the host's words; null once something went on after it. */
  readonly failure: { readonly what: 'pull' | 'start'; readonly text: string } | null
  /** When the container was started, Unix ms; the last few. */
  readonly startTimesMs: readonly number[]
  /** The last few lines. */
  readonly lines: readonly Pick<LogLine, 'atMs' | 'text'>[]
}

export const emptySystemLog: SystemLog = {
  isPulling: false,
  isImageReady: false,
  layers: new Map(),
  failure: null,
  startTimesMs: [],
  lines: [],
}

const MAX_LINES = 6
const MAX_STARTS = 20
/** An image has some dozens. */
const MAX_LAYERS = 500
const MAX_TEXT_CHARS = 300

const FAILED_PULL =
  /^(?:(?:error|failed|unable) (?:to )?pull(?:ing)? (?:the )?image|image pull (?:error|failed)|error creating container: image pull)\b|\b(?:manifest unknown|pull access denied|toomanyrequests|no such image)\b/i
const FAILED_START =
  /^(?:error|failed|unable) (?:to )?(?:creat(?:e|ing)|start(?:ing)?|run(?:ning)?) (?:the )?(?:container|\S+:|\S+\/\S+)/i
const LAYER = /^([0-9a-f]{8,64}):? (.+)$/
const AMOUNTS = /([\d.]+)\s*([kKMG]?)B\s*\/\s*([\d.]+)\s*([kKMG]?)B\s*$/
const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 }

/** The log with one more line, in the order in which lines came. */
export function withSystemLine(
  log: SystemLog,
  { text: whole, atMs }: Pick<LogLine, 'text' | 'atMs'>,
): SystemLog {
  const text = whole.trim().slice(0, MAX_TEXT_CHARS)
  if (text === '') return log
  const read = readLine(log, text, atMs)
  const isProgress = LAYER.test(text) && AMOUNTS.test(text)
  const last = log.lines.at(-1)
  // Of a layer that is downloaded only the latest line is worth showing.
  const isSameLayer = isProgress && last !== undefined && text.slice(0, 12) === last.text.slice(0, 12)
  const lines = [...(isSameLayer ? log.lines.slice(0, -1) : log.lines), { atMs, text }].slice(-MAX_LINES)
  return { ...read, lines }
}

function readLine(log: SystemLog, text: string, atMs: number | null): SystemLog {
  if (/^(?:stop|remove) container\b/i.test(text)) return { ...emptySystemLog, lines: log.lines }
  if (FAILED_PULL.test(text)) return { ...log, failure: { what: 'pull', text } }
  if (FAILED_START.test(text)) return { ...log, isImageReady: true, failure: { what: 'start', text } }
  if (/^start container\b/i.test(text)) {
    const startTimesMs = atMs === null ? log.startTimesMs : [...log.startTimesMs, atMs].slice(-MAX_STARTS)
    return { ...log, isPulling: false, isImageReady: true, failure: null, startTimesMs }
  }
  if (/^status: (?:downloaded|image is up to date)/i.test(text))
    return { ...log, isPulling: false, isImageReady: true, failure: null }
  const [, id, rest] = LAYER.exec(text) ?? []
  if (id !== undefined && rest !== undefined) {
    const layer = readLayer(rest, log.layers.get(id))
    if (layer !== null && (log.layers.has(id) || log.layers.size < MAX_LAYERS))
      return { ...log, isPulling: true, failure: null, layers: new Map(log.layers).set(id, layer) }
  }
  if (
    /^(?:pulling image|pending image pull|image pull)\b|\b(?:pulling from|still fetching image)\b/i.test(text)
  )
    return { ...log, isPulling: true }
  return log
}

function readLayer(text: string, before: Layer | undefined): Layer | null {
  const known = before ?? { doneBytes: 0, totalBytes: null, isPulled: false }
  const complete = { ...known, doneBytes: known.totalBytes ?? 0 }
  if (/^(?:pull complete|already exists)/i.test(text)) return { ...complete, isPulled: true }
  if (/^(?:download complete|verifying checksum|extracting)/i.test(text)) return complete
  if (/^(?:pulling fs layer|waiting)/i.test(text)) return known
  const amounts = /^downloading\b/i.test(text) ? AMOUNTS.exec(text) : null
  if (amounts === null) return null
  const [, done, doneUnit, total, totalUnit] = amounts
  const totalBytes = bytesOf(total, totalUnit)
  return { doneBytes: Math.min(bytesOf(done, doneUnit), totalBytes), totalBytes, isPulled: false }
}

const bytesOf = (amount = '', unit = ''): number => Number(amount) * (UNITS[unit] ?? 1) || 0

export interface PullProgress {
  readonly pulledLayers: number
  readonly layers: number
  /** Of what is to be downloaded, 0 to 100; null until all sizes are known. */
  readonly percent: number | null
}

/** Null while no layer is known. */
export function pullProgress({ layers }: SystemLog): PullProgress | null {
  if (layers.size === 0) return null
  const all = [...layers.values()]
  const open = all.filter((layer) => !layer.isPulled || layer.totalBytes !== null)
  const totalBytes = open.reduce((sum, layer) => sum + (layer.totalBytes ?? 0), 0)
  const doneBytes = open.reduce((sum, layer) => sum + layer.doneBytes, 0)
  const isKnown = totalBytes > 0 && open.every((layer) => layer.totalBytes !== null)
  return {
    pulledLayers: all.filter(({ isPulled }) => isPulled).length,
    layers: all.length,
    percent: isKnown ? Math.floor((100 * doneBytes) / totalBytes) : null,
  }
}

/** So many starts within so long mean that the container's command keeps ending. */
export const CRASH_LOOP_STARTS = 3
export const CRASH_LOOP_MS = 10 * MINUTE_MS

/** How often the container was started within the last ten minutes of its starts; null unless that is a crash loop. */
export function crashLoop({
  startTimesMs,
}: SystemLog): { readonly starts: number; readonly forMs: number } | null {
  const last = startTimesMs.at(-1)
  if (last === undefined) return null
  const recent = startTimesMs.filter((atMs) => last - atMs <= CRASH_LOOP_MS)
  const first = recent[0] ?? last
  return recent.length < CRASH_LOOP_STARTS ? null : { starts: recent.length, forMs: last - first }
}
