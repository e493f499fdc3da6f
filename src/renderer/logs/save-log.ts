import type { LogLine } from '../../core/logs/log-line'
import type { PodKey } from '../../core/pods/pod'
import type { LogBook } from '../../core/logs/log-book'
import type { Bridge } from '../../shared/ipc'
import { MAX_LOG_PART_CHARS } from '../../shared/requests/limits'
import { savedLine } from './logs-text'

/** Saves what is shown of a log to a file that the system's dialog asks for. Returns its path; null when canceled. */
export async function saveLog(
  bridge: Pick<Bridge, 'chooseLogFile' | 'appendToLogFile' | 'finishLogFile'>,
  podKey: PodKey,
  book: LogBook,
): ReturnType<Bridge['exportCosts']> {
  const chosen = await bridge.chooseLogFile(podKey)
  if (!chosen.ok || chosen.value === null) return chosen as { ok: true; value: null }
  const { fileId, path } = chosen.value
  for (const part of textParts(linesOf(book))) {
    const appended = await bridge.appendToLogFile(fileId, part)
    if (!appended.ok) {
      await bridge.finishLogFile(fileId, false)
      return appended
    }
  }
  const finished = await bridge.finishLogFile(fileId, true)
  return finished.ok ? { ok: true, value: path } : finished
}

/** Those that are there now, also if some are dropped meanwhile. */
function* linesOf(book: LogBook): Generator<LogLine> {
  const end = book.endIndex()
  for (let index = book.firstIndex(); index < end; index = Math.max(index + 1, book.firstIndex())) {
    const line = book.line(index)
    if (line !== undefined) yield line
  }
}

/** The text of the lines in parts that a request can carry. */
export function* textParts(lines: Iterable<LogLine>, maxChars = MAX_LOG_PART_CHARS): Generator<string> {
  let text = ''
  for (const line of lines) {
    text += savedLine(line)
    while (text.length >= maxChars) {
      // Each part is written on its own, and half a character could not be.
      const end = isHighSurrogate(text.charCodeAt(maxChars - 1)) ? maxChars - 1 : maxChars
      yield text.slice(0, end)
      text = text.slice(end)
    }
  }
  if (text !== '') yield text
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff

/** More would take seconds to paste. The newest lines are copied. */
const MAX_COPIED_CHARS = 5_000_000

/** The texts of the lines that are shown, and how many they are. */
export function copiedLines(book: LogBook): {
  readonly text: string
  readonly count: number
  readonly isAll: boolean
} {
  const lines: string[] = []
  let chars = 0
  let index = book.endIndex() - 1
  for (; index >= book.firstIndex() && chars < MAX_COPIED_CHARS; index -= 1) {
    const text = book.line(index)?.text ?? ''
    chars += text.length + 1
    lines.push(text)
  }
  return { text: lines.reverse().join('\n'), count: lines.length, isAll: index < book.firstIndex() }
}
