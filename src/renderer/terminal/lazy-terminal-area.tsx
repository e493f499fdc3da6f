import type { ComponentProps } from 'react'
import { lazyPart } from '../ui/lazy-part'
import { ErrorBoundary } from './error-boundary'
import type { TerminalArea } from './terminal-area'
import { terminalsText } from './terminals-text'

/** Loaded on demand, because xterm.js is large and needed nowhere else. */
const terminalArea = lazyPart(
  () => import('./terminal-area').then(({ TerminalArea: Area }) => Area),
  terminalsText.couldNotLoad,
)

export function LazyTerminalArea(props: ComponentProps<typeof TerminalArea>) {
  return (
    <ErrorBoundary>
      <terminalArea.Component {...props} />
    </ErrorBoundary>
  )
}
