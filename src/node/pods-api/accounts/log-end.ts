import { redact } from '../../../core/base/text/redact'
import type { LogText } from '../../../core/queue/job-log'
import type { Holder } from './holder'

const MAX_LOG_BYTES = 64 * 1_024

/** The end of what a job printed, without secrets. */
export async function readJobLogEnd(holder: Holder, jobId: string) {
  const first = await holder.ask(null, (requests) => requests.jobLog(jobId, 0))
  if (!first.ok) return first
  const { sizeBytes } = first.value
  const fromByte = Math.max(0, sizeBytes - MAX_LOG_BYTES)
  const read = fromByte === 0 ? first : await holder.ask(null, (requests) => requests.jobLog(jobId, fromByte))
  if (!read.ok) return read
  const isCut = fromByte > 0
  return { ok: true, value: { text: logEnd(read.value, isCut), sizeBytes, isCut } } as const
}

/** What is shown of the end of a log. `isCut`: something precedes it. */
export function logEnd(
  { text, unfinishedLine }: Pick<LogText, 'text' | 'unfinishedLine'>,
  isCut: boolean,
): string {
  // A progress bar drew over the beginning of its line, so that what is left is whole.
  const isBar = text === '' && Buffer.byteLength(unfinishedLine) < MAX_LOG_BYTES / 2
  const printed = text + unfinishedLine
  // A line that lacks its beginning may have a part of a secret, which would not be recognized.
  const whole = isCut && !isBar ? printed.replace(/^[^\n]*\n?/, '') : printed
  return hideKeys(whole, isCut)
    .split('\n')
    .map((line) => redact(line))
    .join('\n')
}

/** Hides keys of several lines, whose lines say nothing alone. `isCut`: the text may begin within one. */
export const hideKeys = (text: string, isCut: boolean): string =>
  (isCut ? withoutEndOfKey(text) : text).replaceAll(KEY, '[hidden]')

const KEY = /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g

function withoutEndOfKey(text: string): string {
  const end = /-----END [A-Z0-9 ]+-----/.exec(text)
  if (end === null || text.slice(0, end.index).includes('-----BEGIN ')) return text
  return `[hidden]${text.slice(end.index + end[0].length)}`
}
