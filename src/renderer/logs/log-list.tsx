import { memo, type RefObject, useLayoutEffect } from 'react'
import { lineTimeText } from '../pod-model/line-time'
import { useWindow } from '../state/window-context'
import { lineSegments } from './line-segments'
import type { LogModel } from './log-model'
import { searchRanges } from './log-search'
import type { ShownLine } from './row-index'
import { withoutTabs } from './text-cells'
import { useColumns, useGoTo, useKeptPlace, useLogVersion, useView } from './use-log-view'
import { contentHeight, ROW_PX, visibleLines } from './visible-rows'
import { logText } from './logs-text'

interface LogListProps {
  readonly model: LogModel
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly isFollowing: boolean
  /** The user scrolled away from the end, or back to it. */
  readonly onFollow: (isFollowing: boolean) => void
  readonly hasTimes: boolean
  readonly isWrapped: boolean
  readonly searchText: string
  /** The match that was gone to last, an object of its own each time. */
  readonly current: { readonly index: number } | null
}

/** As near as this the end counts as reached. */
const END_PX = 4
/** Of a time today, and with its day; with the gap after it. */
const TIME_CHARS = 14
const DAY_AND_TIME_CHARS = 22

/** The lines of a log in rows of 20 px. Only those in or near the view are drawn. */
export function LogList(props: LogListProps) {
  const { model, scroller, isFollowing, onFollow, hasTimes, isWrapped, searchText, current } = props
  const { ticker } = useWindow()
  const version = useLogVersion(model)
  const shown = model.shown()
  const view = useView(scroller)
  const nowMs = ticker.now()
  const oldest = shown.book.line(shown.book.firstIndex())?.atMs ?? nowMs
  const isOfToday = new Date(oldest).toDateString() === new Date(nowMs).toDateString()
  const timeChars = !hasTimes ? 0 : isOfToday ? TIME_CHARS : DAY_AND_TIME_CHARS
  const columns = useColumns(scroller, { isWrapped, besideChars: timeChars, width: view.width })
  useLayoutEffect(() => model.setColumns(columns), [model, columns])
  const keepPlace = useKeptPlace({ scroller, model, version, isFollowing, view, columns })
  useGoTo({ scroller, shown, current, keepPlace })
  const { from, to, topPx } = visibleLines(shown, view.top, view.height)
  return (
    <div
      ref={scroller}
      className={`log-lines${columns === null ? '' : ' wrapped'}`}
      role="log"
      aria-live="off"
      aria-label={logText.lines}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        view.measure()
        keepPlace()
        const isAtEnd = scrollTop + clientHeight >= scrollHeight - END_PX
        // Until a new size is measured, the end has moved and nobody has scrolled.
        if (clientHeight === view.height && isAtEnd !== isFollowing) onFollow(isAtEnd)
      }}
    >
      <div className="log-height" style={{ height: contentHeight(shown) }}>
        <div className="log-drawn" style={{ transform: `translateY(${topPx}px)` }}>
          {shown.book.slice(from, to).map((line, place) => (
            <LogRow
              key={from + place}
              line={line}
              time={hasTimes ? lineTimeText(line.atMs, nowMs) : null}
              timeChars={timeChars}
              rows={shown.rows.rowOf(from + place + 1) - shown.rows.rowOf(from + place)}
              columns={columns}
              searchText={searchText}
              isCurrent={current?.index === from + place}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

interface LogRowProps extends Pick<LogListProps, 'searchText'> {
  readonly line: ShownLine
  /** Null: it is not shown. */
  readonly time: string | null
  readonly timeChars: number
  readonly rows: number
  readonly columns: number | null
  readonly isCurrent: boolean
}

const LogRow = memo(function LogRow(props: LogRowProps) {
  const { line, time, timeChars, rows, columns, searchText, isCurrent } = props
  const isSystem = line.source === 'system'
  return (
    <div
      className={`log-line${isSystem ? ' system' : ''}${isCurrent ? ' current' : ''}`}
      style={{ height: rows * ROW_PX }}
    >
      {time !== null && (
        <span className="log-time" style={{ width: `${timeChars}ch` }}>
          {time}
        </span>
      )}
      {isSystem && <span className="unseen">{logText.system} </span>}
      <span className="log-text" style={columns === null ? undefined : { width: `${columns}ch` }}>
        {lineSegments(line, searchRanges(line.text, searchText)).map(({ text, className }, index) =>
          className === '' ? (
            withoutTabs(text)
          ) : (
            // A line's parts have no other name than their place.
            // oxlint-disable-next-line react/no-array-index-key -- they never move
            <span key={index} className={className}>
              {withoutTabs(text)}
            </span>
          ),
        )}
      </span>
    </div>
  )
})
