import { useEffect, useRef } from 'react'
import type { PageName } from '../../../shared/ipc'
import { takesLetters } from '../shortcuts'
import { useWindow } from '../window-context'

/** Between `G` and the letter of a page, ms. */
const PAUSE_MS = 1_500

export const goLetters: Readonly<Record<string, PageName>> = {
  p: 'pods',
  q: 'queue',
  c: 'costs',
  t: 'terminals',
  o: 'ports',
  v: 'volumes',
  u: 'clean-up',
  a: 'activity',
  s: 'settings',
}

type GoKeys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'timeStamp'>

/**
 * What a keystroke means after `pressedAtMs`, when `G` was pressed (null: it wasn't). Any letter after it is taken, so
 * that none that leads nowhere stops a pod.
 */
export function goStep(keys: GoKeys, pressedAtMs: number | null): 'begin' | 'taken' | PageName | null {
  const { key, timeStamp } = keys
  if (keys.ctrlKey || keys.metaKey || keys.altKey || keys.shiftKey || key.length !== 1) return null
  const letter = key.toLowerCase()
  if (pressedAtMs !== null && timeStamp - pressedAtMs <= PAUSE_MS)
    return Object.hasOwn(goLetters, letter) ? (goLetters[letter] ?? 'taken') : 'taken'
  return letter === 'g' ? 'begin' : null
}

/** Goes to a page by `G` and its letter, before other shortcuts see them. */
export function useGoShortcuts(go: (page: PageName) => void): void {
  const { store } = useWindow().snapshotStore
  const pressedAtMs = useRef<number | null>(null)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isTaken = event.repeat || event.isComposing || store.getState().dialog !== null
      const step = isTaken || takesLetters(event.target) ? null : goStep(event, pressedAtMs.current)
      pressedAtMs.current = step === 'begin' ? event.timeStamp : null
      if (step === null) return
      event.preventDefault()
      event.stopPropagation()
      if (step !== 'begin' && step !== 'taken') go(step)
    }
    document.addEventListener('keydown', onKeyDown, { capture: true })
    return () => document.removeEventListener('keydown', onKeyDown, { capture: true })
  })
}
