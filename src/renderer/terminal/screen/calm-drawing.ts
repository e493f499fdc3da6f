/** Behind the API of xterm.js; may be missing in other versions. */
interface TerminalCore {
  readonly _core?: {
    refresh?: (start: number, end: number) => void
    readonly _themeService?: { readonly _onChangeColors?: { fire?: (colors: unknown) => void } }
    readonly _selectionService?: { readonly hasSelection: boolean; refresh?: (isByMouse?: boolean) => void }
  }
}

/** Between two frames of a flood. */
const FRAME_MS = 50
/** More in two such times can't be read. */
const FLOOD_BYTES = 64 * 1024
/** After so long without more, a flood is over, and its end is drawn at once. */
const PAUSE_MS = 10

/** Called with each output of a terminal. */
export interface OutputMeter {
  readonly onGiven: (bytes: number) => void
  readonly onParsed: (bytes: number) => void
}

/**
 * Makes a terminal draw as usual, but only 20 times a second while output floods it: a frame costs as much time as
 * parsing tens of kilobytes. To be called once it is open.
 */
export function drawCalmly(terminal: object): OutputMeter {
  const core = (terminal as TerminalCore)._core
  const refresh = core?.refresh?.bind(core)
  let [sinceMs, bytesSince, bytesBefore] = [0, 0, 0]
  let drawnAtMs = 0
  let rows: readonly [start: number, end: number] | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let pauseTimer: ReturnType<typeof setTimeout> | undefined
  let unparsedBytes = 0

  function count(bytes: number): void {
    const passedMs = performance.now() - sinceMs
    if (passedMs >= FRAME_MS) {
      sinceMs += passedMs
      bytesBefore = passedMs < 2 * FRAME_MS ? bytesSince : 0
      bytesSince = 0
    }
    bytesSince += bytes
  }

  function draw(): void {
    clearTimeout(timer)
    clearTimeout(pauseTimer)
    timer = undefined
    drawnAtMs = performance.now()
    if (rows !== null) refresh?.(...rows)
    rows = null
  }

  if (core !== undefined && refresh !== undefined)
    core.refresh = (start, end) => {
      rows = rows === null ? [start, end] : [Math.min(rows[0], start), Math.max(rows[1], end)]
      count(0)
      const waitMs = bytesBefore + bytesSince > FLOOD_BYTES ? drawnAtMs + FRAME_MS - performance.now() : 0
      if (waitMs <= 0) draw()
      else timer ??= setTimeout(draw, waitMs)
    }
  skipEmptySelections(core?._selectionService)
  joinColorChanges(core?._themeService)
  return {
    onGiven(bytes) {
      clearTimeout(pauseTimer)
      unparsedBytes += bytes
      count(bytes)
    },
    onParsed(bytes) {
      unparsedBytes -= bytes
      if (unparsedBytes > 0 || rows === null) return
      clearTimeout(pauseTimer)
      pauseTimer = setTimeout(draw, PAUSE_MS)
    },
  }
}

/** With each scroll, xterm.js 6.0.0 draws all rows once more for a selection that doesn't exist. */
function skipEmptySelections(selection: NonNullable<TerminalCore['_core']>['_selectionService']): void {
  const refresh = selection?.refresh?.bind(selection)
  if (selection === undefined || refresh === undefined) return
  let wasDrawn = false
  selection.refresh = (isByMouse) => {
    if (!wasDrawn && !selection.hasSelection) return
    wasDrawn = selection.hasSelection
    refresh(isByMouse)
  }
}

/** For each color that a program sets, xterm.js 6.0.0 makes its styles anew and draws all rows: once a frame is enough. */
function joinColorChanges(themes: NonNullable<TerminalCore['_core']>['_themeService']): void {
  const changes = themes?._onChangeColors
  const fire = changes?.fire?.bind(changes)
  if (changes === undefined || fire === undefined) return
  let firedAtMs = -Infinity
  let last: unknown
  let timer: ReturnType<typeof setTimeout> | undefined
  function show(): void {
    timer = undefined
    firedAtMs = performance.now()
    fire?.(last)
  }
  changes.fire = (colors) => {
    last = colors
    const waitMs = firedAtMs + FRAME_MS - performance.now()
    if (waitMs > 0) timer ??= setTimeout(show, waitMs)
    else if (timer === undefined) show()
  }
}
