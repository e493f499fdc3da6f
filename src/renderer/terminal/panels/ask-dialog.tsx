import type { ReactNode } from 'react'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'

interface AskDialogProps {
  readonly title: string
  /** The verb of what would be done. */
  readonly verb: string
  readonly canDo?: boolean
  readonly children: ReactNode
  readonly onAnswer: (isWanted: boolean) => void
}

/** A question before something is done. Leaving it, by whatever way, is a no, and has the focus. */
export function AskDialog({ title, verb, canDo = true, children, onAnswer }: AskDialogProps) {
  return (
    <Dialog label={title} kind="sheet" onClose={() => onAnswer(false)}>
      <header>
        <h2>{title}</h2>
      </header>
      <div className="dialog-body ask">{children}</div>
      <footer>
        <Button autoFocus onPress={() => onAnswer(false)}>
          Cancel
        </Button>
        <Button kind="primary" isDisabled={!canDo} onPress={() => onAnswer(true)}>
          {verb}
        </Button>
      </footer>
    </Dialog>
  )
}
