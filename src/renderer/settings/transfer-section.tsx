import { useState } from 'react'
import type { SettingChange } from '../../core/settings/import-export'
import { settingList } from '../../core/settings/definitions/setting-list'
import type { Setting } from '../../core/settings/definitions/setting-types'
import { settingValueText } from '../../core/settings/definitions/typed-value'
import type { ImportPreview } from '../../shared/requests/settings-requests'
import { settingRowId } from '../state/setting-row-id'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { notImportedText, transferText } from './settings-text'
import { commonText } from '../ui/common-text'

/** Exports settings to a file and imports them. An import shows its changes before it applies them. */
export function TransferSection() {
  const { bridge } = useWindow()
  const [preview, setPreview] = useState<ImportPreview | null>(null)
  const [statusMessage, setStatusMessage] = useState('')

  const exportAll = async (): Promise<void> => {
    setStatusMessage('')
    const answer = await bridge.exportSettings()
    if (!answer.ok) setStatusMessage(answer.error.message)
    else if (answer.value !== null) setStatusMessage(transferText.exported(answer.value))
  }
  const choose = async (): Promise<void> => {
    setStatusMessage('')
    setPreview(null)
    const answer = await bridge.chooseImport()
    if (!answer.ok) setStatusMessage(answer.error.message)
    else if (answer.value?.changes.length === 0) setStatusMessage(transferText.noChange(answer.value))
    else setPreview(answer.value)
  }
  const apply = async ({ importId, changes }: ImportPreview): Promise<void> => {
    setPreview(null)
    const answer = await bridge.applyImport(importId)
    setStatusMessage(answer.ok ? transferText.imported(changes.length) : answer.error.message)
  }

  return (
    <div className="setting-row" id={settingRowId('transfer')} role="group" aria-label={transferText.title}>
      <div className="setting">
        <span className="label-like">{transferText.title}</span>
        <span slot="description">{transferText.help}</span>
        <span className="controls">
          <Button onPress={() => void exportAll()}>{transferText.export}</Button>
          <Button onPress={() => void choose()}>{transferText.import}</Button>
        </span>
      </div>
      {preview !== null && (
        <div className="import-preview">
          <p>{transferText.fileChanges}</p>
          <ul className="import-changes">
            {preview.changes.map((change) => (
              <li key={change.name}>{changeText(change)}</li>
            ))}
          </ul>
          {preview.left.length > 0 && <p>{notImportedText(preview)}</p>}
          <div className="actions">
            <Button kind="primary" onPress={() => void apply(preview)}>
              {transferText.apply}
            </Button>
            <Button autoFocus onPress={() => setPreview(null)}>
              {commonText.cancel}
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

function changeText({ name, label, from, to }: SettingChange): string {
  const setting: Setting = settingList[name]
  return `${label}: ${settingValueText(setting, from)} → ${settingValueText(setting, to)}`
}
