/**
 * The words of a command as a POSIX shell reads them, of what `createCommand` writes: plain words and single quotes.
 */
export function shellWords(command: string): readonly string[] {
  const words: string[] = []
  let word: string | null = null
  for (let at = 0; at < command.length; at += 1) {
    const character = command[at]
    if (character === ' ') {
      if (word !== null) words.push(word)
      word = null
    } else if (character === "'") {
      const end = command.indexOf("'", at + 1)
      if (end === -1) throw new Error('a quote is not closed')
      word = (word ?? '') + command.slice(at + 1, end)
      at = end
    } else if (character === '\\') {
      word = (word ?? '') + command[++at]
    } else if (/[\w./:@%+,=-]/.test(character ?? '')) word = (word ?? '') + character
    else throw new Error(`the shell would not take ${character} as it is`)
  }
  return word === null ? words : [...words, word]
}
