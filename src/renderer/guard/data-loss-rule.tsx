import type { PodView } from '../../core/view/snapshot'
import { Toggle } from '../ui/controls/toggle'
import { type ChangeRules, RuleRow } from './rule-row'
import { dataLossQuestion, dataLossText, ruleText } from './rule-text'

interface DataLossRuleProps {
  readonly pod: PodView
  readonly change: ChangeRules
  /** Another rule of the pod stops it, and nothing certainly survives that, so permission is asked for. */
  readonly isAsked: boolean
}

/** Permission for automatic stops to lose data. See docs/product-rules.md#31-rules. */
export function DataLossRule({ pod, change, isAsked }: DataLossRuleProps) {
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
