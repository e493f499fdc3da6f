import { isAbsolute, join, normalize } from 'node:path'
import { readConfigLine, splitWords } from './config-line'

/*
 * One `Include` line in an ssh_config(5), of which every other byte stays as it is. Texts are latin1, in which each byte
 * is a character.
 */

/**
 * `applies`: ssh reads the files for every host. `conditional`: only where a `Host` or `Match` before the line applies.
 */
export type IncludeState = 'applies' | 'conditional' | 'absent'

/** `path`: full path with wildcards of what is included. Relative paths of the config start at `~/.ssh`. */
export function findInclude(text: string, path: string, home: string): IncludeState {
  let isConditional = false
  let state: IncludeState = 'absent'
  for (const line of text.split('\n')) {
    const { keyword, rest } = readConfigLine(line)
    if (keyword === 'host' || keyword === 'match') isConditional = true
    if (keyword !== 'include' || !wordsOf(rest).some((word) => isSamePath(word, path, home))) continue
    if (!isConditional) return 'applies'
    state = 'conditional'
  }
  return state
}

/** With the line before all others, so that it applies to every host. `line` has no line end. */
export function withInclude(text: string, line: string): string {
  const end = /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n'
  return `${line}${end}${text}`
}

/** Without the lines that are exactly this one. */
export function withoutInclude(text: string, line: string): string {
  return text
    .split(/(?<=\n)/)
    .filter((one) => one.replace(/\r?\n$/, '') !== line)
    .join('')
}

function isSamePath(word: string, path: string, home: string): boolean {
  const full = word.startsWith('~/') ? join(home, word.slice(2)) : word
  return normalize(isAbsolute(full) ? full : join(home, '.ssh', full)) === normalize(path)
}

function wordsOf(rest: string): readonly string[] {
  try {
    return splitWords(Buffer.from(rest, 'latin1').toString('utf8'))
  } catch {
    return []
  }
}
