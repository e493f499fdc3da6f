import '../ui/styles/data-table.css'
import './volumes.css'
import { useEffect, useState } from 'react'
import { MINUTE_MS } from '../../core/base/time/time'
import type { AccountId } from '../../core/pods/pod'
import type { AccountPart } from '../../core/view/snapshot'
import type { VolumesView, VolumeView } from '../../core/view/volumes-view'
import { isSetUp } from '../state/account-parts'
import { refreshWhileVisible } from '../state/hooks/refresh-while-visible'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { AccountLabel } from '../ui/labels/account-label'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { GrowVolumeDialog, NewVolumeDialog, RenameVolumeDialog } from './volume-dialogs'
import { VolumeTable } from './volume-table'
import { staleText, totalText, volumesPageText } from './volumes-text'
import { commonText } from '../ui/common-text'

const REFRESH_MS = MINUTE_MS

type VolumesDialog =
  | { readonly kind: 'new'; readonly accountId: AccountId }
  | { readonly kind: 'grow' | 'rename'; readonly accountId: AccountId; readonly volume: VolumeView }

type VolumesPart = AccountPart & { readonly volumes: VolumesView }

const hasVolumes = (part: AccountPart): part is VolumesPart => part.volumes !== undefined

/** The network volumes of all accounts that can have some. */
export function VolumesPage() {
  const { bridge } = useWindow()
  const isConnected = useSnapshotStore(({ snapshot }) => isSetUp(snapshot))
  const accounts = useSnapshotStore(({ snapshot }) => snapshot?.accounts)
  const shownAccountId = useSnapshotStore((state) => state.shownAccountId)
  const [dialog, setDialog] = useState<VolumesDialog | null>(null)
  const parts = (accounts ?? [])
    .filter(hasVolumes)
    .filter(({ entry }) => shownAccountId === null || entry.id === shownAccountId)
  const idsText = parts.map(({ entry }) => entry.id).join()
  useEffect(() => {
    const ids = idsText === '' ? [] : idsText.split(',')
    // What fails is in the snapshot, beside what was read before.
    const refresh = (): void => ids.forEach((id) => void bridge.refreshVolumes(id).catch(() => undefined))
    refresh()
    return refreshWhileVisible(REFRESH_MS, refresh)
  }, [bridge, idsText])
  return (
    <section className="page volumes-page" aria-label={volumesPageText.title}>
      {!isConnected ? (
        <>
          <h1 className="unseen">{volumesPageText.title}</h1>
          <BlankSlate icon="disk" title={volumesPageText.noAccount}>
            {volumesPageText.connectFirst}
          </BlankSlate>
        </>
      ) : parts.length === 0 ? (
        <>
          <h1 className="unseen">{volumesPageText.title}</h1>
          <BlankSlate icon="disk" title={volumesPageText.noneHere}>
            {volumesPageText.onlyRunpod}
          </BlankSlate>
        </>
      ) : (
        parts.map((part, index) => (
          <AccountVolumes key={part.entry.id} part={part} isFirst={index === 0} onOpen={setDialog} />
        ))
      )}
      {dialog?.kind === 'new' && (
        <NewVolumeDialog accountId={dialog.accountId} onClose={() => setDialog(null)} />
      )}
      {dialog?.kind === 'grow' && (
        <GrowVolumeDialog
          accountId={dialog.accountId}
          volume={dialog.volume}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog?.kind === 'rename' && (
        <RenameVolumeDialog
          accountId={dialog.accountId}
          volume={dialog.volume}
          onClose={() => setDialog(null)}
        />
      )}
    </section>
  )
}

interface AccountVolumesProps {
  readonly part: VolumesPart
  readonly isFirst: boolean
  readonly onOpen: (dialog: VolumesDialog) => void
}

function AccountVolumes({ part: { entry, volumes: view }, isFirst, onOpen }: AccountVolumesProps) {
  const { bridge, snapshotStore, navigate } = useWindow()
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const { id: accountId } = entry
  const stale = staleText(view, nowMs)
  const openNew = () => onOpen({ kind: 'new', accountId })
  const isEmpty = view.readAtMs !== null && view.volumes.length === 0
  return (
    <section className="account-volumes" aria-label={volumesPageText.volumesOf(entry.name)}>
      <header className="volumes-head">
        {isFirst && <h1>{volumesPageText.title}</h1>}
        <AccountLabel accountId={accountId} />
        {view.volumes.length > 0 && <span className="cap">{totalText(view.volumes, view.arePodsKnown)}</span>}
        {!isEmpty && (
          <div className="end">
            {isFirst && <Button onPress={() => navigate('clean-up')}>{volumesPageText.cleanUp}</Button>}
            <Button icon="plus" label={volumesPageText.newVolumeIn(entry.name)} onPress={openNew}>
              {volumesPageText.newVolume}
            </Button>
          </div>
        )}
      </header>
      {stale !== null && (
        <div className="message bad" role="alert">
          <span className="words">{stale}</span>
          <Button
            onPress={() =>
              void snapshotStore.runRequest(volumesPageText.couldNotRead, bridge.refreshVolumes(accountId))
            }
          >
            {commonText.tryAgain}
          </Button>
        </div>
      )}
      {view.open.map((text) => (
        <div className="message idle" role="status" key={text}>
          <span className="words">{text}</span>
        </div>
      ))}
      {view.readAtMs === null ? (
        stale === null && <p role="status">{volumesPageText.reading}</p>
      ) : isEmpty ? (
        <BlankSlate
          icon="disk"
          title={volumesPageText.none}
          actions={
            <Button kind="primary" onPress={openNew}>
              {volumesPageText.newVolume}
            </Button>
          }
        >
          {volumesPageText.about}
        </BlankSlate>
      ) : (
        <VolumeTable
          accountId={accountId}
          view={view}
          onGrow={(volume) => onOpen({ kind: 'grow', accountId, volume })}
          onRename={(volume) => onOpen({ kind: 'rename', accountId, volume })}
        />
      )}
    </section>
  )
}
