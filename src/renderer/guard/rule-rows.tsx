import { useId, useState } from 'react'
import { ownRulesOf } from '../../core/pod-rules/pod-rules'
import type { PodView } from '../../core/view/snapshot'
import { useSettings } from '../state/hooks/use-settings'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Segments } from '../ui/controls/segments'
import { Toggle } from '../ui/controls/toggle'
import { TypedField } from '../ui/controls/typed-field'
import { AutoScheduleRow } from './auto-schedule-row'
import { switchAutoStop } from './set-auto-stop'
import { autoStopModeOf, isAutoStopOff, ruleLosingData } from './auto-stop-pods'
import { type ChangeRules, RuleRow } from './rule-row'
import { StartTimeRules } from './start-time-rules'
import { StopTimeRules } from './stop-time-rules'
import {
  autoStopRuleText,
  dataLossQuestion,
  dataLossText,
  numberProblem,
  ruleText,
  type RuleValue,
  ruleValueText,
} from './rule-text'

/** Every rule of one pod with its control, its error, and a button that restores the account's default. */
export function RuleRows({ pod }: { readonly pod: PodView }) {
  const services = useWindow()
  const { bridge } = services
  const mode = useSnapshotStore(({ snapshot }) =>
    snapshot === null ? 'undecided' : autoStopModeOf(snapshot, pod.accountId),
  )
  const settings = useSettings()?.settings
  const { rules } = pod.guard
  const origins = pod.guard.ruleOrigins ?? {}
  const own = ownRulesOf(rules, origins)
  const asking = ruleLosingData(pod)
  const change: ChangeRules = async (changes) => {
    const answer = await bridge.changePodRules(pod.key, changes)
    return answer.ok ? null : answer.error.message
  }
  return (
    <>
      <RuleRow
        name="isAutoStopped"
        label={ruleText.autoStop}
        hasOwnValue={own.isAutoStopped !== undefined}
        change={change}
      >
        {(applyChange) => (
          <Toggle
            label={ruleText.autoStopThisPod}
            help={autoStopRuleText(mode, rules.isAutoStopped, origins.isAutoStopped)}
            isOn={pod.guard.isAutoStopEnabled}
            onChange={(isOn) => {
              if (isOn && isAutoStopOff(mode)) void switchAutoStop(services, pod, true)
              else applyChange({ isAutoStopped: isOn })
            }}
          />
        )}
      </RuleRow>
      <NumberRule
        name="idleAlertAfterMin"
        label={ruleText.idleAlertAfter}
        unit="minutes"
        ownValue={own.idleAlertAfterMin}
        defaultValue={rules.idleAlertAfterMin ?? settings?.idleAlertAfterMin}
        origin={origins.idleAlertAfterMin}
        help={ruleText.idleAlertHelp}
        change={change}
      />
      <NumberRule
        name="autoStopAfterMin"
        label={ruleText.stopAfter}
        unit="minutes"
        ownValue={own.autoStopAfterMin}
        defaultValue={rules.autoStopAfterMin ?? settings?.autoStopAfterMin}
        origin={origins.autoStopAfterMin}
        help={ruleText.stopAfterHelp}
        change={change}
      />
      <NumberRule
        name="maxHours"
        label={ruleText.maxHours}
        unit="hours"
        ownValue={own.maxHours}
        defaultValue={rules.maxHours ?? null}
        origin={origins.maxHours}
        help={ruleText.maxHoursHelp}
        change={change}
      />
      {own.maxHours !== undefined && <MaxHoursAction pod={pod} change={change} />}
      {asking === 'maxHours' && <DataLossRule pod={pod} change={change} isAsked />}
      {pod.clusterId === null && <StopTimeRules pod={pod} change={change} />}
      {asking === 'stopAt' && <DataLossRule pod={pod} change={change} isAsked />}
      {pod.clusterId === null && <StartTimeRules pod={pod} change={change} />}
      {pod.clusterId === null && <BudgetRules pod={pod} change={change} />}
      {asking === 'budget' && <DataLossRule pod={pod} change={change} isAsked />}
      <RuleRow
        name="isLowCpuIdle"
        label={ruleText.lowCpu}
        hasOwnValue={own.isLowCpuIdle !== undefined}
        change={change}
      >
        {(applyChange) => (
          <Toggle
            label={ruleText.lowCpuIsIdle}
            help={ruleText.lowCpuHelp}
            isOn={rules.isLowCpuIdle === true}
            onChange={(isOn) => applyChange({ isLowCpuIdle: isOn })}
          />
        )}
      </RuleRow>
      {asking === null && <DataLossRule pod={pod} change={change} isAsked={false} />}
      {pod.clusterId === null && <AutoScheduleRow pod={pod} />}
    </>
  )
}

interface NumberRuleProps extends RuleValue {
  readonly name: 'idleAlertAfterMin' | 'autoStopAfterMin' | 'maxHours' | 'monthlyBudgetUsd'
  readonly label: string
  readonly help: string
  readonly change: ChangeRules
}

