import './dialog.css'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Modal, ModalOverlay } from 'react-aria-components'

interface DialogProps {
  readonly label: string
  readonly kind: 'sheet' | 'palette'
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Modal dialog, closed by Escape or a click outside. The focus then returns to where it was. */
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
