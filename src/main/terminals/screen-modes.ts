import type { Terminal } from '@xterm/headless'

/**
 * What `@xterm/addon-serialize` does not write down: margins, the kept place and the look of
 * the cursor, how the mouse is told of, an open link. */
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
  /** As the sequence that began it has it: parameters and address. */
  let link: string | null = null
  /** Where the cursor is to go back to, from the first line of the scrollback. */
  let kept: { readonly column: number; readonly line: number } | null = null
  let margins: readonly [top: number, bottom: number] | null = null

  function reset(): void {
    isCursorHidden = false
    mouseEncoding = null
    cursorStyle = null
    margins = null
    link = null
    kept = null
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
  const keep = (): false =>
    listen(() => {
      const { cursorX, cursorY, baseY } = terminal.buffer.active
      kept = { column: Math.min(cursorX, terminal.cols - 1), line: baseY + cursorY }
    })
  parser.registerEscHandler({ final: '7' }, keep)
  parser.registerCsiHandler({ final: 's' }, keep)
  terminal.buffer.onBufferChange(() => {
    kept = null
  })
  parser.registerOscHandler(8, (data) =>
    listen(() => {
      link = data.slice(data.indexOf(';') + 1) === '' ? null : data
    }),
  )
  // A soft reset, and a full one.
  parser.registerCsiHandler({ intermediates: '!', final: 'p' }, () => listen(reset))
  parser.registerEscHandler({ final: 'c' }, () => listen(reset))
  terminal.onResize(() => {
    margins = null
  })

  /** All of this moves the cursor, as does the addon's own origin mode. */
  function place(): string {
    const { cursorX, cursorY, baseY } = terminal.buffer.active
    const isOrigin = terminal.modes.originMode
    const canKeep = kept !== null && !isOrigin && cursorX < terminal.cols
    if (margins === null && !isOrigin && !canKeep) return ''
    const [top, bottom] = margins ?? [1, terminal.rows]
    const row = isOrigin ? cursorY - (top - 1) : cursorY
    const setMargins = margins === null ? '' : `\x1b[${top};${bottom}r`
    const keeping =
      kept !== null && canKeep ? `\x1b[${Math.max(0, kept.line - baseY) + 1};${kept.column + 1}H\x1b7` : ''
    return `${setMargins}${keeping}\x1b[${Math.max(0, row) + 1};${Math.min(cursorX, terminal.cols - 1) + 1}H`
  }

  return {
    serialise: () =>
      [
        place(),
        mouseEncoding === null ? '' : `\x1b[?${mouseEncoding}h`,
        cursorStyle === null ? '' : `\x1b[${cursorStyle} q`,
        isCursorHidden ? '\x1b[?25l' : '',
        // The addon takes it for an underline without end.
        link === null ? '' : `\x1b[24m\x1b]8;${link}\x1b\\`,
      ].join(''),
  }
}

type Parameter = number | number[] | undefined

const isMouseEncoding = (mode: Parameter): mode is number =>
  typeof mode === 'number' && MOUSE_ENCODINGS.includes(mode)

/** Null: it is not said, or as the default. */
const numberOf = (parameter: Parameter): number | null =>
  typeof parameter === 'number' && parameter > 0 ? parameter : null
