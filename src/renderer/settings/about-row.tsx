import { useState } from 'react'
import type { UpdatesView } from '../../shared/requests/update-requests'
import { WhatsNewButton } from '../messages/whats-new'
import { settingRowId } from '../state/setting-row-id'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { CloseButton } from '../ui/close-button'
import { Dialog } from '../ui/dialog'
import { aboutText, electronText, updateStateText } from './about-text'
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
  const electron = electronText(view.electron, newer !== null)
  // What the app downloads itself is looked for again each day.
  const canCheck = unavailable === null && (newer === null || view.way !== 'app')
  return (
    <div className="setting-row" id={settingRowId('about')} tabIndex={-1}>
      <div className="setting">
        <span className="label-like">{aboutText.title(view.version)}</span>
        <span slot="description">
          <span role="status">{updateStateText(view, nowMs)}</span>
          {electron !== null && <span className="electron-support">{electron}</span>}
        </span>
        <span className="controls">
          <WhatsNewButton />
          <Button onPress={() => void showLicenses()}>{aboutText.licenses}</Button>
          <UpdateButtons view={view} />
          {canCheck && (
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

/** What can be done about a newer release. */
function UpdateButtons({ view: { way, state, download, restart } }: { readonly view: UpdatesView }) {
  const { bridge, snapshotStore } = useWindow()
  if (state.newer === null) return null
  const isOwn = way === 'app'
  const isVerified = isOwn && download.kind === 'verified'
  const canDownload = isOwn && (download.kind === 'none' || download.kind === 'failed')
  return (
    <>
      {!isVerified && way !== 'apt' && way !== 'dnf' && (
        <Button onPress={() => void snapshotStore.runRequest(aboutText.couldNotOpen, bridge.openRelease())}>
          {aboutText.openRelease}
        </Button>
      )}
      {canDownload && (
        <Button
          onPress={() => void snapshotStore.runRequest(aboutText.couldNotDownload, bridge.downloadUpdate())}
        >
          {download.kind === 'failed' ? aboutText.retry : aboutText.download}
        </Button>
      )}
      {isVerified && restart.kind === 'none' && (
        <Button
          kind="primary"
          onPress={() => void snapshotStore.runRequest(aboutText.couldNotRestart, bridge.restartForUpdate())}
        >
          {aboutText.restart}
        </Button>
      )}
      {restart.kind === 'waiting' && (
        <Button
          onPress={() => void snapshotStore.runRequest(aboutText.couldNotRestart, bridge.cancelRestart())}
        >
          {aboutText.cancelRestart}
        </Button>
      )}
    </>
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
