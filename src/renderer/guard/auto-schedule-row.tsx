import { useState } from 'react'
import type { PodView } from '../../core/view/snapshot'
import type { ScheduleRules } from '../../core/queue/jobs/job-codec'
import { AUTO_SCHEDULE, autoScheduleHelp, podsForJobsText } from '../pod-model/text/job-text'
import { answerOf } from '../state/answer-of'
import { maxPriceIn, maxPriceProblem } from '../pod-model/max-price'
import { withNewKey, withPod, withStart } from '../state/schedule-rules'
import { useQueue } from '../state/hooks/use-queue'
import { useWindow } from '../state/window-context'
import { Toggle } from '../ui/controls/toggle'
import { TypedField } from '../ui/controls/typed-field'

/** Whether jobs may start on a pod on their own. The app's own window asks before it is on. */
export function AutoScheduleRow({ pod: { key, accountId, managed } }: { readonly pod: PodView }) {
  const { bridge } = useWindow()
  const queue = useQueue()
  const [refusal, setRefusal] = useState<string | null>(null)
  if (queue === null) return null
  const { rules } = queue
  const isByAccount = rules.accountIds.includes(accountId)
  const isOn = isByAccount || rules.podKeys.includes(key)
  const start = rules.starts?.find(({ podKey }) => podKey === key)
  const startUpTo = (maxPerHourUsd: number | null) =>
    maxPerHourUsd === null ? null : { ...start, maxPerHourUsd }
  const set = async (next: ScheduleRules): Promise<string | null> => {
    const answer = await answerOf(bridge.setSchedule(next))
    return answer.ok ? null : answer.error.message
  }
  return (
    <>
      <div className="setting-row">
        <Toggle
          label={AUTO_SCHEDULE}
          help={isByAccount ? autoScheduleHelp.podByAccount : autoScheduleHelp.pod}
          isOn={isOn}
          isDisabled={isByAccount}
          onChange={(next) => void set(withPod(rules, key, next)).then(setRefusal)}
        />
        <span className="reset" />
        {refusal !== null && (
          <p className="refusal" role="alert">
            {refusal}
          </p>
        )}
      </div>
      {isOn && managed === undefined && (
        <div className="setting-row">
          <TypedField
            label={podsForJobsText.start}
            help={podsForJobsText.startHelp}
            kind="number"
            unit={podsForJobsText.perHour}
            placeholder=""
            value={start === undefined ? '' : String(start.maxPerHourUsd)}
            validate={maxPriceProblem}
            onCommit={(draft) => set(withStart(rules, key, startUpTo(maxPriceIn(draft))))}
          />
          <span className="reset" />
        </div>
      )}
      {isOn && start !== undefined && (
        <div className="setting-row">
          <Toggle
            label={podsForJobsText.newKey}
            help={podsForJobsText.startKeyHelp}
            isOn={start.acceptsNewKey === true}
            onChange={(next) => void set(withStart(rules, key, withNewKey(start, next))).then(setRefusal)}
          />
          <span className="reset" />
        </div>
      )}
    </>
  )
}
