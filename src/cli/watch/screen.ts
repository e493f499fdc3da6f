import { cutLine, type Line, paint } from '../output/color'

/** A whole terminal, drawn over and over. */
export interface Screen {
  draw(lines: readonly Line[]): void
  readonly columns: number
  readonly rows: number
  /** Gives the terminal back as it was. */
  leave(): void
  /** Takes it again, after `leave`. */
  enter(): void
}

const ENTER = '\u001b[?1049h\u001b[?25l'
const LEAVE = '\u001b[?25h\u001b[?1049l'

/** Uses the terminal's other screen, so that what was on it comes back. */
export function createScreen(terminal: NodeJS.WriteStream, hasColor: boolean): Screen {
  let shown: readonly string[] | null = null
  let size = ''
  let isEntered = false
  // Whatever way the process ends by itself, the cursor comes back, and before it says what went wrong.
  const leave = (): void => {
    if (!isEntered) return
    isEntered = false
    terminal.write(LEAVE)
  }
  process.on('exit', leave).on('uncaughtExceptionMonitor', leave)
  return {
    get columns() {
      return terminal.columns || 80
    },
    get rows() {
      return terminal.rows || 24
    },
    draw(lines) {
      if (!isEntered) return
      const columns = terminal.columns || 80
      const rows = terminal.rows || 24
      const painted = lines.slice(0, rows).map((line) => paint(cutLine(line, columns), hasColor))
      // A terminal of another size may have moved what was on it.
      if (size !== `${columns} ${rows}`) shown = null
      size = `${columns} ${rows}`
      if (shown?.length === painted.length && painted.every((line, index) => line === shown?.[index])) return
      shown = painted
      // Erased before it is written: after a line as wide as the terminal, that would erase its last character.
      const below = painted.length < rows ? '\r\n\u001b[J' : ''
      terminal.write(`\u001b[H${painted.map((line) => `\u001b[2K${line}`).join('\r\n')}${below}`)
    },
    leave,
    enter() {
      isEntered = true
      shown = null
      terminal.write(`${ENTER}\u001b[2J`)
    },
  }
}
