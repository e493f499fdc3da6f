import { useState } from 'react'
import type { SettingChange } from '../../core/settings/import-export'
import { settingList } from '../../core/settings/definitions/setting-list'
import type { Setting } from '../../core/settings/definitions/setting-types'
import type { ImportPreview } from '../../shared/settings-requests'
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
      setStatusMessage(`That file would change nothing.${leftText(answer.value)}`)
    else setPreview(answer.value)
  }
  const apply = async ({ importId, changes }: ImportPreview): Promise<void> => {
    setPreview(null)
    const answer = await bridge.applyImport(importId)
    const count = changes.length === 1 ? '1 setting' : `${changes.length} settings`
    setStatusMessage(answer.ok ? `Imported: ${count} changed.` : answer.error.message)
  }

  return (
    <section className="setting-group" aria-labelledby="settings-transfer">
      <h2 id="settings-transfer">Export and import</h2>
      <div className="key-body">
        <p>Settings only: never the key, nor what is known of your account.</p>
        {preview === null ? (
          <div className="actions">
            <Button onPress={() => void exportAll()}>Export…</Button>
            <Button onPress={() => void choose()}>Import…</Button>
          </div>
        ) : (
          <>
            <p>This file would change:</p>
            <ul className="import-changes">
              {preview.changes.map((change) => (
                <li key={change.name}>{changeText(change)}</li>
              ))}
            </ul>
            {preview.left.length > 0 && <p>{leftText(preview)}</p>}
            <div className="actions">
              <Button kind="primary" onPress={() => void apply(preview)}>
                Change these
              </Button>
              <Button autoFocus onPress={() => setPreview(null)}>
                Cancel
              </Button>
            </div>
          </>
        )}
        <p className="said" role="status">
          {statusMessage}
        </p>
      </div>
    </section>
  )
}

/** No file may decide where keys are sent, and which private key is used. */
function leftText({ left }: ImportPreview): string {
  return left.length === 0 ? '' : ` Not imported, and changed here only: ${left.join(', ')}.`
}

function changeText({ name, label, from, to }: SettingChange): string {
  const setting: Setting = settingList[name]
  const valueText = (value: SettingChange['from']): string => {
    switch (setting.kind) {
      case 'number':
        return `${String(value)} ${setting.unit}`
      case 'toggle':
        return value === true ? 'on' : 'off'
      case 'choice':
        return setting.options[String(value)] ?? String(value)
      case 'text':
        return value === null ? setting.none : String(value)
    }
  }
  return `${label}: ${valueText(from)} → ${valueText(to)}`
}
