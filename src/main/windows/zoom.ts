import type { Input, WebContents } from 'electron'

/** Levels as Chromium counts them: each is a fifth larger than the one below, 0 is as designed. */
const LEVELS = { min: -3, max: 5, step: 0.5 } as const

type Stroke = Pick<Input, 'type' | 'key' | 'control' | 'meta' | 'alt'>

/** The zoom level after a stroke of Ctrl or Cmd with `+`, `-` or `0`; null: the stroke asks for no zoom. */
export function zoomAfter(stroke: Stroke, level: number): number | null {
  if (stroke.type !== 'keyDown' || stroke.alt || stroke.control === stroke.meta) return null
  switch (stroke.key) {
    case '+':
    case '=':
      return Math.min(LEVELS.max, level + LEVELS.step)
    case '-':
    case '_':
      return Math.max(LEVELS.min, level - LEVELS.step)
    case '0':
      return 0
    default:
      return null
  }
}

/** Lets the keyboard zoom `contents`. Chromium keeps the level for all our windows, across restarts as well. */
export function addZoomKeys(contents: WebContents): void {
  contents.on('before-input-event', (event, input) => {
    const level = zoomAfter(input, contents.getZoomLevel())
    if (level === null) return
    event.preventDefault()
    contents.setZoomLevel(level)
  })
}
