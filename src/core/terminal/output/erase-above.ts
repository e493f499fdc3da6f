interface EraseHandler {
  eraseInDisplay(
    params: { readonly params: readonly number[]; readonly length: number },
    isSelective: boolean,
  ): boolean
}

/** What is needed of xterm.js: its API, and a function behind it that may be missing in other versions. */
interface ErasableTerminal {
  readonly cols: number
  readonly buffer: {
    readonly active: { readonly cursorX: number; readonly cursorY: number; getLine(y: number): unknown }
  }
  readonly parser: {
    registerCsiHandler(
      id: { readonly prefix?: string; readonly final: string },
      handler: (params: (number | number[])[]) => boolean,
    ): unknown
  }
  readonly _core?: { readonly _inputHandler?: Partial<EraseHandler> }
}

const ABOVE = 1
const ALL = 2

/**
 * xterm.js 6.0.0 throws, and parses nothing more, when everything above the cursor is erased (ED 1) while the cursor is
 * in the last column and no line follows its line. There, all of the screen is above.
 */
export function fixEraseAbove(terminal: object): void {
  const { parser, buffer, _core } = terminal as ErasableTerminal
  for (const isSelective of [false, true])
    parser.registerCsiHandler({ ...(isSelective ? { prefix: '?' } : {}), final: 'J' }, ([kind]) => {
      const { active } = buffer
      const isLast = active.cursorX >= (terminal as ErasableTerminal).cols - 1
      if (kind !== ABOVE || !isLast || active.getLine(active.cursorY + 1) !== undefined) return false
      _core?._inputHandler?.eraseInDisplay?.({ params: [ALL], length: 1 }, isSelective)
      return true
    })
}
