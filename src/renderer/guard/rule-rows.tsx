import { type ReactNode, useState } from 'react'
import { Label, Radio, RadioGroup, Text } from 'react-aria-components'
import { formatUsd } from '../../core/base/format'
import type { PodRuleChanges } from '../../core/pod-rules/pod-rules'
import type { PodView } from '../../core/view/snapshot'
import { useSettings } from '../state/use-settings'
import { useMirror, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Toggle } from '../ui/toggle'
import { TypedField } from '../ui/typed-field'
import { isTicked } from './ticked-pods'
import { autoStopTickWords, lossWords, numberProblem, spanWords } from './rule-text'

type RuleName = keyof PodRuleChanges
/** Resolves to why it was refused, or to null. */
type Change = (changes: PodRuleChanges) => Promise<string | null>

/** Every rule of one pod: its control, why something was refused, and the way back to what the account says. */
export function RuleRows({ pod }: { readonly pod: PodView }) {
  const { bridge } = useWindow()
  const mode = useMirror(({ snapshot }) => snapshot?.guard.autoStop ?? 'undecided')
  const settings = useSettings()?.settings
  const { rules } = pod.guard
  const change: Change = async (changes) => {
    const answer = await bridge.changePodRules(pod.id, changes)
    return answer.ok ? null : answer.error.message
  }
  return (
    <>
      <RuleRow
        name="isAutoStopped"
        label="Automatic stop"
        isSet={rules.isAutoStopped !== undefined}
        change={change}
      >
        {(changeAtOnce) => (
          <Toggle
            label="Stop it automatically"
            help={autoStopTickWords(mode, rules.isAutoStopped)}
            isOn={isTicked(pod, mode)}
            onChange={(isOn) => changeAtOnce({ isAutoStopped: isOn })}
          />
        )}
      </RuleRow>
      <NumberRule
        name="idleAlertAfterMin"
        label="Tell me after"
        unit="minutes"
        set={rules.idleAlertAfterMin}
        usual={settings?.idleAlertAfterMin}
        help="Of observed idleness."
        change={change}
      />
      <NumberRule
        name="autoStopAfterMin"
        label="Stop it after"
        unit="minutes"
        set={rules.autoStopAfterMin}
        usual={settings?.autoStopAfterMin}
        help="Of quiet, which is stricter than idle; after two warnings."
        change={change}
      />
      <NumberRule
        name="maxHours"
        label="At most"
        unit="hours"
        set={rules.maxHours}
        usual={null}
        help="From its start, busy or not; after the same warnings. Empty: no end."
        change={change}
      />
      <AtMaxHours pod={pod} change={change} />
      {pod.clusterId === null && <BudgetRules pod={pod} change={change} />}
      <RuleRow name="mayLoseData" label="Losing data" isSet={rules.mayLoseData !== undefined} change={change}>
        {(changeAtOnce) => (
          <Toggle
            label="An automatic stop may lose data"
            help={lossWords(pod.stopFate)}
            isOn={rules.mayLoseData === true}
            onChange={(isOn) => changeAtOnce({ mayLoseData: isOn })}
          />
        )}
      </RuleRow>
    </>
  )
}

interface RuleRowProps {
  readonly name: RuleName
  readonly label: string
  /** Whether the pod has it of its own. */
  readonly isSet: boolean
  readonly change: Change
  readonly children: (changeAtOnce: (changes: PodRuleChanges) => void) => ReactNode
}

