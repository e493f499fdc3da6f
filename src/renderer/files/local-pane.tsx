import { displayName, joinPath, lastName } from '../../core/files/file-name'
import type { FolderItem } from '../../core/files/files-view'
import type { PodView } from '../../core/view/snapshot'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { filesPageText } from './files-text'
import { FolderList } from './folder-list'
import { PaneHead } from './pane-head'
import type { LocalPlace } from './pod-pane'
import { type OpenFolder, type ShownFolder, useSelection } from './use-folder'

interface LocalPaneProps {
  readonly pod: PodView
  readonly shown: ShownFolder
  readonly open: OpenFolder<LocalPlace>
  readonly place: LocalPlace | null
  readonly onPlace: (place: LocalPlace) => void
  /** The folder of the pod that gets what is uploaded; null: none is shown. */
  readonly podFolder: string | null
}

/** What is below a folder of this computer that a person opened. */
export function LocalPane({ pod, shown, open, place, onPlace, podFolder }: LocalPaneProps) {
  const { bridge, snapshotStore } = useWindow()
  const { folder, isReading, problem } = shown
  const [selected, setSelected] = useSelection(folder)
  const go = async (next: LocalPlace, wanted: string | null = null, takesFocus = true) => {
    setSelected(wanted === null ? [] : [wanted])
    // Until then the folder before is shown, and what is selected is in that one.
    if (await open(next, { wanted, takesFocus })) onPlace(next)
  }
  const choose = async () => {
    const root = await snapshotStore.runRequest(filesPageText.notOpened, bridge.openLocalFolder())
    if (root !== null) void go({ root, path: '' })
  }
  const up = () => {
    if (place === null || place.path === '') return
    void go({ ...place, path: place.path.split('/').slice(0, -1).join('/') }, lastName(place.path))
  }
  const openItem = ({ kind, path: name }: FolderItem) => {
    if (place !== null && kind === 'folder') void go({ ...place, path: joinPath(place.path, name) })
  }
  const upload = () => {
    if (place === null || podFolder === null || selected.length === 0) return
    void snapshotStore.runRequest(
      filesPageText.notUploaded,
      bridge.uploadFrom(pod.key, podFolder, place.root.id, place.path, selected),
    )
  }
  const shownPath = place === null ? '' : joinPath(place.root.name, place.path).replace(/\/$/, '')
  return (
    <section className="file-pane" aria-label={filesPageText.here}>
      <PaneHead
        title={filesPageText.here}
        isReading={isReading}
        selectedCount={selected.length}
        isOpen={place !== null}
        isTop={place?.path === ''}
        onUp={up}
        onRefresh={() => place !== null && void go(place, null, false)}
      />
      {problem !== null && (
        <div className="message bad" role="alert">
          <span className="words">{problem}</span>
        </div>
      )}
      {place === null || folder === null ? (
        <div className="pane-empty">
          <p className="cap">{filesPageText.noLocal}</p>
          <Button onPress={() => void choose()}>{filesPageText.openFolder}</Button>
        </div>
      ) : (
        <>
          <p className="local-path">
            <span className="cap">{filesPageText.folder}</span>
            <bdi>{displayName(shownPath)}</bdi>
          </p>
          <FolderList
            key={shownPath}
            label={filesPageText.listOf(filesPageText.here, shownPath)}
            shown={shown}
            selected={selected}
            onOpen={openItem}
            onUp={up}
            onSelect={setSelected}
          />
          {folder.leftOutCount > 0 && <p className="cap">{filesPageText.leftOut(folder.leftOutCount)}</p>}
          <footer>
            <Button
              whyNot={selected.length === 0 || podFolder === null ? filesPageText.selectFirst : null}
              label={filesPageText.uploadTo(selected.length, podFolder ?? '')}
              onPress={upload}
            >
              {filesPageText.upload}
            </Button>
            <Button onPress={() => void choose()}>{filesPageText.openFolder}</Button>
          </footer>
        </>
      )}
    </section>
  )
}
