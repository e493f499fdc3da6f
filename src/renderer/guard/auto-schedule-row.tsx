import { useState } from 'react'
import type { PodView } from '../../core/view/snapshot'
import { AUTO_SCHEDULE, autoScheduleHelp } from '../pod-model/job-text'
import { answerOf } from '../state/answer-of'
import { withPod } from '../state/schedule-rules'
import { useQueue } from '../state/use-queue'
import { useWindow } from '../state/window-context'
import { Toggle } from '../ui/controls/toggle'

/** Whether jobs may start on a pod on their own. The app's own window asks before it is on. */
export function AutoScheduleRow({ pod: { key, accountId } }: { readonly pod: PodView }) {
  const { bridge } = useWindow()
  const queue = useQueue()
  const [refusal, setRefusal] = useState<string | null>(null)
  if (queue === null) return null
  const { rules } = queue
  const isByAccount = rules.accountIds.includes(accountId)
  const set = async (isOn: boolean): Promise<void> => {
    const answer = await answerOf(bridge.setSchedule(withPod(rules, key, isOn)))
    setRefusal(answer.ok ? null : answer.error.message)
  }
  return (
    <div className="setting-row">
      <Toggle
        label={AUTO_SCHEDULE}
        help={isByAccount ? autoScheduleHelp.podByAccount : autoScheduleHelp.pod}
        isOn={isByAccount || rules.podKeys.includes(key)}
        isDisabled={isByAccount}
        onChange={(isOn) => void set(isOn)}
      />
      <span className="reset" />
      {refusal !== null && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
    </div>
  )
}
