import './split-view.css'
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { type PaneDivider, paneGeometry } from '../../../core/terminal/panes/pane-geometry'
import {
  clampRatio,
  MAX_RATIO,
  MIN_RATIO,
  type PaneLayout,
  withRatio,
} from '../../../core/terminal/panes/pane-layout'
import type { Settings } from '../../../core/settings/settings'
import type { TerminalId, TerminalView } from '../../../core/terminal/terminal'
import { useWindow } from '../../state/window-context'
import { followPointer } from '../../ui/follow-pointer'
import { TerminalPane } from '../panels/terminal-pane'
import { isMac } from '../../ui/shortcut-label'
import { type TerminalAction, terminalActionOf } from '../screen/terminal-keys'
import { splitText } from './split-text'

/** Share per arrow key. */
const STEP = 0.02

interface SplitViewProps {
  readonly layout: PaneLayout
  readonly panes: readonly TerminalView[]
  readonly activeId: TerminalId
  readonly settings: Settings
  /** Files that are dropped on a pane go to the folder that its shell is in. */
  readonly canTakeFiles: boolean
  /** In the active pane. */
  readonly isSearching: boolean
  readonly onSearch: (isSearching: boolean) => void
  readonly onAction: (action: TerminalAction) => void
  /** A pane got the focus. */
  readonly onActivate: (id: TerminalId) => void
}

interface Resizing {
  readonly secondId: string
  readonly ratio: number
  /** What it changes; another layout from the app ends it. */
  readonly of: PaneLayout
}

/** The panes of a tab. They lie side by side in the page, so that a split draws none of them anew. */
export function SplitView({ layout, panes, activeId, settings, canTakeFiles, ...on }: SplitViewProps) {
  const { bridge, snapshotStore } = useWindow()
  const [resizing, setResizing] = useState<Resizing | null>(null)
  const shown = resizing?.of === layout ? withRatio(layout, resizing.secondId, resizing.ratio) : layout
  const geometry = paneGeometry(shown)
  const hasPanes = panes.length > 1
  const resize = (secondId: string, ratio: number): void => {
    setResizing({ secondId, ratio, of: layout })
    void snapshotStore.runRequest(splitText.couldNotResize, bridge.resizePane(secondId, ratio))
  }
  /** For what covers a terminal; keys in a terminal itself end there. */
  const onKeyDown = (event: KeyboardEvent): void => {
    const action = terminalActionOf(event, { isMac: isMac(), isFullScreen: true, hasPanes })
    if (action?.kind !== 'pane') return
    event.preventDefault()
    on.onAction(action)
  }
  return (
    <div className="split-view">
      {panes.map((terminal, index) => {
        const { id } = terminal
        const rect = geometry.panes.get(id)
        if (rect === undefined) return null
        const isActive = id === activeId
        return (
          <div
            key={id}
            className={hasPanes && isActive ? 'split-pane active' : 'split-pane'}
            style={{
              left: `${rect.left * 100}%`,
              top: `${rect.top * 100}%`,
              width: `${rect.width * 100}%`,
              height: `${rect.height * 100}%`,
            }}
            {...(hasPanes && { role: 'group', 'aria-label': splitText.pane(index + 1, panes.length) })}
            data-drop-pod={canTakeFiles ? terminal.podKey : undefined}
            data-drop-terminal={id}
            data-drop-shown=""
            onKeyDown={onKeyDown}
            onFocus={() => !isActive && on.onActivate(id)}
            onPointerDown={() => !isActive && on.onActivate(id)}
          >
            <TerminalPane
              terminal={terminal}
              settings={settings}
              hasPanes={hasPanes}
              isSearching={on.isSearching && isActive}
              onSearch={on.onSearch}
              onAction={on.onAction}
            />
          </div>
        )
      })}
      {geometry.dividers.map((divider) => (
        <Divider
          key={divider.secondId}
          divider={divider}
          onDrag={(ratio) =>
            setResizing(ratio === null ? null : { secondId: divider.secondId, ratio, of: layout })
          }
          onResize={(ratio) => resize(divider.secondId, ratio)}
        />
      ))}
    </div>
  )
}

interface DividerProps {
  readonly divider: PaneDivider
  /** Shows a share while it is dragged; null: the drag is over without a change. */
  readonly onDrag: (ratio: number | null) => void
  readonly onResize: (ratio: number) => void
}

/** The line between panes: dragged, moved by arrow keys, and halved by a double click. */
function Divider({ divider, onDrag, onResize }: DividerProps) {
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
