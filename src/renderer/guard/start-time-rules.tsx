import { useState } from 'react'
import { plannedStartOf } from '../../core/pod-rules/planned-start'
import { parseTypedStartTime, startTimeText } from '../../core/pod-rules/start-time'
import { parseTimeOfDay } from '../../core/settings/definitions/quiet-hours'
import type { PodView } from '../../core/view/snapshot'
import { useSnapshotStore } from '../state/window-context'
import { TypedField } from '../ui/controls/typed-field'
import { type ChangeRules, RuleRow } from './rule-row'
import { numberProblem, ruleText } from './rule-text'

interface StartTimeRulesProps {
  readonly pod: PodView
  readonly change: ChangeRules
}

/** When a stopped pod is started once, and the most that it may cost then. Neither is sent without the other. */
export function StartTimeRules({ pod, change }: StartTimeRulesProps) {
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const plan = plannedStartOf(pod.guard.rules)
  const [time, setTime] = useState('')
  const [price, setPrice] = useState('')
  if (plan === null && pod.phase !== 'stopped') return null
  const send = async (typedTime: string, typedPrice: string): Promise<string | null> => {
    setTime(typedTime)
    setPrice(typedPrice)
    const atMs = typedTime === '' ? (plan?.atMs ?? null) : parseTypedStartTime(typedTime, nowMs)
    const maxPerHourUsd = typedPrice === '' ? plan?.maxPerHourUsd : Number(typedPrice)
    if (atMs === null || maxPerHourUsd === undefined) return null
    const problem = await change({ startAt: startTimeText(atMs), startMaxPerHourUsd: maxPerHourUsd })
    if (problem !== null) return problem
    setTime('')
    setPrice('')
    return null
  }
  const timeValue = plan === null ? time : timeOf(plan.atMs)
  const priceValue = plan === null ? price : String(plan.maxPerHourUsd)
  return (
    <>
      <RuleRow
        name="startAt"
        label={ruleText.startAt}
        resetLabel={ruleText.noStart}
        hasOwnValue={plan !== null}
        change={change}
      >
        {(_, resets) => (
          <TypedField
            key={resets}
            label={ruleText.startAt}
            help={ruleText.startAtHelp(plan?.atMs ?? null, nowMs)}
            kind="time"
            unit={null}
            placeholder=""
            value={timeValue}
            validate={(draft) => (draft === '' || parseTimeOfDay(draft) !== null ? null : ruleText.notATime)}
            onCommit={(draft) => (draft === '' ? change({ startAt: null }) : send(draft, price))}
          />
        )}
      </RuleRow>
      <RuleRow name="startMaxPerHourUsd" label={ruleText.startMaxPrice} hasOwnValue={false} change={change}>
        {() => (
          <TypedField
            label={ruleText.startMaxPrice}
            help={ruleText.startMaxPriceHelp}
            kind="number"
            unit={ruleText.usdPerHour}
            placeholder=""
            value={priceValue}
            validate={numberProblem}
            onCommit={(draft) => (draft === '' ? change({ startAt: null }) : send(time, draft))}
          />
        )}
      </RuleRow>
    </>
  )
}

/** In the time zone of this computer. */
function timeOf(atMs: number): string {
  const at = new Date(atMs)
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':')
}
