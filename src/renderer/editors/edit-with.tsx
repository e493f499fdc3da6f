import './editors.css'
import { useEffect, useState } from 'react'
import type { EditorId } from '../../core/editors/editors'
import type { PodKey } from '../../core/pods/pod'
import type { EditorChoices } from '../../shared/requests/pod/editor-requests'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { CloseButton } from '../ui/close-button'
import { FormField } from '../ui/controls/form-field'
import { editorsText } from './editors-text'

interface EditWithProps {
  readonly podKey: PodKey
  readonly onClose: () => void
}

/** The editors of this computer that can open the pod, and the folder that they open. */
export function EditWith({ podKey, onClose }: EditWithProps) {
  const { bridge, snapshotStore, navigate } = useWindow()
  const name = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey)?.name ?? '')
  const [choices, setChoices] = useState<EditorChoices | null>(null)
  const [typedFolder, setTypedFolder] = useState<string | null>(null)
  const [starting, setStarting] = useState<string | null>(null)
  const runOnce = useSingleFlight()
  const [loads, setLoads] = useState(0)
  const reload = () => setLoads((count) => count + 1)
  useEffect(() => {
    let isMounted = true
    void snapshotStore
      .runRequest(editorsText.couldNotLoad, bridge.editorChoices(podKey))
      .then((found) => isMounted && setChoices(found))
    return () => {
      isMounted = false
    }
  }, [bridge, snapshotStore, podKey, loads])
  const folder = typedFolder ?? choices?.folder ?? ''
  const isFolder = folder.startsWith('/')

  const open = async (id: EditorId, editor: string): Promise<void> => {
    setStarting(editor)
    const isStarted = await snapshotStore.runRequest(
      editorsText.couldNotOpen,
      bridge.editPodWith(podKey, id, folder),
    )
    setStarting(null)
    if (isStarted !== true) return reload()
    snapshotStore.showToast('ok', editorsText.started(editor))
    onClose()
  }
  const remove = async (): Promise<void> => {
    const isRemoved = await snapshotStore.runRequest(editorsText.couldNotRemove, bridge.removeSshHosts())
    if (isRemoved === true) snapshotStore.showToast('ok', editorsText.removed)
    reload()
  }

  return (
    <>
      <header>
        <h2>{editorsText.title(name)}</h2>
        <CloseButton onPress={onClose} />
      </header>
      <div className="dialog-body edit-with">
        {choices !== null && (
          <>
            {choices.problem !== null && <p role="alert">{choices.problem}</p>}
            <FormField
              label={editorsText.folder}
              value={folder}
              onChange={setTypedFolder}
              maxLength={1_000}
              help={editorsText.folderHelp}
              problem={isFolder ? null : editorsText.noFolder}
            />
            {choices.editors.length === 0 ? (
              <p>
                {editorsText.none} {editorsText.noneHelp}
              </p>
            ) : (
              <div className="programs">
                {choices.editors.map(({ id, name: editor }, index) => (
                  <Button
                    key={id}
                    {...(index === 0 && { kind: 'primary' as const, autoFocus: true })}
                    whyNot={choices.problem ?? (isFolder ? null : editorsText.noFolder)}
                    isPending={starting === editor}
                    onPress={() => runOnce(() => open(id, editor))}
                  >
                    {editor}
                  </Button>
                ))}
              </div>
            )}
            <p className="cap" role="status">
              {starting === null ? editorsText.notSeen : editorsText.starting(starting)}
            </p>
            {choices.isIncluded ? (
              <p className="cap">
                {editorsText.included} <code>{choices.line}</code>
                <br />
                {editorsText.alias}: <code>{choices.alias}</code>
              </p>
            ) : (
              <p className="cap">{editorsText.willAsk}</p>
            )}
          </>
        )}
      </div>
      <footer>
        <Button
          onPress={() => {
            onClose()
            navigate('settings', 'editorCommand')
          }}
        >
          {editorsText.manage}
        </Button>
        {choices?.isIncluded === true && (
          <Button onPress={() => runOnce(remove)}>{editorsText.remove}</Button>
        )}
      </footer>
    </>
  )
}
