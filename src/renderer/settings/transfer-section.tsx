import { useState } from 'react'
import type { SettingChange } from '../../core/settings/import-export'
import { settingList } from '../../core/settings/definitions/setting-list'
import type { Setting } from '../../core/settings/definitions/setting-types'
import { settingValueText } from '../../core/settings/definitions/typed-value'
import type { ImportPreview } from '../../shared/settings-requests'
import { settingRowId } from '../state/setting-row-id'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'

/** Exports settings to a file and imports them. An import shows its changes before it applies them. */
export function TransferSection() {
  const { bridge } = useWindow()
  const [preview, setPreview] = useState<ImportPreview | null>(null)
  const [statusMessage, setStatusMessage] = useState('')

  const exportAll = async (): Promise<void> => {
    setStatusMessage('')
    const answer = await bridge.exportSettings()
    if (!answer.ok) setStatusMessage(answer.error.message)
    else if (answer.value !== null) setStatusMessage(`Exported to ${answer.value}.`)
  }
  const choose = async (): Promise<void> => {
    setStatusMessage('')
    setPreview(null)
    const answer = await bridge.chooseImport()
    if (!answer.ok) setStatusMessage(answer.error.message)
    else if (answer.value?.changes.length === 0)
      setStatusMessage(`This file changes nothing.${leftText(answer.value)}`)
    else setPreview(answer.value)
  }
  const apply = async ({ importId, changes }: ImportPreview): Promise<void> => {
    setPreview(null)
    const answer = await bridge.applyImport(importId)
    const count = changes.length === 1 ? '1 setting' : `${changes.length} settings`
    setStatusMessage(answer.ok ? `Imported: ${count} changed.` : answer.error.message)
  }

  return (
    <div className="setting-row" id={settingRowId('transfer')} role="group" aria-label="Export and import">
      <div className="setting">
        <span className="label-like">Export and import</span>
        <span slot="description">Settings only, never keys or accounts</span>
        <span className="controls">
          <Button onPress={() => void exportAll()}>Export…</Button>
          <Button onPress={() => void choose()}>Import…</Button>
        </span>
      </div>
      {preview !== null && (
        <div className="import-preview">
          <p>This file changes:</p>
          <ul className="import-changes">
            {preview.changes.map((change) => (
              <li key={change.name}>{changeText(change)}</li>
            ))}
          </ul>
          {preview.left.length > 0 && <p>{leftText(preview)}</p>}
          <div className="actions">
            <Button kind="primary" onPress={() => void apply(preview)}>
              Import changes
            </Button>
            <Button autoFocus onPress={() => setPreview(null)}>
              Cancel
            </Button>
          </div>
        </div>
      )}
      <p className="import-preview" role="status">
        {statusMessage}
      </p>
    </div>
  )
}

/** No file may decide where keys are sent, and which private key is used. */
function leftText({ left }: ImportPreview): string {
  return left.length === 0 ? '' : ` Not imported, because a file may not set them: ${left.join(', ')}.`
}

function changeText({ name, label, from, to }: SettingChange): string {
  const setting: Setting = settingList[name]
  return `${label}: ${settingValueText(setting, from)} → ${settingValueText(setting, to)}`
}
