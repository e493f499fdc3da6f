import { type FocusEvent, useLayoutEffect, useRef } from 'react'
import type { PodKey } from '../../core/pods/pod'

/**
 * Moves the focus to the pod, or to the page, when the button that has it is gone, as when its time is over. `toasts`
 * changes whenever a button may be gone. Returns the event handlers for the list, whose items about pods have `data-pod`.
 */
export function useFocusAfterUndo(toasts: string) {
  /** Empty: the toast with the focus is about no pod. Null: none has it. */
  const focusedPod = useRef<PodKey | '' | null>(null)
  useLayoutEffect(() => {
    if (focusedPod.current === null || document.activeElement !== document.body) return
    const pod = document.getElementById(`pod-${focusedPod.current}`)
    focusedPod.current = null
    ;(pod ?? document.querySelector<HTMLElement>('main'))?.focus({ preventScroll: true })
  }, [toasts])
  return {
    onFocus: ({ target }: FocusEvent<HTMLElement>) => {
      const { pod = '' } = target.closest<HTMLElement>('[data-pod]')?.dataset ?? {}
      focusedPod.current = pod as PodKey | ''
    },
    onBlur: ({ target, relatedTarget }: FocusEvent<HTMLElement>) => {
      // A removed button loses the focus too, but only a person moves it while the button is connected.
      if (relatedTarget !== null || target.isConnected) focusedPod.current = null
    },
  }
}
