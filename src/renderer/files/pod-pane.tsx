import { useState } from 'react'
import { joinPath, lastName } from '../../core/files/file-name'
import { type FolderItem, type LocalRoot, parentOfPath } from '../../core/files/files-view'
import type { PodView } from '../../core/view/snapshot'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { commonText } from '../ui/common-text'
import { filesPageText } from './files-text'
import { FolderList } from './folder-list'
import { NameForm, PaneHead, PathField } from './pane-head'
import { type OpenFolder, type ShownFolder, useSelection } from './use-folder'

export interface LocalPlace {
  readonly root: LocalRoot
  readonly path: string
}

interface PodPaneProps {
  readonly pod: PodView
  readonly shown: ShownFolder
  readonly open: OpenFolder<string | null>
  /** The folder here that gets what is downloaded; null: the system asks for one. */
  readonly local: LocalPlace | null
}

/** The files of a pod. */
export function PodPane({ pod, shown, open, local }: PodPaneProps) {
  const { bridge, snapshotStore } = useWindow()
  const { folder, isReading, problem } = shown
  const [selected, setSelected] = useSelection(folder)
  /** What a name is asked for in a folder: a new folder, or the file that has one; null: nothing. */
  const [asked, setNaming] = useState<{ readonly folder: string; readonly renamed: string | null } | null>(
    null,
  )
  const go = (path: string | null, wanted: string | null = null, takesFocus = true) => {
    setSelected(wanted === null ? [] : [wanted])
    void open(path, { wanted, takesFocus })
  }
  const path = folder?.path ?? null
  const naming = asked?.folder === path ? asked : null
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
    setNaming(null)
    go(path, name)
  }
  const startRename = () => {
    const [name] = selected
    if (path !== null && name !== undefined && selected.length === 1)
      setNaming({ folder: path, renamed: name })
  }
  const rename = async (name: string, newName: string) => {
    if (path === null) return
    const renaming = bridge.renamePodFile(pod.key, path, name, newName)
    if (!(await snapshotStore.tryRequest(filesPageText.notRenamed, renaming))) return
    setNaming(null)
    go(path, newName)
  }
  const deleteSelected = async () => {
    if (path === null || selected.length === 0) return
    const deleting = bridge.deletePodFiles(pod.key, path, selected)
    // Some of it may be gone, whatever became of the rest.
    if ((await snapshotStore.runRequest(filesPageText.notDeleted, deleting)) !== false) go(path)
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
          <PathField key={`path ${path}`} path={path} onGo={(typed) => go(typed)} />
          <FolderList
            key={path}
            label={filesPageText.listOf(filesPageText.onPod, path)}
            shown={shown}
            selected={selected}
            onOpen={openItem}
            onUp={up}
            onSelect={setSelected}
            onRename={startRename}
            onDelete={() => void deleteSelected()}
          />
          {folder.leftOutCount > 0 && <p className="cap">{filesPageText.leftOut(folder.leftOutCount)}</p>}
          {naming !== null ? (
            <NameForm
              key={naming.renamed}
              label={
                naming.renamed === null ? filesPageText.folderName : filesPageText.newName(naming.renamed)
              }
              initial={naming.renamed ?? ''}
              doLabel={naming.renamed === null ? filesPageText.create : filesPageText.rename}
              onDone={(name) => void (naming.renamed === null ? create(name) : rename(naming.renamed, name))}
              onCancel={() => setNaming(null)}
            />
          ) : (
            <PodPaneTools
              selected={selected}
              isLocalOpen={local !== null}
              onDownload={download}
              onUpload={upload}
              onNewFolder={() => setNaming({ folder: path, renamed: null })}
              onRename={startRename}
              onDelete={() => void deleteSelected()}
            />
          )}
        </>
      )}
    </section>
  )
}

interface PodPaneToolsProps {
  readonly selected: readonly string[]
  /** Whether a folder here is open, which gets what is downloaded; else the system asks for one. */
  readonly isLocalOpen: boolean
  readonly onDownload: () => void
  readonly onUpload: (what: 'files' | 'folder') => void
  readonly onNewFolder: () => void
  readonly onRename: () => void
  readonly onDelete: () => void
}

/** What can be done with the selected files of a pod, and in its open folder. */
function PodPaneTools({ selected, isLocalOpen, ...on }: PodPaneToolsProps) {
  const { onDownload, onUpload, onNewFolder, onRename, onDelete } = on
  return (
    <footer>
      <Button
        whyNot={selected.length === 0 ? filesPageText.selectFirst : null}
        label={filesPageText.downloadHere(selected.length)}
        onPress={onDownload}
      >
        {!isLocalOpen ? filesPageText.downloadAs : filesPageText.download}
      </Button>
      <Button onPress={() => onUpload('files')}>{filesPageText.uploadFiles}</Button>
      <Button onPress={() => onUpload('folder')}>{filesPageText.uploadFolder}</Button>
      <Button onPress={onNewFolder}>{filesPageText.newFolder}</Button>
      <Button
        whyNot={selected.length === 1 ? null : filesPageText.selectOne}
        label={filesPageText.renameOf(selected[0] ?? '')}
        onPress={onRename}
      >
        {filesPageText.rename}
      </Button>
      <Button
        whyNot={selected.length === 0 ? filesPageText.selectFirst : null}
        label={filesPageText.deleteOf(selected.length)}
        onPress={onDelete}
      >
        {filesPageText.delete}
      </Button>
    </footer>
  )
}
