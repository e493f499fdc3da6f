import { colorize, type StyledLine, truncateLine } from '../output/color'

/** A whole terminal, drawn over and over. */
export interface WatchScreen {
  draw(lines: readonly StyledLine[]): void
  readonly columns: number
  readonly rows: number
  /** Gives the terminal back as it was. */
  leave(): void
  /** Takes it again, after `leave`. */
  enter(): void
}

const ENTER_SEQUENCE = '\u001b[?1049h\u001b[?25l'
const LEAVE_SEQUENCE = '\u001b[?25h\u001b[?1049l'

/** Uses the terminal's other screen, so that what was on it comes back. */
export function createWatchScreen(terminal: NodeJS.WriteStream, hasColor: boolean): WatchScreen {
  let lastLines: readonly string[] | null = null
  let size = ''
  let isEntered = false
  // Whatever way the process ends by itself, the cursor comes back, and before it says what went wrong.
  const leave = (): void => {
    if (!isEntered) return
    isEntered = false
    terminal.write(LEAVE_SEQUENCE)
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
      const rendered = lines.slice(0, rows).map((line) => colorize(truncateLine(line, columns), hasColor))
      // A terminal of another size may have moved what was on it.
      if (size !== `${columns} ${rows}`) lastLines = null
      size = `${columns} ${rows}`
      if (
        lastLines?.length === rendered.length &&
        rendered.every((line, index) => line === lastLines?.[index])
      )
        return
      lastLines = rendered
      // Erased before it is written: after a line as wide as the terminal, that would erase its last character.
      const below = rendered.length < rows ? '\r\n\u001b[J' : ''
      terminal.write(`\u001b[H${rendered.map((line) => `\u001b[2K${line}`).join('\r\n')}${below}`)
    },
    leave,
    enter() {
      isEntered = true
      lastLines = null
      terminal.write(`${ENTER_SEQUENCE}\u001b[2J`)
    },
  }
}
