import { type ReactNode, useState } from 'react'
import type { PodRuleChanges } from '../../core/pod-rules/pod-rules'
import { Button } from '../ui/button'
import { ruleText } from './rule-text'

type RuleName = keyof PodRuleChanges
/** Resolves to the reason for a rejection, or to null. */
export type ChangeRules = (changes: PodRuleChanges) => Promise<string | null>

interface RuleRowProps {
  readonly name: RuleName
  readonly label: string
  /** Whether the pod overrides the account's rule. */
  readonly hasOwnValue: boolean
  /** Of the button that removes the value; absent: it says that the account's rule applies again. */
  readonly resetLabel?: string
  readonly change: ChangeRules
  /** Highlighted, because the rule beside it needs an answer. */
  readonly isAsked?: boolean
  /** `resets` counts how often the account's default was restored. */
  readonly children: (applyChange: (changes: PodRuleChanges) => void, resets: number) => ReactNode
}

/** One rule, with its error and a button that restores the account's default. */
export function RuleRow(props: RuleRowProps) {
  const { name, label, hasOwnValue, change, isAsked = false, children } = props
  const { resetLabel = ruleText.useAccountSetting(label) } = props
  const [refusal, setRefusal] = useState<string | null>(null)
  const [resets, setResets] = useState(0)
  const applyChange = (changes: PodRuleChanges): void => void change(changes).then(setRefusal)
  return (
    <div className={isAsked ? 'setting-row asked idle' : 'setting-row'}>
      {children(applyChange, resets)}
      <span className="reset">
        {hasOwnValue && (
          <Button
            kind="bare"
            icon="undo"
            label={resetLabel}
            onPress={() => {
              setResets(resets + 1)
              applyChange({ [name]: null })
            }}
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
