import { type FocusEvent, type RefObject, useRef } from 'react'

/**
 * Keeps the focus inside `ref` when the focused button is replaced: it moves to the first remaining action,
 * else to the element itself. Returns the event handlers for the element, and the function to call after its
 * content was rendered.
 */
export function useRestoredFocus(ref: RefObject<HTMLElement | null>) {
  const hasFocus = useRef(false)
  return {
    restoreFocus: () => {
      if (!hasFocus.current || document.activeElement !== document.body) return
      const focusTarget =
        ref.current?.querySelector<HTMLElement>(
          'button:not([tabindex="-1"], .auto-stop-reason, .pod-open)',
        ) ?? ref.current
      focusTarget?.focus({ preventScroll: true })
    },
    handlers: {
      onFocus: () => {
        hasFocus.current = true
      },
      onBlur: ({ target, relatedTarget }: FocusEvent) => {
        // A removed button also loses the focus, but only a person moves it while the button is still
        // connected.
        if (relatedTarget !== null || target.isConnected) hasFocus.current = false
      },
    },
  }
}
