/**
 * The screen of a terminal of this size after `output`. It implements only what the command line uses (home, erase to
 * the end of the line or screen, carriage return, newline, alternate screen) and removes colors.
 */
export function screenText(output: string, columns: number, rows: number): string {
  let lines = blank(rows)
  let [row, column] = [0, 0]
  let index = 0
  while (index < output.length) {
    const escape = output[index] === ESC ? SEQUENCE.exec(output.slice(index + 1, index + 20)) : null
    if (escape) {
      index += 1 + escape[0].length
      const [, , given, letter] = escape
      if (letter === 'H') [row, column] = [0, 0]
      else if (letter === 'K') lines[row] = given === '2' ? '' : lines[row]!.slice(0, column)
      else if (letter === 'J')
        lines =
          given === '2'
            ? blank(rows)
            : lines.map((line, at) => (at > row ? '' : at === row ? line.slice(0, column) : line))
      else if (letter === 'h' && given === '1049') lines = blank(rows)
      else if (letter !== 'm' && letter !== 'h' && letter !== 'l')
        throw new Error(`a sequence of no use here: ${letter}`)
      continue
    }
    const character = String.fromCodePoint(output.codePointAt(index)!)
    index += character.length
    if (character === '\r') column = 0
    else if (character === '\n') row += 1
    else {
      if (column >= columns)
        throw new Error(`line ${row + 1} is longer than the terminal is wide: ${lines[row]}`)
      if (row >= rows) throw new Error(`more lines than the terminal has: ${character}`)
      lines[row] = lines[row]!.padEnd(column).slice(0, column) + character + lines[row]!.slice(column + 1)
      column += 1
    }
  }
  return lines.map((line) => line.trimEnd()).join('\n')
}

const ESC = '\u001b'
const SEQUENCE = /^\[(\??)([\d;]*)([A-Za-z])/

const blank = (rows: number): string[] => Array.from({ length: rows }, () => '')
