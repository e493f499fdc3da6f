import { redact } from '../base/text/redact'
import { cleanText } from '../logs/clean-line'
import { ok } from '../base/result'
import { parsePodKey, type Pod } from '../pods/pod'
import { incompleteCharacter } from '../terminal/output/partial-sequence'
import type { JobHost, LogPiece } from './host/job-host'
import type { Job, JobRun } from './jobs/job'
import type { HostOf, QueueOptions } from './queue-ports'

const TAIL_BYTES = 4_096
const LAST_LINES = 3
const MAX_LINE_CHARS = 200
/** Shorter values, such as 1, are no secrets, and hiding them would hide every figure. */
const MIN_SECRET_CHARS = 4

/** A part of a log, safe to show. */
export interface LogText {
  /** Whole lines, or a part of a line that is longer than the piece. A progress bar is shown as it was drawn last. */
  readonly text: string
  /** What was printed of the next line. The next piece has it again, with what follows. */
  readonly unfinishedLine: string
  /** Where the next piece starts. */
  readonly nextByte: number
  /** Of the whole log. */
  readonly sizeBytes: number
}

const LINE_FEED = 10

/** `isOver`: the job prints nothing any more, so that even a part of a character is all there is. */
export function toLogText(
  { bytes, sizeBytes }: LogPiece,
  { fromByte, maxBytes, isOver }: { fromByte: number; maxBytes: number; isOver: boolean },
  decodeText: (bytes: Uint8Array) => string,
): LogText {
  const whole = isOver && fromByte + bytes.length >= sizeBytes ? bytes : wholeCharacters(bytes)
  const afterLines = bytes.lastIndexOf(LINE_FEED) + 1
  const end = afterLines > 0 || bytes.length < maxBytes ? afterLines : whole.length
  return {
    text: cleanLog(decodeText(bytes.subarray(0, end))),
    unfinishedLine: cleanLog(decodeText(whole.subarray(end))),
    nextByte: fromByte + end,
    sizeBytes,
  }
}

/** The bytes without a part of a character at their end, unless that is all. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - incompleteCharacter(bytes).length
  return end === 0 ? bytes : bytes.subarray(0, end)
}

const cleanLog = (text: string): string => text.split('\n').map(cleanText).join('\n')

/** The last lines of a run. Nothing is shown of a job whose secret values can't be found in it. */
export async function lastLinesOf(
  { id, spec }: Job,
  run: JobRun,
  hostOf: HostOf,
  { pods, secrets, decodeText }: Pick<QueueOptions, 'pods' | 'secrets' | 'decodeText'>,
): Promise<string> {
  const pod = pods().find(({ key }) => key === run.podKey)?.pod
  if (pod === undefined) return ''
  const values = spec.variableNames.length === 0 ? ok({}) : await secrets.load(id)
  if (!values.ok) return ''
  const host = hostOf(parsePodKey(run.podKey).accountId)
  return readLastLines(host, pod, run.id, decodeText, Object.values(values.value))
}

/**
 * The last lines that a job printed, clean and without `values`, those of its variables; empty where they can't be read.
 */
export async function readLastLines(
  host: JobHost,
  pod: Pod,
  runId: string,
  decodeText: (bytes: Uint8Array) => string,
  values: readonly string[],
): Promise<string> {
  const size = await host.readLog(pod, runId, 0, 1)
  if (!size.ok) return ''
  const from = Math.max(0, size.value.sizeBytes - TAIL_BYTES)
  const tail = await host.readLog(pod, runId, from, TAIL_BYTES)
  if (!tail.ok) return ''
  const text = decodeText(tail.value.bytes)
  // A value that is cut off would not be recognized.
  const whole = from === 0 ? text : text.replace(/^[^\n\r]*/, '')
  const lines = cleanLog(hide(whole, values))
    .split('\n')
    .map((line) => redact(line.trim()))
    .filter((line) => line !== '')
  return lines
    .slice(-LAST_LINES)
    .map((line) => (line.length > MAX_LINE_CHARS ? `${line.slice(0, MAX_LINE_CHARS - 1)}…` : line))
    .join('\n')
}

/** Lines of a value are hidden alone, too, and the longest first, because one may contain another. */
function hide(text: string, values: readonly string[]): string {
  return values
    .flatMap((value) => [value, ...value.split(/\r?\n/)])
    .filter((part) => part.trim().length >= MIN_SECRET_CHARS)
    .sort((a, b) => b.length - a.length)
    .reduce((hidden, part) => hidden.replaceAll(part, () => '[hidden]'), text)
}
