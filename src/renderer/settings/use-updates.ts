import { useEffect, useState } from 'react'
import type { UpdatesView } from '../../shared/requests/update-requests'
import { isDemo } from '../state/account-parts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { aboutText } from './about-text'

/** Null until it arrives from main. */
export function useUpdates(): UpdatesView | null {
  const { bridge, snapshotStore } = useWindow()
  const inDemo = useSnapshotStore(({ snapshot }) => isDemo(snapshot))
  const [view, setView] = useState<UpdatesView | null>(null)
  useEffect(() => {
    let isMounted = true
    const unsubscribe = bridge.on('updates', setView)
    void snapshotStore.runRequest(aboutText.couldNotRead, bridge.updates()).then((read) => {
      if (isMounted && read !== null) setView(read)
    })
    return () => {
      isMounted = false
      unsubscribe()
    }
  }, [bridge, snapshotStore, inDemo])
  return view
}
