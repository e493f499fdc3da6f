/** Behind the API of xterm.js; may be missing in other versions. */
interface TerminalCore {
  readonly _core?: { refresh?: (start: number, end: number) => void }
}

/** More than that between two frames can't be read, and a frame costs as much time as parsing it. */
const FLOOD_BYTES = 16 * 1024
const FRAME_MS = 50

/**
 * Makes a terminal draw every frame as usual, but only 20 frames a second while output floods it. Returns a function
 * that is to be called with the length of what is handed to the terminal.
 */
export function drawCalmly(terminal: object): (bytes: number) => void {
  const core = (terminal as TerminalCore)._core
  const refresh = core?.refresh?.bind(core)
  let bytesSinceDrawn = 0
  let drawnAtMs = 0
  let rows: readonly [start: number, end: number] | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  function draw(): void {
    clearTimeout(timer)
    timer = undefined
    bytesSinceDrawn = 0
    drawnAtMs = performance.now()
    if (rows !== null) refresh?.(...rows)
    rows = null
  }

  if (core !== undefined && refresh !== undefined)
    core.refresh = (start, end) => {
      rows = rows === null ? [start, end] : [Math.min(rows[0], start), Math.max(rows[1], end)]
      const waitMs = bytesSinceDrawn > FLOOD_BYTES ? drawnAtMs + FRAME_MS - performance.now() : 0
      if (waitMs <= 0) draw()
      else timer ??= setTimeout(draw, waitMs)
    }
  return (bytes) => void (bytesSinceDrawn += bytes)
}
