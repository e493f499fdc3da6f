import { type FocusEvent, type RefObject, useRef } from 'react'

/**
 * Keeps the keyboard inside of `ref` when the button that had the focus makes way for another: the focus goes
 * to the first button that is left, else to the element itself. Returns the handlers to put on the element, and
 * what to call once its content was drawn anew.
 */
export function useKeptFocus(ref: RefObject<HTMLElement | null>) {
  const hasFocus = useRef(false)
  return {
    restoreFocus: () => {
      if (!hasFocus.current || document.activeElement !== document.body) return
      const place = ref.current?.querySelector('button') ?? ref.current
      place?.focus({ preventScroll: true })
    },
    handlers: {
      onFocus: () => {
        hasFocus.current = true
      },
      onBlur: ({ target, relatedTarget }: FocusEvent) => {
        // A removed button also loses the focus, to nowhere; only a person leaves while it still stands.
        if (relatedTarget !== null || target.isConnected) hasFocus.current = false
      },
    },
  }
}
