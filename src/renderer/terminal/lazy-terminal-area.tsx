import type { ComponentProps } from 'react'
import { lazyPart } from '../ui/lazy-part'
import { ErrorBoundary } from './error-boundary'
import type { TerminalArea } from './terminal-area'

/** With its drawing of terminals, which nothing else needs. */
const terminalArea = lazyPart(
  () => import('./terminal-area').then(({ TerminalArea: Deck }) => Deck),
  'Terminals could not be loaded',
)

export function LazyTerminalArea(props: ComponentProps<typeof TerminalArea>) {
  return (
    <ErrorBoundary>
      <terminalArea.Component {...props} />
    </ErrorBoundary>
  )
}
