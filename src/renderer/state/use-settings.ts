import { useEffect, useState } from 'react'
import type { SettingsView } from '../../shared/settings-requests'
import { useWindow } from './window-context'
import { requestText } from './state-text'

/** The settings from the main process; null until they arrive. */
export function useSettings(): SettingsView | null {
  const { bridge, snapshotStore } = useWindow()
  const [view, setView] = useState<SettingsView | null>(null)
  useEffect(() => {
    let isMounted = true
    const unsubscribe = bridge.on('settings', setView)
    void snapshotStore.runRequest(requestText.couldNotReadSettings, bridge.settings()).then((initial) => {
      if (isMounted && initial !== null) setView((known) => known ?? initial)
    })
    return () => {
      isMounted = false
      unsubscribe()
    }
  }, [bridge, snapshotStore])
  return view
}
