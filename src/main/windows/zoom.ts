import type { Input, WebContents } from 'electron'

/** Chromium's zoom levels: each whole level is a fifth larger, 0 is the original size. */
const LEVELS = { min: -3, max: 5, step: 0.5 } as const

type KeyPress = Pick<Input, 'type' | 'key' | 'control' | 'meta' | 'alt'>

/** The zoom level after Ctrl or Cmd with `+`, `-` or `0`; null for any other key press. */
export function zoomLevelAfter(keyPress: KeyPress, level: number): number | null {
  if (keyPress.type !== 'keyDown' || keyPress.alt || keyPress.control === keyPress.meta) return null
  switch (keyPress.key) {
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

/** Enables keyboard zoom in `contents`. Chromium shares and persists the level for all our windows. */
export function addZoomKeys(contents: WebContents): void {
  contents.on('before-input-event', (event, input) => {
    const level = zoomLevelAfter(input, contents.getZoomLevel())
    if (level === null) return
    event.preventDefault()
    contents.setZoomLevel(level)
  })
}
