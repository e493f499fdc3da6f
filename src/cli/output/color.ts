import { plainText } from '../../core/base/plain-text'
import { cutTo, widthOf } from './text'

/** What a piece of text means; its colour never says anything that its words do not. */
export type Tone = 'plain' | 'dim' | 'strong' | 'good' | 'warn' | 'bad'

export interface Span {
  readonly text: string
  readonly tone: Tone
}

export type Line = readonly Span[]

export const span = (text: string, tone: Tone = 'plain'): Span => ({ text: plainText(text), tone })

const codes: Readonly<Record<Tone, string>> = {
  plain: '',
  dim: '2',
  strong: '1',
  good: '32',
  warn: '33',
  bad: '31',
}

/** A line as it is printed. The only place that writes colours; every span is plain text by then. */
export function paint(line: Line, hasColor: boolean): string {
  return line
    .map(({ text, tone }) =>
      hasColor && codes[tone] !== '' && text !== '' ? `\u001b[${codes[tone]}m${text}\u001b[0m` : text,
    )
    .join('')
    .trimEnd()
}

/** The line, cut to at most `columns`. */
export function cutLine(line: Line, columns: number): Line {
  const kept: Span[] = []
  let left = columns
  for (const { text, tone } of line) {
    if (left <= 0) break
    const cut = cutTo(text, left)
    kept.push({ text: cut, tone })
    left -= cut === text ? widthOf(text) : left
  }
  return kept
}

/** Whether to write colours: a person's `--no-color` and NO_COLOR hold, and so does a pipe. See no-color.org. */
export function wantsColor(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
  asked: boolean,
): boolean {
  if (!asked || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false
  return isTerminal
}
