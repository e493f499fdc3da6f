import { parseStopTime, type StopTime, stopTimeText, weekdays } from '../../core/pod-rules/stop-time'
import { ownRulesOf } from '../../core/pod-rules/pod-rules'
import { parseTimeOfDay } from '../../core/settings/definitions/quiet-hours'
import type { PodView } from '../../core/view/snapshot'
import { Segments } from '../ui/controls/segments'
import { TypedField } from '../ui/controls/typed-field'
import { type ChangeRules, RuleRow } from './rule-row'
import { ruleText } from './rule-text'

const ownTimeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]

/** When the pod is stopped unless it is in use, and on which days. */
export function StopTimeRules({ pod, change }: { readonly pod: PodView; readonly change: ChangeRules }) {
  const { rules, ruleOrigins = {} } = pod.guard
  const { stopAt } = ownRulesOf(rules, ruleOrigins)
  const own = stopAt === undefined ? null : parseStopTime(stopAt)
  const zone = own?.timeZone === ownTimeZone ? null : (own?.timeZone ?? null)
  const commit = async (draft: string): Promise<string | null> => {
    const minutes = parseTimeOfDay(draft)
    if (minutes === null) return change({ stopAt: null })
    const next: StopTime = { days: EVERY_DAY, timeZone: ownTimeZone, ...own, minutes }
    return change({ stopAt: stopTimeText(next) })
  }
  return (
    <>
      <RuleRow name="stopAt" label={ruleText.stopAt} hasOwnValue={own !== null} change={change}>
        {(_, resets) => (
          <TypedField
            key={resets}
            label={ruleText.stopAt}
            help={ruleText.stopAtHelp(zone)}
            kind="time"
            unit={null}
            placeholder=""
            value={own === null ? '' : timeOf(own)}
            validate={(draft) => (draft === '' || parseTimeOfDay(draft) !== null ? null : ruleText.notATime)}
            onCommit={commit}
          />
        )}
      </RuleRow>
      {own !== null && <StopDays stopTime={own} change={change} />}
    </>
  )
}

const timeOf = (stopTime: StopTime): string => stopTimeText({ ...stopTime, days: EVERY_DAY, timeZone: null })

const dayChoices = [
  { id: '0,1,2,3,4,5,6', label: ruleText.everyDay },
  { id: '1,2,3,4,5', label: ruleText.weekdays },
  { id: '0,6', label: ruleText.weekends },
] as const

function StopDays({ stopTime, change }: { readonly stopTime: StopTime; readonly change: ChangeRules }) {
  const chosen = stopTime.days.join()
  const isOther = dayChoices.every(({ id }) => id !== chosen)
  const others = isOther ? [{ id: chosen, label: stopTime.days.map((day) => weekdays[day]).join(', ') }] : []
  return (
    <RuleRow name="stopAt" label={ruleText.stopDays} hasOwnValue={false} change={change}>
      {(applyChange) => (
        <div className="setting">
          <span className="label-like" aria-hidden="true">
            {ruleText.stopDays}
          </span>
          <Segments
            label={ruleText.stopDays}
            options={[...dayChoices, ...others]}
            chosen={chosen}
            onChoose={(days) =>
              applyChange({ stopAt: stopTimeText({ ...stopTime, days: days.split(',').map(Number) }) })
            }
          />
        </div>
      )}
    </RuleRow>
  )
}
