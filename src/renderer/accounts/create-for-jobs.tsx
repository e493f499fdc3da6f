import { useEffect, useState } from 'react'
import type { AccountId } from '../../core/pods/pod'
import type { ScheduleRules } from '../../core/queue/jobs/job-codec'
import { podsForJobsText, scheduleNotChanged } from '../pod-model/text/job-text'
import { answerOf } from '../state/answer-of'
import { maxPriceIn, maxPriceProblem } from '../pod-model/max-price'
import { withCreate, withNewKey } from '../state/schedule-rules'
import { useWindow } from '../state/window-context'
import { Choice } from '../ui/controls/choice'
import { Toggle } from '../ui/controls/toggle'
import { TypedField } from '../ui/controls/typed-field'

/** No name of a preset. */
const NONE = ' '

interface CreateForJobsProps {
  readonly accountId: AccountId
  readonly rules: ScheduleRules
}

/** The preset of which a pod may be created for a job, and at what price. The app's own window asks before. */
export function CreateForJobs({ accountId, rules }: CreateForJobsProps) {
  const { bridge, snapshotStore } = useWindow()
  const rule = rules.creates?.find((one) => one.accountId === accountId)
  const [presets, setPresets] = useState<readonly string[]>([])
  /** Chosen here, and not allowed before it has a price. */
  const [chosen, setChosen] = useState<string | null>(null)
  useEffect(() => {
    let isActive = true
    void answerOf(bridge.presets()).then((answer) => {
      if (isActive && answer.ok) setPresets(answer.value.map(({ name }) => name))
    })
    return () => void (isActive = false)
  }, [bridge])
  const presetName = chosen ?? rule?.presetName ?? NONE
  if (presets.length === 0 && rule === undefined) return null
  const names = [...new Set([...presets, ...(rule === undefined ? [] : [rule.presetName])])]
  const choose = (name: string): void => {
    setChosen(name === rule?.presetName ? null : name)
    if (name === NONE && rule !== undefined)
      void snapshotStore
        .runRequest(scheduleNotChanged, bridge.setSchedule(withCreate(rules, accountId, null)))
        .then(() => setChosen(null))
  }
  const acceptNewKey = (isOn: boolean): void => {
    if (rule === undefined) return
    const next = withCreate(rules, accountId, withNewKey(rule, isOn))
    void snapshotStore.runRequest(scheduleNotChanged, bridge.setSchedule(next))
  }
  const allow = async (draft: string): Promise<string | null> => {
    const maxPerHourUsd = maxPriceIn(draft)
    const key = chosen === null && rule?.acceptsNewKey === true ? { acceptsNewKey: true as const } : {}
    const create = maxPerHourUsd === null ? null : { presetName, maxPerHourUsd, ...key }
    const answer = await answerOf(bridge.setSchedule(withCreate(rules, accountId, create)))
    if (answer.ok) setChosen(null)
    return answer.ok ? null : answer.error.message
  }
  return (
    <>
      <Choice
        label={podsForJobsText.create}
        options={[
          { id: NONE, label: podsForJobsText.never },
          ...names.map((name) => ({ id: name, label: name })),
        ]}
        chosen={presetName}
        onChoose={choose}
      />
      {presetName !== NONE && (
        <TypedField
          key={presetName}
          label={podsForJobsText.price}
          help={podsForJobsText.priceHelp}
          kind="number"
          unit={podsForJobsText.perHour}
          placeholder=""
          value={chosen === null && rule !== undefined ? String(rule.maxPerHourUsd) : ''}
          validate={maxPriceProblem}
          onCommit={allow}
        />
      )}
      {rule !== undefined && chosen === null && (
        <Toggle
          label={podsForJobsText.newKey}
          help={podsForJobsText.createKeyHelp}
          isOn={rule.acceptsNewKey === true}
          onChange={acceptNewKey}
        />
      )}
    </>
  )
}
