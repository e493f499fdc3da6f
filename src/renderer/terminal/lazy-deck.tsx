import { lazy, Suspense, type ComponentProps } from 'react'
import { BlankSlate } from '../ui/blank-slate'
import { DeckFence } from './deck-fence'
import type { TerminalDeck } from './terminal-deck'

/** With its drawing of terminals, which nothing else needs. */
const Deck = lazy(() =>
  import('./terminal-deck').then(
    ({ TerminalDeck: Whole }) => ({ default: Whole }),
    () => ({ default: DeckMissing }),
  ),
)

function DeckMissing() {
  return (
    <BlankSlate icon="warning" tone="bad" title="Terminals could not be loaded">
      A part of Podkeeper is missing or was replaced. Quit it and start it again.
    </BlankSlate>
  )
}

export function LazyDeck(props: ComponentProps<typeof TerminalDeck>) {
  return (
    <DeckFence>
      <Suspense fallback={<p className="cap deck-opening">Opening…</p>}>
        <Deck {...props} />
      </Suspense>
    </DeckFence>
  )
}
