import type { LogLine, StyleName } from '../../../core/logs/log-line'
import { formatDate } from '../../../core/base/text/format'
import { escapeControls } from '../../../core/base/text/escape-controls'
import { iso } from '../../output/json'

const codes: Readonly<Record<StyleName, number>> = {
  bold: 1,
  dim: 2,
  italic: 3,
  underline: 4,
  strike: 9,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
}

export interface LogLineFormat {
  readonly isJson: boolean
  readonly hasColor: boolean
  /** Says of each line where it is from. */
  readonly hasSources: boolean
}

/** A line as it is printed: the time in the zone of this computer, and its colors where they are wanted. */
export function printedLine(line: LogLine, { isJson, hasColor, hasSources }: LogLineFormat): string {
  const { atMs, source, text } = line
  if (isJson) return escapeControls(JSON.stringify({ at: iso(atMs), source, line: text }))
  const time = atMs === null ? '-' : timeText(atMs)
  const from = hasSources ? ` ${source.padEnd('container'.length)}` : ''
  const head = `${time}${from}`
  return `${hasColor ? `\u001b[2m${head}\u001b[0m` : head}  ${hasColor ? coloredText(line) : text}`
}

const timeText = (atMs: number): string =>
  formatDate(atMs, { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', second: '2-digit' })

/** The only sequences are those that are written here, since a line has none. */
function coloredText({ text, styles = [] }: LogLine): string {
  let colored = ''
  let end = 0
  for (const { from, to, names } of styles) {
    const start = names.map((name) => codes[name]).join(';')
    colored += `${text.slice(end, from)}\u001b[${start}m${text.slice(from, to)}\u001b[0m`
    end = to
  }
  return colored + text.slice(end)
}
