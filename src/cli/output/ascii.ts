import type { StandardOutput } from './cli-process'

/**
 * Whether the environment chose a locale whose only characters are ASCII. Where it chose none, as in a container, UTF-8
 * is assumed.
 */
export const isAsciiLocale = (env: NodeJS.ProcessEnv): boolean =>
  /^(C|POSIX)$/.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '')

/** From now on, everything that is written to the stream as text is ASCII. */
export function writeAscii(stream: StandardOutput): void {
  const write = stream.write.bind(stream) as (...args: readonly unknown[]) => boolean
  stream.write = (chunk: unknown, ...rest: readonly unknown[]): boolean =>
    write(typeof chunk === 'string' ? toAscii(chunk) : chunk, ...rest)
}

/** JSON keeps its meaning; of other text, what has no like in ASCII becomes "?". */
export function toAscii(text: string): string {
  return /^\s*[[{]/.test(text) ? text.replaceAll(NOT_ASCII, escaped) : inAscii(text)
}

const NOT_ASCII = /[^\0-\u007f]/g

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

const likes: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '…': '...',
  '–': '-',
  '—': '-',
  '−': '-',
  '·': '-',
  '•': '*',
  '×': 'x',
  '→': '->',
  '←': '<-',
  '≤': '<=',
  '≥': '>=',
  '≈': '~',
  '✓': 'v',
}

/** Accents go, since "resume" is read more easily than "r?sum?". */
const inAscii = (text: string): string =>
  text
    .replaceAll(/[^\0-\u007f]/g, (unit) => likes[unit] ?? unit)
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .replaceAll(/[^\0-\u007f]/gu, '?')
