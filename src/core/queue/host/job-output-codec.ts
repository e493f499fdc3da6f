import { fail, ok, type Result } from '../../base/result'
import { plainText } from '../../base/text/plain-text'
import type { JobReading, ResultFile } from './job-host'

/*
 * What the scripts of `job-scripts.ts` print. It is hostile: whatever isn't exactly as expected is an error, which is
 * a sentence for display.
 */

export const UNREADABLE = "The pod's reply can't be read."
const MAX_TEXT_CHARS = 300

/** The error of the script in place of its output; null if it did not fail. */
function failureIn(output: string): string | null {
  const text = /^failed ([\s\S]*)/m.exec(output)?.[1]
  return text === undefined ? null : sentence(text)
}

/** The lines before `end`. */
function linesOf(output: string): Result<readonly string[], string> {
  const failure = failureIn(output)
  if (failure !== null) return fail(failure)
  const lines = output.split('\n')
  const end = lines.lastIndexOf('end')
  return end === -1 || lines.slice(end + 1).some((line) => line !== '')
    ? fail(UNREADABLE)
    : ok(lines.slice(0, end))
}

function sentence(text: string): string {
  const plain = plainText(text.trim()).slice(0, MAX_TEXT_CHARS).trim()
  if (plain === '') return 'The pod refused without a reason.'
  return /[.!?]$/.test(plain) ? plain : `${plain}.`
}

export function parseStart(output: string): Result<'started' | 'exists', string> {
  const said = output.trim()
  if (said === 'started' || said === 'exists') return ok(said)
  return fail(failureIn(output) ?? UNREADABLE)
}

/** Of `uploadFolderScript`. */
export const parseUploadFolder = (output: string): Result<void, string> =>
  output.trim() === 'ready' ? ok(undefined) : fail(failureIn(output) ?? UNREADABLE)

const jobLine =
  /^job ([\w-]{1,64}) (absent|prepared|running|ended)(?: (\d{1,12}|-) (\d{1,12})(?: (\d{1,12}|-))?(?: (\d{1,12}|-))?)?$/

/** One reading for each id, in their order. */
export function parseReadings(
  output: string,
  jobIds: readonly string[],
): Result<readonly JobReading[], string> {
  const lines = linesOf(output)
  if (!lines.ok) return lines
  const readings = lines.value.map(parseReading)
  const isWhole = readings.length === jobIds.length && readings.every((each, i) => each?.jobId === jobIds[i])
  return isWhole ? ok(readings as readonly JobReading[]) : fail(UNREADABLE)
}

function parseReading(line: string): JobReading | null {
  const found = jobLine.exec(line)
  if (found === null) return null
  const [, jobId = '', kind, first, second, third, fourth] = found
  const number = (text: string | undefined): number | null =>
    text === undefined || text === '-' ? null : Number(text)
  if (kind === 'absent' || kind === 'prepared') return first === undefined ? { jobId, kind } : null
  if (kind === 'running') {
    const [startedAtS, beat, now] = [first, second, third].map(number)
    if (startedAtS == null || beat == null || now == null || fourth !== undefined) return null
    return { jobId, kind, startedAtS, heartbeatAgeS: Math.max(0, now - beat) }
  }
  const exitCode = number(first)
  const isValid = fourth !== undefined && (second === '0' || second === '1') && (exitCode ?? 0) <= 255
  if (!isValid) return null
  const isTimedOut = second === '1'
  return { jobId, kind: 'ended', exitCode, isTimedOut, startedAtS: number(third), endedAtS: number(fourth) }
}

export interface EncodedLog {
  readonly sizeBytes: number
  readonly encoding: 'base64' | 'hex'
  /** Without white space. */
  readonly text: string
}

export function parseLog(output: string): Result<EncodedLog, string> {
  const lines = linesOf(output)
  if (!lines.ok) return lines
  const [head = '', ...rest] = lines.value
  const found = /^log (\d{1,15}) (base64|hex)$/.exec(head)
  if (found === null) return fail(UNREADABLE)
  const encoding = found[2] === 'hex' ? 'hex' : 'base64'
  const text = rest.join('').replaceAll(/\s/g, '')
  const isText = encoding === 'hex' ? /^(?:[0-9a-f]{2})*$/.test(text) : /^[A-Za-z0-9+/]*={0,2}$/.test(text)
  return isText ? ok({ sizeBytes: Number(found[1]), encoding, text }) : fail(UNREADABLE)
}

/**
 * `unsupported`: the pod knows no SHA-256. Names that can't be text are left out, because nobody could ask for them.
 */
export function parseResults(output: string): Result<readonly ResultFile[] | 'unsupported', string> {
  if (output.trim() === 'unsupported') return ok('unsupported')
  const lines = linesOf(output)
  if (!lines.ok) return lines
  const files = new Map<string, ResultFile>()
  for (const line of lines.value) {
    const found = /^file (\d{1,15}) ([0-9a-f]{64}) ((?:[0-9a-f]{2}){1,4096})$/.exec(line)
    if (found === null) return fail(UNREADABLE)
    const [, size, sha256 = '', hex = ''] = found
    const name = textOfHex(hex)
    if (name !== null) files.set(name, { name, sizeBytes: Number(size), sha256 })
  }
  return ok([...files.values()])
}

function textOfHex(hex: string): string | null {
  try {
    return decodeURIComponent(hex.replaceAll(/../g, '%$&'))
  } catch {
    return null
  }
}
