import { type RefObject, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { LogModel, ShownLog } from './log-model'
import { ROW_PX, scrollTopOf, topLine } from './visible-rows'

type Scroller = RefObject<HTMLDivElement | null>

/** Draws again with every change of the log. */
export const useLogVersion = (model: LogModel): number => useSyncExternalStore(model.subscribe, model.version)

interface Viewport {
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Where the scroller is and how large, px, with a function that takes both anew. */
export function useView(scroller: Scroller): Viewport & { readonly measure: () => void } {
  const [view, setView] = useState<Viewport>({ top: 0, width: 0, height: 0 })
  const [measure] = useState(() => (): void => {
    const element = scroller.current
    if (element === null) return
    const { scrollTop: top, clientWidth: width, clientHeight: height } = element
    setView((before) =>
      before.top === top && before.width === width && before.height === height
        ? before
        : { top, width, height },
    )
  })
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller, measure])
  return { ...view, measure }
}

const PADDING_PX = 32
const SAMPLE = '0'.repeat(100)

/** How many characters fit beside `besideChars` others; null where lines are not wrapped. */
export function useColumns(
  scroller: Scroller,
  { isWrapped, besideChars, width }: { isWrapped: boolean; besideChars: number; width: number },
): number | null {
  const [charPx, setCharPx] = useState<number | null>(null)
  useEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    const measure = (): void => {
      const pen = document.createElement('canvas').getContext('2d')
      const { fontSize, fontFamily } = getComputedStyle(element)
      if (pen === null) return
      pen.font = `${fontSize} ${fontFamily}`
      setCharPx(pen.measureText(SAMPLE).width / SAMPLE.length)
    }
    measure()
    // The font is loaded when it is first used.
    void document.fonts.ready.then(measure)
    return undefined
  }, [scroller])
  if (!isWrapped || charPx === null || width === 0) return null
  return Math.max(10, Math.floor((width - PADDING_PX) / charPx) - besideChars)
}

interface PlaceOptions {
  readonly scroller: Scroller
  readonly model: LogModel
  readonly version: number
  readonly isFollowing: boolean
  readonly view: ReturnType<typeof useView>
  readonly columns: number | null
}

/**
 * Stays at the end while it is followed, and otherwise with the line at the top, whatever is added, dropped or wrapped.
 * Returns what is to be called when the user scrolls.
 */
export function useKeptPlace({
  scroller,
  model,
  version,
  isFollowing,
  view,
  columns,
}: PlaceOptions): () => void {
  const place = useRef<{ readonly index: number; readonly aboveRows: number } | null>(null)
  const { height, width, measure } = view
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const shown = model.shown()
    const kept = place.current
    const wanted =
      isFollowing || kept === null
        ? element.scrollHeight
        : scrollTopOf(shown, kept.index, kept.aboveRows, element.clientHeight)
    if (Math.abs(element.scrollTop - wanted) >= 1) element.scrollTo({ top: wanted })
    if (isFollowing || kept === null) place.current = topLine(shown, element.scrollTop, element.clientHeight)
    // Before anything is painted, since the lines that are drawn depend on it.
    measure()
  }, [scroller, model, version, isFollowing, height, width, columns, measure])
  return () => {
    const element = scroller.current
    if (element !== null) place.current = topLine(model.shown(), element.scrollTop, element.clientHeight)
  }
}

interface GoToOptions {
  readonly scroller: Scroller
  readonly shown: ShownLog
  /** An object of its own for each request, also for the same line. */
  readonly current: { readonly index: number } | null
  /** See `useKeptPlace`: a line that is added before the scroll event must not bring the old place back. */
  readonly keepPlace: () => void
}

/** Scrolls to the line that was asked for last, unless it can be seen. */
export function useGoTo({ scroller, shown, current, keepPlace }: GoToOptions): void {
  const done = useRef<GoToOptions['current']>(null)
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null || current === null || current === done.current) return
    done.current = current
    const { clientHeight } = element
    const first = topLine(shown, element.scrollTop, clientHeight)
    const row = shown.rows.rowOf(current.index) - shown.rows.rowOf(first.index)
    const rows = clientHeight / ROW_PX
    if (row >= 1 && row < rows - 1) return
    element.scrollTo({ top: scrollTopOf(shown, current.index, -rows / 2, clientHeight) })
    keepPlace()
  }, [scroller, shown, current, keepPlace])
}
