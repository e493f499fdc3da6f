/** A parsed line of an ssh_config(5). */
export interface ConfigLine {
  /** The keyword in lower case; empty if there is none. */
  readonly keyword: string
  readonly rest: string
}

/** A blank line or a comment. */
export function readConfigLine(line: string): ConfigLine {
  const [, keyword = '', rest = ''] = /^\s*([^\s#=][^\s=]*)(?:\s*=\s*|\s+|$)(.*)$/s.exec(line) ?? []
  return { keyword: keyword.toLowerCase(), rest }
}

/**
 * The words of a line up to a comment; words may be quoted. Throws on an unterminated quote, as ssh also
 * rejects that.
 */
export function splitWords(text: string): readonly string[] {
  const words: string[] = []
  let word: string | null = null
  let quote = ''
  const end = (): void => {
    if (word !== null) words.push(word)
    word = null
  }
  // A backslash escapes only a quote or a space; other backslashes stay, because Windows paths contain them.
  for (const [part] of text.matchAll(/\\['" ]|[^]/g)) {
    const isBlank = /^\s$/.test(part)
    if (quote === '' && isBlank) end()
    else if (quote === '' && word === null && part === '#') break
    else if (quote === '' && (part === '"' || part === "'")) {
      quote = part
      word ??= ''
    } else if (part === quote) quote = ''
    else word = (word ?? '') + unescapePart(part, quote !== '')
  }
  if (quote !== '') throw new Error('A quotation mark is not closed.')
  end()
  return words
}

function unescapePart(part: string, isQuoted: boolean): string {
  return part.length === 1 || (isQuoted && part === '\\ ') ? part : part.charAt(1)
}
