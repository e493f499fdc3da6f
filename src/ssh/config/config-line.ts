/** A line of an ssh_config(5). */
export interface ConfigLine {
  /** In small letters; empty: none. */
  readonly keyword: string
  readonly rest: string
}

/** Nothing is said by an empty one, or a comment. */
export function readConfigLine(line: string): ConfigLine {
  const [, keyword = '', rest = ''] = /^\s*([^\s#=][^\s=]*)(?:\s*=\s*|\s+|$)(.*)$/s.exec(line) ?? []
  return { keyword: keyword.toLowerCase(), rest }
}

/** The words of a line, up to a comment; they may be quoted. Throws where a quotation does not end, as ssh refuses that. */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = []
  let word: string | null = null
  let quote = ''
  const end = (): void => {
    if (word !== null) words.push(word)
    word = null
  }
  // A backslash says that a quotation mark or a space is one of the word; all others stay: Windows has them in paths.
  for (const [part] of text.matchAll(/\\['" ]|[^]/g)) {
    const isBlank = /^\s$/.test(part)
    if (quote === '' && isBlank) end()
    else if (quote === '' && word === null && part === '#') break
    else if (quote === '' && (part === '"' || part === "'")) {
      quote = part
      word ??= ''
    } else if (part === quote) quote = ''
    else word = (word ?? '') + plain(part, quote !== '')
  }
  if (quote !== '') throw new Error('A quotation does not end.')
  end()
  return words
}

function plain(part: string, isQuoted: boolean): string {
  return part.length === 1 || (isQuoted && part === '\\ ') ? part : part.charAt(1)
}
