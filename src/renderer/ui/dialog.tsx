import './dialog.css'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Modal, ModalOverlay } from 'react-aria-components'

interface DialogProps {
  readonly label: string
  readonly kind: 'sheet' | 'palette'
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Lies over the page until it is closed; Escape, or a click beside it, closes. The focus goes back to where it was. */
export function Dialog({ label, kind, onClose, children }: DialogProps) {
  return (
    <ModalOverlay
      className={`overlay ${kind}`}
      isOpen
      isDismissable
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <Modal className="modal">
        <AriaDialog className="dialog" aria-label={label}>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
