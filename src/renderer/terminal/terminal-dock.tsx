import './terminal-dock.css'
import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { Button } from '../ui/button'
import { followPointer } from '../ui/follow-pointer'
import { MAX_DOCK_HEIGHT, MIN_DOCK_HEIGHT } from './state/dock-layout'
import { LazyTerminalArea } from './lazy-terminal-area'
import { tabName } from './state/terminal-tabs'
import { terminalStatus } from './state/terminal-status-text'
import { currentTerminal, useShownTabs, useTerminalsState, useTerminalsStore } from './state/terminals-store'
import { terminalsText } from './terminals-text'

/** Resize step per arrow key, px. */
const RESIZE_STEP_PX = 24
/** Maximum share of the window height, so that the pods stay visible. */
const MAX_HEIGHT_SHARE = 0.75

/** The terminals below the pods: resizable, collapsible to one line, and hidden when there are none. */
export function TerminalDock() {
  const dock = useTerminalsState((state) => state.dock)
  const count = useTerminalsState((state) => state.terminals?.length ?? 0)
  if (count === 0) return null
  if (!dock.isOpen) return <CollapsedDock count={count} />
  return <ExpandedDock height={dock.height} />
}

function ExpandedDock({ height }: { readonly height: number }) {
  const terminalsStore = useTerminalsStore()
  const section = useRef<HTMLElement>(null)
  const maxHeight = useMaxHeight(section)
  return (
    <section
      ref={section}
      className="term-dock"
      aria-label={terminalsText.title}
      style={{ height, maxHeight: maxHeight }}
    >
      <ResizeHandle
        height={Math.min(height, maxHeight)}
        maxHeight={maxHeight}
        onResize={(requestedHeight) =>
          terminalsStore.setDock({ height: Math.min(requestedHeight, maxHeight) })
        }
      />
      <LazyTerminalArea place="dock">
        <Button
          kind="bare"
          icon="chevron"
          label={terminalsText.hide}
          onPress={() => terminalsStore.setDock({ isOpen: false })}
        />
      </LazyTerminalArea>
    </section>
  )
}

function CollapsedDock({ count }: { readonly count: number }) {
  const terminalsStore = useTerminalsStore()
  const leads = useShownTabs().map(({ lead }) => lead)
  const current = useTerminalsState(currentTerminal)
  const expand = (): void => {
    terminalsStore.setDock({ isOpen: true })
    terminalsStore.requestFocus()
  }
  return (
    <section className="term-dock folded" aria-label={terminalsText.title}>
      <Button kind="bare" icon="terminal" onPress={expand}>
        {terminalsText.count(count)}
      </Button>
      {current !== null && (
        <span className={`cap folded-name ${terminalStatus(current.state).tone}`}>
          <span className="dot" /> <bdi>{tabName(current, leads)}</bdi>: {terminalStatus(current.state).word}
        </span>
      )}
      <Button kind="bare" icon="up" label={terminalsText.show} onPress={expand} />
    </section>
  )
}

/** Maximum dock height for the current window, px. A height chosen in a taller window is kept. */
function useMaxHeight(dock: RefObject<HTMLElement | null>): number {
  const [maxHeight, setMaxHeight] = useState(MAX_DOCK_HEIGHT)
  useLayoutEffect(() => {
    const container = dock.current?.parentElement
    if (!container) return undefined
    const measure = (): void =>
      setMaxHeight(Math.min(Math.floor(container.clientHeight * MAX_HEIGHT_SHARE), MAX_DOCK_HEIGHT))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(container)
    return () => observer.disconnect()
  }, [dock])
  return maxHeight
}

interface ResizeHandleProps {
  /** Displayed height, px. */
  readonly height: number
  readonly maxHeight: number
  readonly onResize: (height: number) => void
}

/** Resizes the dock by dragging, or by arrow keys when focused. */
function ResizeHandle({ height, maxHeight, onResize }: ResizeHandleProps) {
  const onKeyDown = (event: KeyboardEvent): void => {
    const requestedHeight = {
      ArrowUp: height + RESIZE_STEP_PX,
      ArrowDown: height - RESIZE_STEP_PX,
      Home: MIN_DOCK_HEIGHT,
      End: maxHeight,
    }[event.key]
    if (requestedHeight === undefined) return
    event.preventDefault()
    onResize(requestedHeight)
  }
  const startDrag = (down: PointerEvent): void => {
    if (down.button === 0) followPointer(down, ({ clientY }) => onResize(height + down.clientY - clientY))
  }
  return (
    <div
      className="dock-edge"
      role="separator"
      tabIndex={0}
      aria-label={terminalsText.height}
      aria-orientation="horizontal"
      aria-valuenow={height}
      aria-valuemin={Math.min(MIN_DOCK_HEIGHT, maxHeight)}
      aria-valuemax={maxHeight}
      onKeyDown={onKeyDown}
      // Keeps the focus where it is, most likely in the terminal.
      onMouseDown={(event) => event.preventDefault()}
      onPointerDown={startDrag}
    />
  )
}
