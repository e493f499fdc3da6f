import { type FocusEvent, useLayoutEffect, useRef } from 'react'

/** What had the focus: the pod's element, and the control in it. */
interface LastFocus {
  readonly podId: string
  readonly label: string | null
}

/**
 * Keeps the focus on a pod whose element moves to another place of the list, which React draws anew. `arrangement` is
 * whatever changes when it moves. Returns the event handlers for the list.
 */
export function useKeptFocus(arrangement: unknown) {
  const last = useRef<LastFocus | null>(null)
  useLayoutEffect(() => {
    const lost = last.current
    if (lost === null || document.activeElement !== document.body) return
    const pod = document.getElementById(lost.podId)
    // Not the name, which leads away: an action stands for the one that is gone.
    const buttons = [...(pod?.querySelectorAll<HTMLElement>('button:not([tabindex="-1"], .pod-open)') ?? [])]
    const same = buttons.find((button) => button.getAttribute('aria-label') === lost.label)
    ;(same ?? buttons[0] ?? pod)?.focus({ preventScroll: true })
  }, [arrangement])
  return {
    onFocus: ({ target }: FocusEvent) => {
      const pod = target.closest<HTMLElement>('[id^="pod-"]')
      last.current = pod === null ? null : { podId: pod.id, label: target.getAttribute('aria-label') }
    },
    // React reports no blur of what it removes itself, so that this one is someone's who moved the focus.
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => {
      if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) last.current = null
    },
  }
}
