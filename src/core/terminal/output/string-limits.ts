/** What is needed of the API of xterm.js. */
interface TerminalWithStrings {
  readonly parser: { registerOscHandler(id: number, handler: (data: string) => boolean): unknown }
}

/** More than twice what 256 colors in one sequence take. */
export const MAX_STRING_CHARS = 12 * 1024

/**
 * Commands (OSC) that xterm.js or Podkeeper carry out: titles, colors, folders, marks of a shell. Links and the
 * clipboard have limits of their own; others have no effect.
 */
const LIMITED = [0, 1, 2, 4, 7, 9, 10, 11, 12, 104, 110, 111, 112, 133, 633, 1337]

/**
 * Drops commands that are too long, whole: xterm.js 6.0.0 takes 128 s for half a megabyte of colors. To be called after
 * all other handlers are registered, since it has to be asked first.
 */
export function limitStrings(terminal: TerminalWithStrings): void {
  for (const id of LIMITED) terminal.parser.registerOscHandler(id, (data) => data.length > MAX_STRING_CHARS)
}
