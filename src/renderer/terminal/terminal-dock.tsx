import './terminal-dock.css'
import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import { Button } from '../ui/button'
import { MAX_DOCK_HEIGHT, MIN_DOCK_HEIGHT } from './kept-dock'
import { LazyDeck } from './lazy-deck'
import { tabName } from './terminal-tabs'
import { terminalStatus } from './terminal-words'
import { currentTerminal, useTerminals, useTerminalsState } from './terminals'

/** So far an arrow moves its edge, px. */
const STEP_PX = 24

/** The terminals below the pods, while there are any: as high as a person makes it, or folded to a line. */
export function TerminalDock() {
  const terminals = useTerminals()
  const dock = useTerminalsState((state) => state.dock)
  const count = useTerminalsState((state) => state.terminals?.length ?? 0)
  if (count === 0) return null
  if (!dock.isOpen) return <FoldedDock count={count} />
  return (
    <section className="term-dock" aria-label="Terminals" style={{ height: dock.height }}>
      <Edge height={dock.height} onHeight={(height) => terminals.setDock({ height })} />
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

interface EdgeProps {
  readonly height: number
  readonly onHeight: (height: number) => void
}

/** Is pulled, or moved by arrows once it has the focus. */
function Edge({ height, onHeight }: EdgeProps) {
  const pull = useRef<{ readonly y: number; readonly height: number } | null>(null)
  const onKeyDown = (event: KeyboardEvent): void => {
    const wanted = { ArrowUp: height + STEP_PX, ArrowDown: height - STEP_PX, Home: MIN_DOCK_HEIGHT }[
      event.key
    ]
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
      aria-valuemin={MIN_DOCK_HEIGHT}
      aria-valuemax={MAX_DOCK_HEIGHT}
      onKeyDown={onKeyDown}
      onPointerDown={(event: PointerEvent) => {
        const dock = event.currentTarget.parentElement
        if (event.button !== 0 || dock === null) return
        event.currentTarget.setPointerCapture(event.pointerId)
        // As high as it is shown: a low window may allow less than what was chosen.
        pull.current = { y: event.clientY, height: dock.offsetHeight }
      }}
      onPointerMove={(event: PointerEvent) => {
        if (pull.current !== null) onHeight(pull.current.height + pull.current.y - event.clientY)
      }}
      onPointerUp={() => (pull.current = null)}
      onPointerCancel={() => (pull.current = null)}
    />
  )
}
