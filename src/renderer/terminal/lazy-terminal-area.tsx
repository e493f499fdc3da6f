import type { ComponentProps } from 'react'
import { laterPart } from '../ui/lazy-part'
import { DeckFence } from './error-boundary'
import type { TerminalDeck } from './terminal-area'

/** With its drawing of terminals, which nothing else needs. */
const deck = laterPart(
  () => import('./terminal-area').then(({ TerminalDeck: Deck }) => Deck),
  'Terminals could not be loaded',
)

export function LazyDeck(props: ComponentProps<typeof TerminalDeck>) {
  return (
    <DeckFence>
      <deck.Part {...props} />
    </DeckFence>
  )
}
