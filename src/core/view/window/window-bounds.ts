import * as v from 'valibot'

/** Where a window is on the desktop, or a display, in device-independent pixels. */
export interface WindowBounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const place = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000))
const length = v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(20_000))
const boundsSchema = v.object({ x: place, y: place, width: length, height: length })

/** Parses bounds as a file keeps them. Null: they are none. */
export function parseWindowBounds(value: unknown): WindowBounds | null {
  const parsed = v.safeParse(boundsSchema, value)
  return parsed.success ? parsed.output : null
}

/** How far a window is from another one that it would cover. */
const STEP = 32

/**
 * Where a window appears that was last at `bounds`: whole, on the display that had most of it, or else in the middle of
 * the first one, and not on top of one of the `others`. `workAreas`: of the displays, the main one first. Null: there
 * is no display.
 */
export function boundsOnDisplays(
  bounds: WindowBounds,
  workAreas: readonly WindowBounds[],
  others: readonly WindowBounds[] = [],
): WindowBounds | null {
  const [first] = workAreas
  if (first === undefined) return null
  const area = workAreas.reduce(
    (best, one) => (overlap(one, bounds) > overlap(best, bounds) ? one : best),
    first,
  )
  const width = Math.min(bounds.width, area.width)
  const height = Math.min(bounds.height, area.height)
  const within = (at: number, from: number, room: number): number => Math.max(from, Math.min(at, from + room))
  const placed = (x: number, y: number): WindowBounds => ({
    x: within(x, area.x, area.width - width),
    y: within(y, area.y, area.height - height),
    width,
    height,
  })
  const isSeen = overlap(area, bounds) > 0
  let result = isSeen
    ? placed(bounds.x, bounds.y)
    : placed(area.x + Math.round((area.width - width) / 2), area.y + Math.round((area.height - height) / 2))
  for (let tries = 0; tries < others.length && others.some(isAt(result)); tries++)
    result = placed(result.x + STEP, result.y + STEP)
  return result
}

/** How far the pointer is in a window that was pulled out by its tab: on the tab, below the title. */
const GRIP = { x: 80, y: 40 } as const

/** The bounds of a window that a person pulled out of another one, whose tab is at the pointer. */
export const boundsAtPointer = (
  pointer: Pick<WindowBounds, 'x' | 'y'>,
  { width, height }: Pick<WindowBounds, 'width' | 'height'>,
): WindowBounds => ({ x: pointer.x - GRIP.x, y: pointer.y - GRIP.y, width, height })

const isAt =
  ({ x, y }: WindowBounds) =>
  (other: WindowBounds): boolean =>
    Math.abs(other.x - x) < STEP && Math.abs(other.y - y) < STEP

/** No frame is wider or has a higher title. */
const MAX_FRAME = 64

/**
 * The bounds to remember of a window that was opened at `requested`. Under X11 a window is asked for the place of its
 * frame and reports that of its content: it would be lower each time it is opened.
 */
export function withoutFrame(current: WindowBounds, requested: WindowBounds): WindowBounds {
  const [x, y] = [current.x - requested.x, current.y - requested.y]
  const isFrame = x >= 0 && y >= 0 && x <= MAX_FRAME && y <= MAX_FRAME
  return isFrame ? { ...current, x: requested.x, y: requested.y } : current
}

function overlap(a: WindowBounds, b: WindowBounds): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return width > 0 && height > 0 ? width * height : 0
}
