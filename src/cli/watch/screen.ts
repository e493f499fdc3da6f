import type { StandardOutput, ProcessEvents } from '../output/cli-process'
import { colorize, type StyledLine, truncateLine } from '../output/color'

/** A full-screen terminal view that is redrawn. */
export interface WatchScreen {
  draw(lines: readonly StyledLine[]): void
  readonly columns: number
  readonly rows: number
  /** Restores the terminal. */
  leave(): void
  /** Switches back to the view after `leave`. */
  enter(): void
}

const ENTER_SEQUENCE = '\u001b[?1049h\u001b[?25l'
const LEAVE_SEQUENCE = '\u001b[?25h\u001b[?1049l'

/** Uses the terminal's alternate screen, so that its previous contents come back. */
export function createWatchScreen(
  terminal: StandardOutput,
  hasColor: boolean,
  events: ProcessEvents,
): WatchScreen {
  let lastLines: readonly string[] | null = null
  let size = ''
  let isEntered = false
  // The cursor is restored however the process exits, and before an error is printed.
  const leave = (): void => {
    if (!isEntered) return
    isEntered = false
    terminal.write(LEAVE_SEQUENCE)
  }
  for (const event of ['exit', 'uncaughtExceptionMonitor']) events.on(event, leave)
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
      // Resizing the terminal may have moved its contents.
      if (size !== `${columns} ${rows}`) lastLines = null
      size = `${columns} ${rows}`
      if (
        lastLines?.length === rendered.length &&
        rendered.every((line, index) => line === lastLines?.[index])
      )
        return
      lastLines = rendered
      // Clears before writing: after a full-width line, clearing would erase the line's last character.
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
