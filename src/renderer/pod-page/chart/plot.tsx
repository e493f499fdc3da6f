import 'uplot/dist/uPlot.min.css'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useWidth } from '../../money/chart/use-width'
import type { ChartLane } from './chart-data'
import type { ChartRange } from './chart-range'
import { createUsagePlot, type UsagePlot } from './usage-plot'

interface PlotProps {
  readonly lanes: readonly ChartLane[]
  readonly content: Parameters<UsagePlot['draw']>[0]
  readonly pointMs: number | null
  readonly axisText: (atMs: number) => string
  readonly onPoint: (atMs: number | null) => void
  readonly onSelect: (range: ChartRange) => void
  readonly onReset: () => void
}

/** What the library draws; its callbacks are those of the last render. */
export function Plot(props: PlotProps) {
  const { lanes, content, pointMs } = props
  const root = useRef<HTMLDivElement>(null)
  const width = useWidth(root)
  const plot = useRef<UsagePlot | null>(null)
  const latest = useRef(props)
  useLayoutEffect(() => {
    latest.current = props
  })
  const theme = useTheme()
  const isMeasured = width > 0

  useEffect(() => {
    const element = root.current
    if (element === null || !isMeasured) return undefined
    const created = createUsagePlot(element, {
      lanes,
      width: element.clientWidth,
      axisText: (atMs) => latest.current.axisText(atMs),
      onPoint: (atMs) => latest.current.onPoint(atMs),
      onSelect: (range) => latest.current.onSelect(range),
      onReset: () => latest.current.onReset(),
    })
    plot.current = created
    created.draw(latest.current.content)
    created.point(latest.current.pointMs)
    return () => {
      plot.current = null
      created.destroy()
    }
  }, [lanes, isMeasured, theme])

  useEffect(() => {
    if (isMeasured) plot.current?.resize(width)
  }, [width, isMeasured])
  useEffect(() => plot.current?.draw(content), [content])
  useEffect(() => plot.current?.point(pointMs), [pointMs, content])
  return <div ref={root} className="plot" aria-hidden="true" />
}

/** Changes with the colors of the system, which a canvas has to be drawn with anew. */
function useTheme(): string {
  const [theme, setTheme] = useState(currentTheme)
  useEffect(() => {
    const queries = [matchMedia('(prefers-color-scheme: light)'), matchMedia('(forced-colors: active)')]
    const update = (): void => setTheme(currentTheme())
    for (const query of queries) query.addEventListener('change', update)
    return () => {
      for (const query of queries) query.removeEventListener('change', update)
    }
  }, [])
  return theme
}

const currentTheme = (): string =>
  `${matchMedia('(prefers-color-scheme: light)').matches} ${matchMedia('(forced-colors: active)').matches}`
