import { useState } from 'react'
import { labSpendingText } from '../../core/money/lab-spending-text'
import type { LabSettings } from '../../core/pods/provider'
import type { AccountPart } from '../../core/view/snapshot'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'
import { Toggle } from '../ui/controls/toggle'
import { TypedField } from '../ui/controls/typed-field'
import { CreatePodForm } from './create-pod-form'
import { labRowsText } from './lab-text'

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
      snapshotStore.runRequest(labRowsText.couldNotChange, bridge.changeAccount(id, { usesAnnouncedRoutes })),
    )
  const openWebApp = () =>
    runOnce(() => snapshotStore.runRequest(labRowsText.couldNotOpen, bridge.openWebApp(id)))
  const replaceKey = () =>
    runOnce(async () => {
      onMessage(labRowsText.checkingClipboard)
      const result = await snapshotStore.runRequest(labRowsText.couldNotCheckKey, bridge.replaceLabKey(id))
      onMessage(result === null ? '' : labRowsText.keyReplaced(result))
    })
  return (
    <>
      {connection.kind === 'live' && connection.slowedToMs !== undefined && (
        <p>{labRowsText.slowed(connection.slowedToMs)}</p>
      )}
      {spending !== null && <p>{labSpendingText(spending)}</p>}
      <Toggle
        label={labRowsText.announcedRoutes}
        help={labRowsText.announcedRoutesHelp}
        isOn={lab.usesAnnouncedRoutes}
        onChange={setAnnounced}
      />
      {webFeatures !== undefined &&
        (webFeatures.includes('idle-settings') ? (
          <p>{labRowsText.setInWebApp}</p>
        ) : (
          <LabSettingsRows accountId={id} />
        ))}
      {webFeatures !== undefined && !webFeatures.includes('create') && (
        <CreatePodForm accountId={id} labName={name} />
      )}
      <div className="actions">
        <Button label={labRowsText.openOf(name)} onPress={openWebApp}>
          {labRowsText.open}
        </Button>
        <Button label={labRowsText.pasteKeyFor(name)} onPress={replaceKey}>
          {labRowsText.pasteKey}
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
        label={labRowsText.idleAlert}
        help={labRowsText.idleAlertHelp}
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
        label={labRowsText.autoSchedule}
        options={[
          ...(isAutoScheduled === undefined ? [{ id: 'unknown', label: labRowsText.unknown } as const] : []),
          { id: 'on', label: labRowsText.on } as const,
          { id: 'off', label: labRowsText.off } as const,
        ]}
        chosen={isAutoScheduled === undefined ? 'unknown' : isAutoScheduled ? 'on' : 'off'}
        onChoose={(chosen) => {
          if (chosen === 'unknown') return
          void change({ isAutoScheduled: chosen === 'on' }).then((problem) => {
            if (problem !== null) snapshotStore.showToast('bad', problem)
          })
        }}
      />
      <p className="hint">{labRowsText.autoScheduleHelp}</p>
    </>
  )
}

const minutesProblem = (draft: string): string | null =>
  draft.trim() === '' || (/^\d{1,4}$/.test(draft.trim()) && Number(draft) >= 1 && Number(draft) <= 1_440)
    ? null
    : labRowsText.idleAlertProblem
