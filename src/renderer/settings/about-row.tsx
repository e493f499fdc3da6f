import { useState } from 'react'
import { settingRowId } from '../state/setting-row-id'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { CloseButton } from '../ui/close-button'
import { Dialog } from '../ui/dialog'
import { aboutText, updateStateText } from './about-text'
import { useUpdates } from './use-updates'

/** The version that runs, whether there is a newer one, and where it is. */
export function AboutRow() {
  const { bridge, snapshotStore } = useWindow()
  const view = useUpdates()
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const [licenses, setLicenses] = useState<string | null>(null)
  const showLicenses = async (): Promise<void> =>
    setLicenses(await snapshotStore.runRequest(aboutText.couldNotReadLicenses, bridge.licenses()))
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
          <Button onPress={() => void showLicenses()}>{aboutText.licenses}</Button>
          {newer !== null && (
            <Button
              onPress={() => void snapshotStore.runRequest(aboutText.couldNotOpen, bridge.openRelease())}
            >
              {aboutText.openRelease}
            </Button>
          )}
          {unavailable === null && (
            <Button
              whyNot={isChecking ? aboutText.checking : null}
              onPress={() => void snapshotStore.runRequest(aboutText.couldNotCheck, bridge.checkForUpdates())}
            >
              {aboutText.check}
            </Button>
          )}
        </span>
      </div>
      {licenses !== null && <LicensesDialog text={licenses} onClose={() => setLicenses(null)} />}
    </div>
  )
}

function LicensesDialog({ text, onClose }: { readonly text: string; readonly onClose: () => void }) {
  return (
    <Dialog label={aboutText.licenses} kind="sheet" onClose={onClose}>
      <header>
        <h2>{aboutText.licenses}</h2>
        <CloseButton autoFocus onPress={onClose} />
      </header>
      <pre className="dialog-body licenses" tabIndex={0}>
        {text}
      </pre>
    </Dialog>
  )
}
