/* The subset of shell syntax that people type: quotes, variables, pipes, lists and output redirection. */

interface Part {
  readonly text: string
  readonly after: '' | ';' | '&&' | '||'
}

/** The pipelines of a line, each with the operator before it. */
export function splitList(line: string): readonly Part[] {
  const parts: Part[] = []
  let after: Part['after'] = ''
  let rest = line
  for (;;) {
    const cut = findUnquoted(rest, /^(;|&&|\|\|)/)
    parts.push({ text: rest.slice(0, cut?.at ?? rest.length), after })
    if (cut === null) return parts.filter(({ text }) => text.trim() !== '')
    after = cut.found as Part['after']
    rest = rest.slice(cut.at + cut.found.length)
  }
}

/** The stages of a pipeline. */
export function splitPipes(text: string): readonly string[] {
  const parts: string[] = []
  let rest = text
  for (;;) {
    const cut = findUnquoted(rest, /^\|/)
    if (cut === null) return [...parts, rest]
    parts.push(rest.slice(0, cut.at))
    rest = rest.slice(cut.at + 1)
  }
}

/** The first position of `mark` outside quotes. */
function findUnquoted(text: string, mark: RegExp): { readonly at: number; readonly found: string } | null {
  let quote = ''
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (quote !== '') quote = char === quote ? '' : quote
    else if (char === '"' || char === "'") quote = char
    else {
      const [found] = mark.exec(text.slice(at)) ?? []
      if (found !== undefined) return { at, found }
    }
  }
  return null
}

/** Words with quotes and variables resolved; `>` remains a separate word. */
export function expandWords(text: string, variable: (name: string) => string): readonly string[] {
  const words: string[] = []
  let word = ''
  let isWord = false
  let quote = ''
  const end = () => {
    if (isWord) words.push(word)
    word = ''
    isWord = false
  }
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i)
    const [whole, name] = /^\$\{?(\w+|\?)\}?/.exec(text.slice(i)) ?? []
    if (char === '#' && quote === '' && !isWord) break
    if (whole !== undefined && quote !== "'") {
      word += variable(name ?? '')
      isWord = true
      i += whole.length - 1
    } else if (quote !== '' ? char === quote : char === '"' || char === "'") {
      quote = quote === '' ? char : ''
      isWord = true
    } else if (quote === '' && /\s/.test(char)) end()
    else if (quote === '' && char === '>') {
      end()
      const isAppend = text.charAt(i + 1) === '>'
      words.push(isAppend ? '>>' : '>')
      if (isAppend) i += 1
    } else {
      word += char
      isWord = true
    }
  }
  end()
  return words
}

/** A command without its redirection, and the redirection's target. */
export function parseRedirection(words: readonly string[]): {
  words: readonly string[]
  target: string | null
  isAppend: boolean
} {
  const at = words.findIndex((word) => word === '>' || word === '>>')
  if (at < 0) return { words, target: null, isAppend: false }
  return {
    words: [...words.slice(0, at), ...words.slice(at + 2)],
    target: words[at + 1] ?? '',
    isAppend: words[at] === '>>',
  }
}
