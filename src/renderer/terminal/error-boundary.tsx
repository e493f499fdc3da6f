import { Component, type ReactNode } from 'react'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'

interface DeckFenceProps {
  readonly children: ReactNode
}

interface DeckFenceState {
  readonly hasFailed: boolean
}

/** What fails in drawing terminals, which strangers write into, takes nothing else of the window along. */
export class DeckFence extends Component<DeckFenceProps, DeckFenceState> {
  override state: DeckFenceState = { hasFailed: false }

  static getDerivedStateFromError(): DeckFenceState {
    return { hasFailed: true }
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children
    return (
      <BlankSlate
        icon="warning"
        tone="bad"
        title="The terminals could not be drawn"
        actions={<Button onPress={() => this.setState({ hasFailed: false })}>Show them again</Button>}
      >
        They go on where they are; nothing of them is lost.
      </BlankSlate>
    )
  }
}
