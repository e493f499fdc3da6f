import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import type { PaneDivider } from '../../../core/terminal/panes/pane-geometry'
import { clampRatio, MAX_RATIO, MIN_RATIO } from '../../../core/terminal/panes/pane-layout'
import { followPointer } from '../../ui/follow-pointer'
import { splitText } from './split-text'

/** Share per arrow key. */
const STEP = 0.02

interface DividerProps {
  readonly divider: PaneDivider
  /** Shows a share while it is dragged; null: the drag is over without a change. */
  readonly onDrag: (ratio: number | null) => void
  readonly onResize: (ratio: number) => void
}

/** The line between panes: dragged, moved by arrow keys, and halved by a double click. */
export function Divider({ divider, onDrag, onResize }: DividerProps) {
  const { direction, ratio, rect } = divider
  const isVertical = direction === 'right'
  const line = useRef<HTMLDivElement>(null)
  const percent = (share: number): string => `${share * 100}%`

  const onKeyDown = (event: KeyboardEvent): void => {
    const requested = {
      [isVertical ? 'ArrowLeft' : 'ArrowUp']: ratio - STEP,
      [isVertical ? 'ArrowRight' : 'ArrowDown']: ratio + STEP,
      Home: MIN_RATIO,
      End: MAX_RATIO,
    }[event.key]
    if (requested === undefined) return
    event.preventDefault()
    onResize(clampRatio(requested))
  }
  const startDrag = (down: PointerEvent): void => {
    const whole = line.current?.parentElement?.getBoundingClientRect()
    if (down.button !== 0 || whole === undefined) return
    let latest: number | null = null
    followPointer(
      down,
      ({ clientX, clientY }) => {
        const at = isVertical
          ? ((clientX - whole.left) / whole.width - rect.left) / rect.width
          : ((clientY - whole.top) / whole.height - rect.top) / rect.height
        const hasMoved = latest !== null || Math.hypot(clientX - down.clientX, clientY - down.clientY) > 2
        if (!hasMoved) return
        latest = clampRatio(at)
        onDrag(latest)
      },
      (isCanceled) => {
        if (isCanceled) onDrag(null)
        else if (latest !== null) onResize(latest)
      },
    )
  }
  return (
    <div
      ref={line}
      className={`pane-divider ${direction}`}
      style={
        isVertical
          ? {
              left: percent(rect.left + rect.width * ratio),
              top: percent(rect.top),
              height: percent(rect.height),
            }
          : {
              top: percent(rect.top + rect.height * ratio),
              left: percent(rect.left),
              width: percent(rect.width),
            }
      }
      role="separator"
      tabIndex={0}
      aria-label={isVertical ? splitText.width : splitText.height}
      aria-orientation={isVertical ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round(ratio * 100)}
      aria-valuemin={MIN_RATIO * 100}
      aria-valuemax={MAX_RATIO * 100}
      onKeyDown={onKeyDown}
      onDoubleClick={() => onResize(0.5)}
      // Keeps the focus where it is, most likely in a terminal.
      onMouseDown={(event) => event.preventDefault()}
      onPointerDown={startDrag}
    />
  )
}
