import { useEffect, useState } from 'react'
import type { SettingsView } from '../../shared/ipc'
import { useWindow } from './window-context'

/** The settings as the app has them; null until it answered. */
export function useSettings(): SettingsView | null {
  const { bridge, mirror } = useWindow()
  const [view, setView] = useState<SettingsView | null>(null)
  useEffect(() => {
    let isHere = true
    const unsubscribe = bridge.on('settings', setView)
    void mirror.report('The settings could not be read', bridge.settings()).then((first) => {
      if (isHere && first !== null) setView((known) => known ?? first)
    })
    return () => {
      isHere = false
      unsubscribe()
    }
  }, [bridge, mirror])
  return view
}
