import './files.css'
import type { TransferView } from '../../core/files/files-view'
import type { PodView } from '../../core/view/snapshot'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { filesPanelText, noFilesText } from './files-text'
import { TransferList } from './transfer-list'

interface FilesPanelProps {
  readonly pod: PodView
  readonly transfers: readonly TransferView[]
  readonly onHide: () => void
}

/** The transfers of a pod, beside its terminal. */
export function FilesPanel({ pod, transfers, onHide }: FilesPanelProps) {
  const { navigate } = useWindow()
  const obstacle = noFilesText(pod)
  return (
    <section className="panel files-panel" aria-label={filesPanelText.title}>
      <header>
        <h2>{filesPanelText.title}</h2>
        <span className="end">
          {obstacle === null && (
            <Button label={filesPanelText.browseOf(pod.name)} onPress={() => navigate('files', pod.key)}>
              {filesPanelText.browse}
            </Button>
          )}
          <Button label={filesPanelText.hideOf(pod.name)} onPress={onHide}>
            {filesPanelText.hide}
          </Button>
        </span>
      </header>
      {obstacle !== null && <p className="cap">{obstacle}</p>}
      <TransferList transfers={transfers.filter(({ podKey }) => podKey === pod.key)} />
    </section>
  )
}
