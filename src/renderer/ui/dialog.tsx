import './dialog.css'
import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
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

/** Whether the dialog is still open, for what a request answers later. */
export function useIsOpen(): Readonly<RefObject<boolean>> {
  const isOpen = useRef(true)
  useEffect(() => {
    isOpen.current = true
    return () => {
      isOpen.current = false
    }
  }, [])
  return isOpen
}
