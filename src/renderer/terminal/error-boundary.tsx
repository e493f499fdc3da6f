import { Component, type ReactNode } from 'react'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { commonText } from '../ui/common-text'
import { terminalsText } from './terminals-text'

interface ErrorBoundaryProps {
  readonly children: ReactNode
}

interface ErrorBoundaryState {
  readonly hasFailed: boolean
}

/** Confines rendering errors, which output from a pod may provoke, to the terminals. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
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
