import { keepOnChoices } from '../../../core/pod-rules/pod-rules'
import { keepsData } from '../../../core/creation/form/form-storage'
import { keepOnLabel } from '../../pod-model/text/keep-on-text'
import { useSettings } from '../../state/hooks/use-settings'
import { useSnapshotStore } from '../../state/window-context'
import { Choice } from '../../ui/controls/choice'
import { FormInput, SwitchRow } from './fields'
import { useNewPod } from '../state/new-pod-context'
import { guardText } from './fields-text'

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
      <h2>{guardText.title}</h2>
      <SwitchRow
        label={guardText.autoStop}
        isOn={isAutoStopped}
        onChange={(isOn) => change({ isAutoStopped: isOn })}
        {...(afterMin !== undefined && {
          hint: guardText.autoStopHint(afterMin),
        })}
      />
      <FormInput
        field="maxHours"
        label={guardText.maxHours}
        unit="h"
        inputMode="decimal"
        placeholder={guardText.noLimit}
        hint={guardText.maxHoursHint}
      />
      <FormInput
        field="monthlyBudgetUsd"
        label={guardText.monthlyBudget}
        unit="USD"
        inputMode="decimal"
        placeholder={guardText.none}
      />
      {monthlyBudgetUsd.trim() !== '' && (
        <SwitchRow
          label={guardText.stopAtBudget}
          isOn={isStoppedAtBudget}
          onChange={(isOn) => change({ isStoppedAtBudget: isOn })}
        />
      )}
      <div className="new-choice">
        <Choice
          label={guardText.keepRunning}
          options={[
            { id: 'none', label: guardText.no },
            ...keepOnChoices.map((choice) => ({ id: choice as string, label: keepOnLabel(choice, nowMs) })),
          ]}
          chosen={keepOn ?? 'none'}
          onChoose={(id) => change({ keepOn: keepOnChoices.find((choice) => choice === id) ?? null })}
        />
      </div>
      {stops && !keeps && (
        <SwitchRow
          label={guardText.allowDataLoss}
          isOn={mayLoseData}
          onChange={(isOn) => change({ mayLoseData: isOn })}
          hint={guardText.dataLossHint}
        />
      )}
    </div>
  )
}
