import { type FocusEvent, useLayoutEffect, useRef } from 'react'

/**
 * Keeps the focus in the page when what has it is removed, as a button that did its work: `target` gets it then.
 * Returns the event handlers for the page's element.
 */
export function useFocusInPage(target: () => HTMLElement | null) {
  const hasFocus = useRef(false)
  useLayoutEffect(() => {
    if (hasFocus.current && document.activeElement === document.body) target()?.focus()
  })
  return {
    onFocus: ({ currentTarget, target: focused }: FocusEvent) => {
      // The list of a choice is drawn outside of the page and gives the focus back itself.
      hasFocus.current = currentTarget.contains(focused)
    },
    // React reports no blur of what it removes itself, so that this one is someone's who moved the focus.
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => {
      if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) hasFocus.current = false
    },
  }
}
