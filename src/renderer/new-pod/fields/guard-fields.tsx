import { keepOnChoices } from '../../../core/pod-rules/pod-rules'
import { formatDuration } from '../../../core/base/format'
import { keepsData } from '../../../core/creation/form/form-storage'
import { MINUTE_MS } from '../../../core/base/time'
import { keepOnLabel } from '../../pod-model/keep-on-text'
import { useSettings } from '../../state/use-settings'
import { useSnapshotStore } from '../../state/window-context'
import { Choice } from '../../ui/controls/choice'
import { FormInput, SwitchRow } from './fields'
import { useNewPod } from '../state/new-pod-context'

/** Rules that hold from the first minute. */
export function GuardFields() {
  const { form, change, template, evaluated } = useNewPod()
  const settings = useSettings()?.settings
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const { isAutoStopped, maxHours, monthlyBudgetUsd, isStoppedAtBudget, keepOn, mayLoseData } = form
  const stops =
    isAutoStopped || maxHours.trim() !== '' || (isStoppedAtBudget && monthlyBudgetUsd.trim() !== '')
  const keeps = keepsData(evaluated.disks.storage, template)
  const afterMin = settings?.autoStopAfterMin
  return (
    <div className="new-guard">
      <h2>Guard from the first minute</h2>
      <SwitchRow
        label="Auto-stop"
        isOn={isAutoStopped}
        onChange={(isOn) => change({ isAutoStopped: isOn })}
        {...(afterMin !== undefined && {
          hint: `After ${formatDuration(afterMin * MINUTE_MS)} of quiet, and two warnings.`,
        })}
      />
      <FormInput
        field="maxHours"
        label="Maximum hours"
        unit="h"
        inputMode="decimal"
        placeholder="No limit"
        hint="Stopped after them, busy or not."
      />
      <FormInput
        field="monthlyBudgetUsd"
        label="Monthly budget of this pod"
        unit="USD"
        inputMode="decimal"
        placeholder="None"
      />
      {monthlyBudgetUsd.trim() !== '' && (
        <SwitchRow
          label="Stop when the budget is spent"
          isOn={isStoppedAtBudget}
          onChange={(isOn) => change({ isStoppedAtBudget: isOn })}
        />
      )}
      <div className="new-choice">
        <Choice
          label="Keep running"
          options={[
            { id: 'none', label: 'No' },
            ...keepOnChoices.map((choice) => ({ id: choice as string, label: keepOnLabel(choice, nowMs) })),
          ]}
          chosen={keepOn ?? 'none'}
          onChoose={(id) => change({ keepOn: keepOnChoices.find((choice) => choice === id) ?? null })}
        />
      </div>
      {stops && !keeps && (
        <SwitchRow
          label="Allow losing data"
          isOn={mayLoseData}
          onChange={(isOn) => change({ mayLoseData: isOn })}
          hint="Nothing survives a stop of this pod, so without this it isn’t stopped automatically."
        />
      )}
    </div>
  )
}
