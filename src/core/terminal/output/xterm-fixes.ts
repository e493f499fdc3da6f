interface EraseHandler {
  eraseInDisplay(
    params: { readonly params: readonly number[]; readonly length: number },
    isSelective: boolean,
  ): boolean
}

/** What is needed of xterm.js: its API, and a function behind it that may be missing in other versions. */
interface FixableTerminal {
  readonly cols: number
  readonly buffer: {
    readonly active: { readonly cursorX: number; readonly cursorY: number; getLine(y: number): unknown }
  }
  readonly parser: {
    registerCsiHandler(
      id: { readonly prefix?: string; readonly final: string },
      handler: (params: (number | number[])[]) => boolean,
    ): unknown
    registerEscHandler(id: { readonly final: string }, handler: () => boolean): unknown
  }
  readonly options: { convertEol?: boolean }
  readonly _core?: { readonly _inputHandler?: Partial<EraseHandler> }
}

const ABOVE = 1
const ALL = 2

/** Mends what xterm.js 6.0.0 does with some sequences, in a window as without one. */
export function fixXterm(terminal: object): void {
  fixEraseAbove(terminal as FixableTerminal)
  fixFullReset(terminal as FixableTerminal)
}

/** A full reset (RIS) leaves it on that a line feed returns the carriage, too (LNM), which its mode 20 sets. */
function fixFullReset({ parser, options }: FixableTerminal): void {
  parser.registerEscHandler({ final: 'c' }, () => {
    options.convertEol = false
    return false
  })
}

/**
 * It throws, and parses nothing more, when everything above the cursor is erased (ED 1) while the cursor is in the last
 * column and no line follows its line. There, all of the screen is above.
 */
function fixEraseAbove(terminal: FixableTerminal): void {
  const { parser, buffer, _core } = terminal
  for (const isSelective of [false, true])
    parser.registerCsiHandler({ ...(isSelective ? { prefix: '?' } : {}), final: 'J' }, ([kind]) => {
      const { active } = buffer
      const isLast = active.cursorX >= terminal.cols - 1
      if (kind !== ABOVE || !isLast || active.getLine(active.cursorY + 1) !== undefined) return false
      _core?._inputHandler?.eraseInDisplay?.({ params: [ALL], length: 1 }, isSelective)
      return true
    })
}
