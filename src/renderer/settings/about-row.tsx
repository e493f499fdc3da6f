import { useEffect, useState } from 'react'
import type { UpdatesView } from '../../shared/requests/update-requests'
import { isDemo } from '../state/account-parts'
import { settingRowId } from '../state/setting-row-id'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { aboutText, updateStateText } from './about-text'

/** The version that runs, whether there is a newer one, and where it is. */
export function AboutRow() {
  const { bridge, snapshotStore } = useWindow()
  const view = useUpdates()
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  if (view === null) return null
  const { unavailable, isChecking, newer } = view.state
  return (
    <div className="setting-row" id={settingRowId('about')} tabIndex={-1}>
      <div className="setting">
        <span className="label-like">{aboutText.title(view.version)}</span>
        <span slot="description" role="status">
          {updateStateText(view.state, nowMs)}
        </span>
        <span className="controls">
          {newer !== null && (
            <Button
              onPress={() => void snapshotStore.runRequest(aboutText.couldNotOpen, bridge.openRelease())}
            >
              {aboutText.openRelease}
            </Button>
          )}
          {unavailable === null && (
            <Button
              isDisabled={isChecking}
              onPress={() => void snapshotStore.runRequest(aboutText.couldNotCheck, bridge.checkForUpdates())}
            >
              {aboutText.check}
            </Button>
          )}
        </span>
      </div>
    </div>
  )
}

/** Null until it arrives from main. */
function useUpdates(): UpdatesView | null {
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