function RuleRow({ name, label, isSet, change, children }: RuleRowProps) {
  const [refusal, setRefusal] = useState<string | null>(null)
  const changeAtOnce = (changes: PodRuleChanges): void => void change(changes).then(setRefusal)
  return (
    <div className="setting-row">
      {children(changeAtOnce)}
      <span className="reset">
        {isSet && (
          <Button
            kind="bare"
            icon="refresh"
            label={`${label}: as the account says`}
            onPress={() => changeAtOnce({ [name]: null })}
          />
        )}
      </span>
      {refusal !== null && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
    </div>
  )
}

interface NumberRuleProps {
  readonly name: 'idleAlertAfterMin' | 'autoStopAfterMin' | 'maxHours' | 'monthlyBudgetUsd'
  readonly label: string
  readonly unit: 'minutes' | 'hours' | 'USD'
  /** Of this pod; undefined: as the account says. */
  readonly set: number | undefined
  /** What the account says; null: nothing. */
  readonly usual: number | null | undefined
  readonly help: string
  readonly change: Change
}

/** Its own budget of a month, and whether to stop it there. */
function BudgetRules({ pod, change }: { readonly pod: PodView; readonly change: Change }) {
  const { monthlyBudgetUsd, atBudget } = pod.guard.rules
  const spentUsd = useMirror(({ snapshot }) => snapshot?.money?.pods[pod.id]?.monthUsd ?? null)
  const spent = spentUsd === null ? '' : ` Spent so far: ${formatUsd(spentUsd)}.`
  return (
    <>
      <NumberRule
        name="monthlyBudgetUsd"
        label="Budget of a month"
        unit="USD"
        set={monthlyBudgetUsd}
        usual={null}
        help={`You are told when it is spent (UTC). Empty: none of its own.${spent}`}
        change={change}
      />
      {monthlyBudgetUsd !== undefined && (
        <RuleRow name="atBudget" label="Stop at its budget" isSet={atBudget !== undefined} change={change}>
          {(changeAtOnce) => (
            <Toggle
              label="Stop it once its budget is spent"
              help="When that is certain, and after the same warnings; it stays spent until the month ends."
              isOn={atBudget === 'stop'}
              onChange={(isOn) => changeAtOnce({ atBudget: isOn ? 'stop' : null })}
            />
          )}
        </RuleRow>
      )}
    </>
  )
}

function NumberRule({ name, label, unit, set, usual, help, change }: NumberRuleProps) {
  const text = set === undefined ? '' : String(set)
  return (
    <RuleRow name={name} label={label} isSet={set !== undefined} change={change}>
      {() => (
        <TypedField
          // A reset empties what was being typed.
          key={text}
          label={label}
          help={unit === 'USD' ? help : `${help}${spanWords(set, usual, unit)}`}
          kind="number"
          unit={unit}
          placeholder={usual === null || usual === undefined ? '' : String(usual)}
          value={text}
          problemOf={numberProblem}
          onCommit={(draft) => change({ [name]: draft.trim() === '' ? null : Number(draft) })}
        />
      )}
    </RuleRow>
  )
}

/** Only a confirmation of the app's own makes it terminate; a window can only ask for that. */
function AtMaxHours({ pod, change }: { readonly pod: PodView; readonly change: Change }) {
  const { bridge } = useWindow()
  const { atMaxHours, maxHours } = pod.guard.rules
  const [refusal, setRefusal] = useState<string | null>(null)
  const choose = async (chosen: string): Promise<void> => {
    if (chosen === 'stop') setRefusal(await change({ atMaxHours: null }))
    else {
      const answer = await bridge.askTerminateAtMaxHours(pod.id)
      setRefusal(answer.ok ? null : answer.error.message)
    }
  }
  if (maxHours === undefined) return null
  return (
    <div className="setting-row">
      <RadioGroup
        className="setting"
        orientation="horizontal"
        value={atMaxHours ?? 'stop'}
        onChange={(chosen) => void choose(chosen)}
      >
        <Label>And then</Label>
        <Text slot="description">
          To terminate destroys its own volume as well: Podkeeper asks for the pod’s name first.
        </Text>
        <span className="segments">
          <Radio className="segment" value="stop">
            Stop
          </Radio>
          <Radio className="segment" value="terminate">
            Terminate…
          </Radio>
        </span>
      </RadioGroup>
      <span className="reset" />
      {refusal !== null && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
    </div>
  )
}
