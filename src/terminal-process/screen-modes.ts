import type { Terminal } from '@xterm/headless'

/**
 * Tracks the modes that `@xterm/addon-serialize` does not include: margins, saved cursor, cursor style, mouse
 * encoding, line feeds that return the carriage, and an open link.
 */
export interface ScreenModes {
  /** Escape sequences to append to those of the addon. */
  serialize(): string
  /** Whether the screen scrolls only between margins. */
  hasMargins(): boolean
}

const CURSOR_HIDDEN = 25
/** Only one of these is active at a time. */
const MOUSE_ENCODINGS: readonly number[] = [1005, 1006, 1015, 1016]

export function trackModes(terminal: Terminal): ScreenModes {
  const { parser } = terminal
  let isCursorHidden = false
  let mouseEncoding: number | null = null
  let cursorStyle: number | null = null
  /** Parameters and address, as in the sequence that opened it. */
  let link: string | null = null
  /** The saved cursor position, counted from the first line of the scrollback. */
  let savedCursor: { readonly column: number; readonly line: number } | null = null
  let margins: readonly [top: number, bottom: number] | null = null

  function reset(): void {
    isCursorHidden = false
    mouseEncoding = null
    cursorStyle = null
    margins = null
    link = null
    savedCursor = null
  }
  // Returning false lets the terminal process the sequence too.
  const observe = (run: () => void): false => {
    run()
    return false
  }
  parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params) =>
    observe(() => {
      for (const mode of params) {
        if (mode === CURSOR_HIDDEN) isCursorHidden = false
        else if (isMouseEncoding(mode)) mouseEncoding = mode
      }
    }),
  )
  parser.registerCsiHandler({ prefix: '?', final: 'l' }, (params) =>
    observe(() => {
      for (const mode of params) {
        if (mode === CURSOR_HIDDEN) isCursorHidden = true
        else if (isMouseEncoding(mode)) mouseEncoding = null
      }
    }),
  )
  parser.registerCsiHandler({ intermediates: ' ', final: 'q' }, ([style]) =>
    observe(() => {
      cursorStyle = numberOf(style)
    }),
  )
  parser.registerCsiHandler({ final: 'r' }, ([first, last]) =>
    observe(() => {
      const top = numberOf(first) ?? 1
      const bottom = Math.min(numberOf(last) ?? terminal.rows, terminal.rows)
      if (top < bottom) margins = top === 1 && bottom === terminal.rows ? null : [top, bottom]
    }),
  )
  const saveCursor = (): false =>
    observe(() => {
      const { cursorX, cursorY, baseY } = terminal.buffer.active
      savedCursor = { column: Math.min(cursorX, terminal.cols - 1), line: baseY + cursorY }
    })
  parser.registerEscHandler({ final: '7' }, saveCursor)
  parser.registerCsiHandler({ final: 's' }, saveCursor)
  terminal.buffer.onBufferChange(() => {
    savedCursor = null
  })
  parser.registerOscHandler(8, (data) =>
    observe(() => {
      link = data.slice(data.indexOf(';') + 1) === '' ? null : data
    }),
  )
  // Soft reset and full reset.
  parser.registerCsiHandler({ intermediates: '!', final: 'p' }, () => observe(reset))
  parser.registerEscHandler({ final: 'c' }, () => observe(reset))
  terminal.onResize(() => {
    margins = null
  })

  /** Restored last, because all of this moves the cursor, as does the addon's origin mode. */
  function cursorSequence(): string {
    const { cursorX, cursorY, baseY } = terminal.buffer.active
    const isOrigin = terminal.modes.originMode
    const canSaveCursor = savedCursor !== null && !isOrigin && cursorX < terminal.cols
    if (margins === null && !isOrigin && !canSaveCursor) return ''
    const [top, bottom] = margins ?? [1, terminal.rows]
    const row = isOrigin ? cursorY - (top - 1) : cursorY
    const setMargins = margins === null ? '' : `\x1b[${top};${bottom}r`
    const saveCursorSequence =
      savedCursor !== null && canSaveCursor
        ? `\x1b[${Math.max(0, savedCursor.line - baseY) + 1};${savedCursor.column + 1}H\x1b7`
        : ''
    return `${setMargins}${saveCursorSequence}\x1b[${Math.max(0, row) + 1};${Math.min(cursorX, terminal.cols - 1) + 1}H`
  }

  return {
    hasMargins: () => margins !== null,
    serialize: () =>
      [
        cursorSequence(),
        mouseEncoding === null ? '' : `\x1b[?${mouseEncoding}h`,
        cursorStyle === null ? '' : `\x1b[${cursorStyle} q`,
        isCursorHidden ? '\x1b[?25l' : '',
        terminal.options.convertEol === true ? '\x1b[20h' : '',
        // The addon mistakes an open link for an underline that never ends.
        link === null ? '' : `\x1b[24m\x1b]8;${link}\x1b\\`,
      ].join(''),
  }
}

type Parameter = number | number[] | undefined

const isMouseEncoding = (mode: Parameter): mode is number =>
  typeof mode === 'number' && MOUSE_ENCODINGS.includes(mode)

/** Null when absent or the default. */
const numberOf = (parameter: Parameter): number | null =>
  typeof parameter === 'number' && parameter > 0 ? parameter : null
