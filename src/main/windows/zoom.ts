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

/** Where the zoom of the windows is kept, in percent. */
export interface ZoomStore {
  readonly percent: () => number
  readonly save: (percent: number) => void
}

const FACTOR_PER_LEVEL = 1.2

const percentOf = (level: number): number => Math.round(100 * FACTOR_PER_LEVEL ** level)

/** The level of a zoom in percent: that of the keys where one of their steps has that percentage. */
export function zoomLevelOf(percent: number): number {
  const exact = Math.log(percent / 100) / Math.log(FACTOR_PER_LEVEL)
  const step = Math.round(exact / LEVELS.step) * LEVELS.step
  return percentOf(step) === percent ? step : exact
}

/** Enables keyboard zoom in `contents`. Chromium shares the level among our windows, but may lose it when it exits. */
export function addZoomKeys(contents: WebContents, zoom: ZoomStore): void {
  contents.on('before-input-event', (event, input) => {
    const level = zoomLevelAfter(input, contents.getZoomLevel())
    if (level === null) return
    event.preventDefault()
    contents.setZoomLevel(level)
    zoom.save(percentOf(level))
  })
  contents.on('did-finish-load', () => contents.setZoomLevel(zoomLevelOf(zoom.percent())))
}
