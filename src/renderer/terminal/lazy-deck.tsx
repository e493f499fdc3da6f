import type { ComponentProps } from 'react'
import { laterPart } from '../ui/later-part'
import { DeckFence } from './deck-fence'
import type { TerminalDeck } from './terminal-deck'

/** With its drawing of terminals, which nothing else needs. */
const deck = laterPart(
  () => import('./terminal-deck').then(({ TerminalDeck: Deck }) => Deck),
  'Terminals could not be loaded',
)

export function LazyDeck(props: ComponentProps<typeof TerminalDeck>) {
  return (
    <DeckFence>
      <deck.Part {...props} />
    </DeckFence>
  )
}
