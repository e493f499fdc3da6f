import type { ReactNode } from 'react'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { commonText } from '../../ui/common-text'

interface ConfirmDialogProps {
  readonly title: string
  readonly confirmLabel: string
  readonly children: ReactNode
  readonly onAnswer: (isConfirmed: boolean) => void
}

/** A confirmation dialog. Closing it in any way cancels, and Cancel has the focus. */
export function ConfirmDialog({ title, confirmLabel, children, onAnswer }: ConfirmDialogProps) {
  return (
    <Dialog label={title} kind="sheet" onClose={() => onAnswer(false)}>
      <header>
        <h2>{title}</h2>
      </header>
      <div className="dialog-body ask">{children}</div>
      <footer>
        <Button autoFocus onPress={() => onAnswer(false)}>
          {commonText.cancel}
        </Button>
        <Button kind="primary" onPress={() => onAnswer(true)}>
          {confirmLabel}
        </Button>
      </footer>
    </Dialog>
  )
}
