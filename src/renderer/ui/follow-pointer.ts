import type { PointerEvent } from 'react'

/**
 * Follows the pointer that was pressed until its button is released, wherever it is by then. `onEnd` is called once;
 * `isCanceled`: the system took the pointer away.
 */
export function followPointer(
  down: PointerEvent,
  onMove: (event: globalThis.PointerEvent) => void,
  onEnd: (isCanceled: boolean) => void = () => {},
): void {
  down.currentTarget.setPointerCapture(down.pointerId)
  const drag = new AbortController()
  const listen = (type: 'pointermove' | 'pointerup' | 'pointercancel'): void => {
    const onEvent = (event: globalThis.PointerEvent): void => {
      if (event.pointerId !== down.pointerId) return
      // The last move before the release may not have been reported.
      if (type !== 'pointercancel') onMove(event)
      if (type === 'pointermove') return
      drag.abort()
      onEnd(type === 'pointercancel')
    }
    window.addEventListener(type, onEvent, { signal: drag.signal })
  }
  listen('pointermove')
  listen('pointerup')
  listen('pointercancel')
}
