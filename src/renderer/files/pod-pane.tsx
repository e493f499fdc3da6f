import { useState } from 'react'
import { joinPath, lastName } from '../../core/files/file-name'
import { type FolderItem, type LocalRoot, parentOfPath } from '../../core/files/files-view'
import type { PodView } from '../../core/view/snapshot'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { commonText } from '../ui/common-text'
import { filesPageText } from './files-text'
import { FolderList } from './folder-list'
import { NewFolderForm, PaneHead, PathField } from './pane-head'
import type { ShownFolder } from './use-folder'

export interface LocalPlace {
  readonly root: LocalRoot
  readonly path: string
}

interface PodPaneProps {
  readonly pod: PodView
  readonly shown: ShownFolder
  readonly open: (path: string | null, wanted?: string | null) => Promise<void>
  /** The folder here that gets what is downloaded; null: the system asks for one. */
  readonly local: LocalPlace | null
}

/** The files of a pod. */
export function PodPane({ pod, shown, open, local }: PodPaneProps) {
  const { bridge, snapshotStore } = useWindow()
  const { folder, isReading, problem } = shown
  const [selected, setSelected] = useState<readonly string[]>([])
  const [takesFocus, setTakesFocus] = useState(false)
  const [isNaming, setNaming] = useState(false)
  const go = (path: string | null, wanted: string | null = null, isByList = true) => {
    setTakesFocus(isByList)
    setSelected(wanted === null ? [] : [wanted])
    void open(path, wanted)
  }
  const path = folder?.path ?? null
  const up = () => {
    if (path !== null && path !== '/') go(parentOfPath(path), lastName(path))
  }
  const openItem = ({ kind, leadsTo, path: name }: FolderItem) => {
    if (path !== null && (kind === 'folder' || leadsTo === 'folder')) go(joinPath(path, name))
  }
  const create = async (name: string) => {
    if (path === null) return
    const isMade = await snapshotStore.tryRequest(
      filesPageText.notMade,
      bridge.makePodFolder(pod.key, path, name),
    )
    if (!isMade) return
    setNaming(false)
    go(path, name)
  }
  const download = () => {
    if (path === null || selected.length === 0) return
    void snapshotStore.runRequest(
      filesPageText.notDownloaded,
      local === null
        ? bridge.downloadToChosen(pod.key, path, selected)
        : bridge.downloadTo(pod.key, path, selected, local.root.id, local.path),
    )
  }
  const upload = (what: 'files' | 'folder') => {
    if (path === null) return
    void snapshotStore.runRequest(filesPageText.notUploaded, bridge.uploadChosen(pod.key, path, what))
  }
  return (
    <section
      className="file-pane"
      aria-label={filesPageText.onPod}
      data-drop-pod={pod.key}
      data-drop-folder={path ?? undefined}
      data-drop-shown=""
    >
      <PaneHead
        title={filesPageText.onPod}
        isReading={isReading}
        selectedCount={selected.length}
        isOpen={path !== null}
        isTop={path === '/'}
        onUp={up}
        onRefresh={() => go(path, null, false)}
      />
      {problem !== null && (
        <div className="message bad" role="alert">
          <span className="words">{problem}</span>
          <Button onPress={() => go(path, null, false)}>{commonText.tryAgain}</Button>
        </div>
      )}
      {folder === null && !isReading && problem === null && (
        <div className="pane-empty">
          <p className="cap">{filesPageText.connectQuestion}</p>
          <Button kind="primary" onPress={() => go(null)}>
            {filesPageText.connect}
          </Button>
        </div>
      )}
      {folder !== null && path !== null && (
        <>
          <PathField key={`path ${shown.serial}`} path={path} onGo={(typed) => go(typed)} />
          <FolderList
            key={shown.serial}
            label={filesPageText.listOf(filesPageText.onPod, path)}
            shown={shown}
            takesFocus={takesFocus}
            onOpen={openItem}
            onUp={up}
            onSelect={setSelected}
          />
          {folder.leftOutCount > 0 && <p className="cap">{filesPageText.leftOut(folder.leftOutCount)}</p>}
          {isNaming ? (
            <NewFolderForm onCreate={(name) => void create(name)} onCancel={() => setNaming(false)} />
          ) : (
            <footer>
              <Button
                isDisabled={selected.length === 0}
                label={filesPageText.downloadHere(selected.length)}
                onPress={download}
              >
                {local === null ? filesPageText.downloadAs : filesPageText.download}
              </Button>
              <Button onPress={() => upload('files')}>{filesPageText.uploadFiles}</Button>
              <Button onPress={() => upload('folder')}>{filesPageText.uploadFolder}</Button>
              <Button onPress={() => setNaming(true)}>{filesPageText.newFolder}</Button>
            </footer>
          )}
        </>
      )}
    </section>
  )
}
