import { useState } from 'react'
import { formatRemaining } from '../../core/base/format'
import { labSpendingText } from '../../core/money/lab-spending-text'
import type { LabSettings } from '../../core/pods/provider'
import type { AccountPart } from '../../core/view/snapshot'
import type { LabKeyReplacement } from '../../shared/account-requests'
import { useSingleFlight } from '../state/use-single-flight'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'
import { Toggle } from '../ui/controls/toggle'
import { TypedField } from '../ui/controls/typed-field'
import { CreatePodForm } from './create-pod-form'

interface LabRowsProps {
  readonly part: AccountPart
  /** Shows a sentence below the accounts. */
  readonly onMessage: (text: string) => void
}

/** What only the account of a lab has. */
export function LabRows({ part, onMessage }: LabRowsProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const { id, name, lab, webFeatures } = part.entry
  if (lab === undefined) return null
  const { connection } = part
  const spending = part.lab?.spending?.value ?? null
  const setAnnounced = (usesAnnouncedRoutes: boolean) =>
    runOnce(() =>
      snapshotStore.runRequest(
        'Couldn’t change the setting',
        bridge.changeAccount(id, { usesAnnouncedRoutes }),
      ),
    )
  const openWebApp = () =>
    runOnce(() => snapshotStore.runRequest('Couldn’t open the page', bridge.openWebApp(id)))
  const replaceKey = () =>
    runOnce(async () => {
      onMessage('Checking the key in your clipboard…')
      const result = await snapshotStore.runRequest('Couldn’t check the key', bridge.replaceLabKey(id))
      onMessage(result === null ? '' : replacementText(result))
    })
  return (
    <>
      {connection.kind === 'live' && connection.slowedToMs !== undefined && (
        <p>
          Podkeeper checks this lab every {formatRemaining(connection.slowedToMs)}, because all labs of a key
          share its request quota. Alerts and stops can be late by as much.
        </p>
      )}
      {spending !== null && <p>{labSpendingText(spending)}</p>}
      <Toggle
        label="Use announced Hubify routes"
        help="Restart, terminate, SSH, settings and new pods through Hubify’s API, as far as it offers them. Until then, use its web app."
        isOn={lab.usesAnnouncedRoutes}
        onChange={setAnnounced}
      />
      {webFeatures !== undefined &&
        (webFeatures.includes('idle-settings') ? (
          <p>Hubify’s idle alert and auto-schedule are set in its web app.</p>
        ) : (
          <LabSettingsRows accountId={id} />
        ))}
      {webFeatures !== undefined && !webFeatures.includes('create') && (
        <CreatePodForm accountId={id} labName={name} />
      )}
      <div className="actions">
        <Button label={`Open in Hubify: ${name}`} onPress={openWebApp}>
          Open in Hubify
        </Button>
        <Button label={`Paste another key for ${name}`} onPress={replaceKey}>
          Paste another key
        </Button>
      </div>
    </>
  )
}

/** Settings that apply at Hubify, which tells them only when they change. */
function LabSettingsRows({ accountId }: { readonly accountId: string }) {
  const { bridge, snapshotStore } = useWindow()
  const [answered, setAnswered] = useState<LabSettings>({})
  const change = async (changes: LabSettings): Promise<string | null> => {
    const answer = await bridge.changeLabSettings(accountId, changes)
    if (!answer.ok) return answer.error.message
    setAnswered((before) => ({ ...before, ...answer.value }))
    return null
  }
  const { idleAlertMinutes, isAutoScheduled } = answered
  return (
    <>
      <TypedField
        label="Hubify’s idle alert"
        help="Hubify alerts after this many idle minutes. Podkeeper’s own alert is a separate setting."
        kind="number"
        unit="min"
        placeholder="?"
        value={idleAlertMinutes === undefined ? '' : String(idleAlertMinutes)}
        validate={minutesProblem}
        onCommit={(draft) =>
          draft.trim() === '' ? Promise.resolve(null) : change({ idleAlertMinutes: Number(draft) })
        }
      />
      <Choice
        label="Hubify’s auto-schedule"
        options={[
          ...(isAutoScheduled === undefined ? [{ id: 'unknown', label: 'Unknown' } as const] : []),
          { id: 'on', label: 'On' } as const,
          { id: 'off', label: 'Off' } as const,
        ]}
        chosen={isAutoScheduled === undefined ? 'unknown' : isAutoScheduled ? 'on' : 'off'}
        onChoose={(chosen) => {
          if (chosen === 'unknown') return
          void change({ isAutoScheduled: chosen === 'on' }).then((problem) => {
            if (problem !== null) snapshotStore.showToast('bad', problem)
          })
        }}
      />
      <p className="hint">With auto-schedule, Hubify starts queued experiments on idle pods.</p>
    </>
  )
}

const minutesProblem = (draft: string): string | null =>
  draft.trim() === '' || (/^\d{1,4}$/.test(draft.trim()) && Number(draft) >= 1 && Number(draft) <= 1_440)
    ? null
    : 'Enter whole minutes, from 1 to 1440.'

function replacementText(result: LabKeyReplacement): string {
  if (result.kind !== 'replaced') return result.message
  const left =
    result.left.length === 0
      ? ''
      : ` It has no access to ${result.left.join(', ')}, which keeps its previous key.`
  return `The key ending in ${result.ending} is now used for ${result.names.join(', ')}.${left}`
}
