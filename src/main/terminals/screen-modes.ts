import type { Terminal } from '@xterm/headless'

/** What `@xterm/addon-serialize` does not write down: margins, the cursor's look, how the mouse is told of. */
export interface ScreenModes {
  /** Escape sequences that come after those of the addon. */
  serialise(): string
}

const CURSOR_HIDDEN = 25
/** One of these at a time. */
const MOUSE_ENCODINGS: readonly number[] = [1005, 1006, 1015, 1016]

export function trackModes(terminal: Terminal): ScreenModes {
  const { parser } = terminal
  let isCursorHidden = false
  let mouseEncoding: number | null = null
  let cursorStyle: number | null = null
  let margins: readonly [top: number, bottom: number] | null = null

  function reset(): void {
    isCursorHidden = false
    mouseEncoding = null
    cursorStyle = null
    margins = null
  }
  // Whatever listens only must say that it is not done.
  const listen = (run: () => void): false => {
    run()
    return false
  }
  parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params) =>
    listen(() => {
      for (const mode of params) {
        if (mode === CURSOR_HIDDEN) isCursorHidden = false
        else if (isMouseEncoding(mode)) mouseEncoding = mode
      }
    }),
  )
  parser.registerCsiHandler({ prefix: '?', final: 'l' }, (params) =>
    listen(() => {
      for (const mode of params) {
        if (mode === CURSOR_HIDDEN) isCursorHidden = true
        else if (isMouseEncoding(mode)) mouseEncoding = null
      }
    }),
  )
  parser.registerCsiHandler({ intermediates: ' ', final: 'q' }, ([style]) =>
    listen(() => {
      cursorStyle = numberOf(style)
    }),
  )
  parser.registerCsiHandler({ final: 'r' }, ([first, last]) =>
    listen(() => {
      const top = numberOf(first) ?? 1
      const bottom = Math.min(numberOf(last) ?? terminal.rows, terminal.rows)
      if (top < bottom) margins = top === 1 && bottom === terminal.rows ? null : [top, bottom]
    }),
  )
  // A soft reset, and a full one.
  parser.registerCsiHandler({ intermediates: '!', final: 'p' }, () => listen(reset))
  parser.registerEscHandler({ final: 'c' }, () => listen(reset))
  terminal.onResize(() => {
    margins = null
  })

  /** Setting margins sends the cursor home, and so does the addon's own origin mode. */
  function place(): string {
    const { cursorX, cursorY } = terminal.buffer.active
    const isOrigin = terminal.modes.originMode
    if (margins === null && !isOrigin) return ''
    const [top, bottom] = margins ?? [1, terminal.rows]
    const row = isOrigin ? cursorY - (top - 1) : cursorY
    const setMargins = margins === null ? '' : `\x1b[${top};${bottom}r`
    return `${setMargins}\x1b[${Math.max(0, row) + 1};${Math.min(cursorX, terminal.cols - 1) + 1}H`
  }

  return {
    serialise: () =>
      [
        place(),
        mouseEncoding === null ? '' : `\x1b[?${mouseEncoding}h`,
        cursorStyle === null ? '' : `\x1b[${cursorStyle} q`,
        isCursorHidden ? '\x1b[?25l' : '',
      ].join(''),
  }
}

type Parameter = number | number[] | undefined

const isMouseEncoding = (mode: Parameter): mode is number =>
  typeof mode === 'number' && MOUSE_ENCODINGS.includes(mode)

/** Null: it is not said, or as the default. */
const numberOf = (parameter: Parameter): number | null =>
  typeof parameter === 'number' && parameter > 0 ? parameter : null
