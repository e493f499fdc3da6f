import { Component, type ComponentProps, type ReactNode } from 'react'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { commonText } from '../ui/common-text'
import { lazyPart } from '../ui/lazy-part'
import type { TerminalArea } from './terminal-area'
import { terminalsText } from './terminals-text'

/** Confines rendering errors, which output from a pod may provoke, to the terminals. */
class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { hasFailed: false }

  static getDerivedStateFromError(): ErrorBoundaryState {
    return { hasFailed: true }
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children
    return (
      <BlankSlate
        icon="warning"
        tone="bad"
        title={terminalsText.couldNotShow}
        actions={<Button onPress={() => this.setState({ hasFailed: false })}>{commonText.tryAgain}</Button>}
      >
        {terminalsText.nothingLost}
      </BlankSlate>
    )
  }
}

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

interface ErrorBoundaryProps {
  readonly children: ReactNode
}

interface ErrorBoundaryState {
  readonly hasFailed: boolean
}
