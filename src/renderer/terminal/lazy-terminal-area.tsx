import type { ComponentProps } from 'react'
import { lazyPart } from '../ui/lazy-part'
import { ErrorBoundary } from './error-boundary'
import type { TerminalArea } from './terminal-area'

/** Loaded on demand, because xterm.js is large and needed nowhere else. */
const terminalArea = lazyPart(
  () => import('./terminal-area').then(({ TerminalArea: Area }) => Area),
  'Couldn’t load the terminals',
)

export function LazyTerminalArea(props: ComponentProps<typeof TerminalArea>) {
  return (
    <ErrorBoundary>
      <terminalArea.Component {...props} />
    </ErrorBoundary>
  )
}