/** The pod's monthly budget and what happens when it is spent. */
function BudgetRules({ pod, change }: { readonly pod: PodView; readonly change: ChangeRules }) {
  const { rules, ruleOrigins: origins = {} } = pod.guard
  const { monthlyBudgetUsd, atBudget } = ownRulesOf(rules, origins)
  const spentUsd = pod.money?.monthUsd ?? null

  return (
    <>
      <NumberRule
        name="monthlyBudgetUsd"
        label={ruleText.monthlyBudget}
        unit="USD"
        ownValue={monthlyBudgetUsd}
        defaultValue={rules.monthlyBudgetUsd ?? null}
        origin={origins.monthlyBudgetUsd}
        help={ruleText.monthlyBudgetHelp(spentUsd)}
        change={change}
      />
      {monthlyBudgetUsd !== undefined && (
        <RuleRow
          name="atBudget"
          label={ruleText.stopAtBudget}
          hasOwnValue={atBudget !== undefined}
          change={change}
        >
          {(applyChange) => (
            <Toggle
              label={ruleText.stopAtBudget}
              help={ruleText.stopAtBudgetHelp}
              isOn={atBudget === 'stop'}
              onChange={(isOn) => applyChange({ atBudget: isOn ? 'stop' : null })}
            />
          )}
        </RuleRow>
      )}
    </>
  )
}

function NumberRule({ name, label, unit, ownValue, defaultValue, origin, help, change }: NumberRuleProps) {
  const text = ownValue === undefined ? '' : String(ownValue)
  return (
    <RuleRow name={name} label={label} hasOwnValue={ownValue !== undefined} change={change}>
      {(_, resets) => (
        <TypedField
          // A reset discards a draft. A value that was saved must not: more may have been typed meanwhile.
          key={resets}
          label={label}
          help={`${help}${ruleValueText({ ownValue, defaultValue, origin, unit })}`}
          kind="number"
          unit={unit}
          placeholder={defaultValue === null || defaultValue === undefined ? '' : String(defaultValue)}
          value={text}
          validate={numberProblem}
          onCommit={(draft) => change({ [name]: draft.trim() === '' ? null : Number(draft) })}
        />
      )}
    </RuleRow>
  )
}

const maxHoursActions = [
  { id: 'stop', label: ruleText.stop },
  { id: 'terminate', label: ruleText.terminate },
] as const

/** Terminating needs a confirmation by the main process; the window can only request it. */
function MaxHoursAction({ pod, change }: { readonly pod: PodView; readonly change: ChangeRules }) {
  const { bridge } = useWindow()
  const { atMaxHours } = pod.guard.rules
  const [refusal, setRefusal] = useState<string | null>(null)
  const helpId = useId()
  const label = ruleText.atMaxHours
  const chooseAction = async (chosen: 'stop' | 'terminate'): Promise<void> => {
    if (chosen === 'stop') setRefusal(await change({ atMaxHours: null }))
    else {
      const answer = await bridge.confirmTerminateAtMaxHours(pod.key)
      setRefusal(answer.ok ? null : answer.error.message)
    }
  }
  return (
    <div className="setting-row">
      <div className="setting">
        <span className="label-like" aria-hidden="true">
          {label}
        </span>
        <span id={helpId} slot="description">
          {ruleText.terminateHelp}
        </span>
        <Segments
          label={label}
          describedBy={helpId}
          options={maxHoursActions}
          chosen={atMaxHours ?? 'stop'}
          onChoose={(chosen) => void chooseAction(chosen)}
        />
      </div>
      <span className="reset" />
      {refusal !== null && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
    </div>
  )
}

interface DataLossRuleProps {
  readonly pod: PodView
  readonly change: ChangeRules
  /** Another rule of the pod stops it, and nothing certainly survives that, so permission is asked for. */
  readonly isAsked: boolean
}

/** Permission for automatic stops to lose data. See docs/product-rules.md#31-rules. */
function DataLossRule({ pod, change, isAsked }: DataLossRuleProps) {
  const { rules, ruleOrigins } = pod.guard
  const { mayLoseData } = rules
  return (
    <RuleRow
      name="mayLoseData"
      label={ruleText.dataLoss}
      hasOwnValue={mayLoseData !== undefined && ruleOrigins?.mayLoseData === undefined}
      change={change}
      isAsked={isAsked && mayLoseData !== true}
    >
      {(applyChange) => (
        <Toggle
          label={ruleText.allowDataLoss}
          help={
            isAsked ? (
              <span role="alert">{dataLossQuestion(pod.stopImpact, mayLoseData === true)}</span>
            ) : (
              dataLossText(pod.stopImpact)
            )
          }
          isOn={mayLoseData === true}
          onChange={(isOn) => applyChange({ mayLoseData: isOn })}
        />
      )}
    </RuleRow>
  )
}
