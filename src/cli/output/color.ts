import { plainText } from '../../core/base/text/plain-text'
import { textWidth, truncateText } from './text'

/** The meaning of a piece of text. Color never carries information that the text doesn't. */
export type Tone = 'plain' | 'dim' | 'strong' | 'good' | 'warn' | 'bad'

export interface StyledSpan {
  readonly text: string
  readonly tone: Tone
}

export type StyledLine = readonly StyledSpan[]

export const span = (text: string, tone: Tone = 'plain'): StyledSpan => ({ text: plainText(text), tone })

const colorCodes: Readonly<Record<Tone, string>> = {
  plain: '',
  dim: '2',
  strong: '1',
  good: '32',
  warn: '33',
  bad: '31',
}

/** Formats a line for printing. This is the only place that writes colors; every span is already plain text. */
export function colorize(line: StyledLine, hasColor: boolean): string {
  return line
    .map(({ text, tone }) =>
      hasColor && colorCodes[tone] !== '' && text !== ''
        ? `\u001b[${colorCodes[tone]}m${text}\u001b[0m`
        : text,
    )
    .join('')
    .trimEnd()
}

/** The line, truncated to `columns`. */
export function truncateLine(line: StyledLine, columns: number): StyledLine {
  const keptColumns: StyledSpan[] = []
  let remainingColumns = columns
  for (const { text, tone } of line) {
    if (remainingColumns <= 0) break
    const truncated = truncateText(text, remainingColumns)
    keptColumns.push({ text: truncated, tone })
    remainingColumns -= truncated === text ? textWidth(text) : remainingColumns
  }
  return keptColumns
}

/** Whether to use colors: not with `--no-color` or NO_COLOR, and not in a pipe. See no-color.org. */
export function wantsColor(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
  isRequested: boolean,
): boolean {
  if (!isRequested || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false
  return isTerminal
}
