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
import { MAX_DOCK_HEIGHT, MIN_DOCK_HEIGHT } from './state/dock-layout'
import { LazyDeck } from './lazy-terminal-area'
import { tabName } from './state/terminal-tabs'
import { terminalStatus } from './panels/terminal-text'
import { currentTerminal, useTerminals, useTerminalsState } from './state/terminals-store'

/** So far an arrow moves its edge, px. */
const STEP_PX = 24
/** Of the window without its side; the pods keep the rest. */
const MOST_SHARE = 0.75

/** The terminals below the pods, while there are any: as high as a person makes it, or folded to a line. */
export function TerminalDock() {
  const dock = useTerminalsState((state) => state.dock)
  const count = useTerminalsState((state) => state.terminals?.length ?? 0)
  if (count === 0) return null
  if (!dock.isOpen) return <FoldedDock count={count} />
  return <OpenDock height={dock.height} />
}

function OpenDock({ height }: { readonly height: number }) {
  const terminals = useTerminals()
  const section = useRef<HTMLElement>(null)
  const most = useMostHeight(section)
  return (
    <section ref={section} className="term-dock" aria-label="Terminals" style={{ height, maxHeight: most }}>
      <Edge
        height={Math.min(height, most)}
        most={most}
        onHeight={(wanted) => terminals.setDock({ height: Math.min(wanted, most) })}
      />
      <LazyDeck place="dock">
        <Button
          kind="bare"
          icon="chevron"
          label="Fold the terminals"
          onPress={() => terminals.setDock({ isOpen: false })}
        />
      </LazyDeck>
    </section>
  )
}

function FoldedDock({ count }: { readonly count: number }) {
  const terminals = useTerminals()
  const all = useTerminalsState((state) => state.terminals) ?? []
  const current = useTerminalsState(currentTerminal)
  const unfold = (): void => {
    terminals.setDock({ isOpen: true })
    terminals.focus()
  }
  return (
    <section className="term-dock folded" aria-label="Terminals">
      <Button kind="bare" icon="terminal" onPress={unfold}>
        {count === 1 ? '1 terminal' : `${count} terminals`}
      </Button>
      {current !== null && (
        <span className={`cap folded-name ${terminalStatus(current.state).tone}`}>
          <span className="dot" /> <bdi>{tabName(current, all)}</bdi>: {terminalStatus(current.state).word}
        </span>
      )}
      <Button kind="bare" icon="up" label="Unfold the terminals" onPress={unfold} />
    </section>
  )
}

/** So high the dock may be in a window as high as this one, px; what was chosen in a higher one is kept. */
function useMostHeight(dock: RefObject<HTMLElement | null>): number {
  const [most, setMost] = useState(MAX_DOCK_HEIGHT)
  useLayoutEffect(() => {
    const room = dock.current?.parentElement
    if (!room) return undefined
    const measure = (): void => setMost(Math.min(Math.floor(room.clientHeight * MOST_SHARE), MAX_DOCK_HEIGHT))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(room)
    return () => observer.disconnect()
  }, [dock])
  return most
}

interface EdgeProps {
  /** As it is shown, px. */
  readonly height: number
  readonly most: number
  readonly onHeight: (height: number) => void
}

/** Is pulled, or moved by arrows once it has the focus. */
function Edge({ height, most, onHeight }: EdgeProps) {
  const pull = useRef<{ readonly y: number; readonly height: number } | null>(null)
  const onKeyDown = (event: KeyboardEvent): void => {
    const wanted = {
      ArrowUp: height + STEP_PX,
      ArrowDown: height - STEP_PX,
      Home: MIN_DOCK_HEIGHT,
      End: most,
    }[event.key]
    if (wanted === undefined) return
    event.preventDefault()
    onHeight(wanted)
  }
  return (
    <div
      className="dock-edge"
      role="separator"
      tabIndex={0}
      aria-label="Height of the terminals"
      aria-orientation="horizontal"
      aria-valuenow={height}
      aria-valuemin={Math.min(MIN_DOCK_HEIGHT, most)}
      aria-valuemax={most}
      onKeyDown={onKeyDown}
      // The keyboard stays where it is, most likely in the terminal.
      onMouseDown={(event) => event.preventDefault()}
      onPointerDown={(event: PointerEvent) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        pull.current = { y: event.clientY, height }
      }}
      onPointerMove={(event: PointerEvent) => {
        if (pull.current !== null) onHeight(pull.current.height + pull.current.y - event.clientY)
      }}
      onPointerUp={() => (pull.current = null)}
      onPointerCancel={() => (pull.current = null)}
    />
  )
}
