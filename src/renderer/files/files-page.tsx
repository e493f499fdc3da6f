import './files.css'
import { useEffect, useRef, useState } from 'react'
import type { PodView } from '../../core/view/snapshot'
import { podState } from '../../core/view/pod-state'
import { podColor } from '../pod-model/pod-color'
import { PodHeading } from '../ui/labels/pod-heading'
import { useFocusInPage } from '../state/hooks/use-focus-in-page'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { AccountLabel } from '../ui/labels/account-label'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { pageTitles, uiText } from '../ui/ui-text'
import { filesPageText, noFilesText } from './files-text'
import { LocalPane } from './local-pane'
import { type LocalPlace, PodPane } from './pod-pane'
import { TransferList } from './transfer-list'
import { useFolder } from './use-folder'
import { useTransfers } from './use-transfers'

/** The files of one pod beside those of this computer, and all transfers. */
export function FilesPage() {
  const { snapshotStore } = useWindow()
  const target = useSnapshotStore(({ pageTarget }) => pageTarget?.id ?? null)
  const pod = useSnapshotStore(({ podsByKey }) => (target === null ? undefined : podsByKey.get(target)))
  const hasSnapshot = useSnapshotStore(({ snapshot }) => snapshot !== null)
  if (pod !== undefined) return <PodFiles key={pod.key} pod={pod} />
  if (!hasSnapshot) return <p className="cap part-opening">{uiText.opening}</p>
  return (
    <section className="page" aria-label={pageTitles.files}>
      <BlankSlate
        icon="disk"
        title={filesPageText.gone}
        actions={<Button onPress={() => snapshotStore.showPage('pods')}>{filesPageText.showPods}</Button>}
      >
        {filesPageText.goneHelp}
      </BlankSlate>
    </section>
  )
}

function PodFiles({ pod }: { readonly pod: PodView }) {
  const { bridge } = useWindow()
  const heading = useRef<HTMLHeadingElement>(null)
  const keepFocus = useFocusInPage(() => heading.current)
  const transfers = useTransfers()
  const [place, setPlace] = useState<LocalPlace | null>(null)
  const onPod = useFolder((path: string | null) => bridge.listPodFolder(pod.key, path))
  const here = useFolder(({ root, path }: LocalPlace) => bridge.listLocalFolder(root.id, path))
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  useEffect(() => () => void bridge.closePodFolders(pod.key), [bridge, pod.key])

  // What a transfer has copied is shown.
  const doneCount = (transfers ?? []).filter(
    ({ podKey, state }) => podKey === pod.key && state.kind === 'done',
  ).length
  const seenCount = useRef(doneCount)
  const { reload: reloadPod } = onPod
  const { reload: reloadHere } = here
  const podPath = onPod.shown.folder?.path ?? null
  useEffect(() => {
    const isNew = doneCount > seenCount.current
    seenCount.current = doneCount
    if (!isNew) return
    reloadPod()
    reloadHere()
  }, [doneCount, reloadPod, reloadHere])

  const obstacle = noFilesText(pod)
  const { tone, word } = podState(pod)
  return (
    <section
      className={`page files-page ${podColor(pod)}`}
      aria-label={filesPageText.filesOf(pod.name)}
      {...keepFocus}
    >
      <header className="page-head">
        <span className="id-bar" aria-hidden="true" />
        <h1 ref={heading} tabIndex={-1}>
          <PodHeading pod={pod} />
        </h1>
        <span className={`pill ${tone}`}>{word}</span>
        <AccountLabel accountId={pod.accountId} />
        <span className="cap">{obstacle === null ? filesPageText.dropHint : ''}</span>
      </header>
      {obstacle === null ? (
        <div className="panes">
          <LocalPane
            pod={pod}
            shown={here.shown}
            open={here.open}
            place={place}
            onPlace={setPlace}
            podFolder={podPath}
          />
          <PodPane pod={pod} shown={onPod.shown} open={onPod.open} local={place} />
        </div>
      ) : (
        <p className="cap">{obstacle}</p>
      )}
      {transfers !== null && <TransferList transfers={transfers} />}
    </section>
  )
}
