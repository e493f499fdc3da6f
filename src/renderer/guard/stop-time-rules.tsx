import {
  describeStopTime,
  NO_STOP_TIME,
  parseStopTime,
  type StopTime,
  stopTimeText,
  weekdays,
} from '../../core/pod-rules/stop-time'
import { ownRulesOf } from '../../core/pod-rules/pod-rules'
import { parseTimeOfDay } from '../../core/settings/definitions/quiet-hours'
import { partOf, type PodView } from '../../core/view/snapshot'
import { useSnapshotStore } from '../state/window-context'
import { Segments } from '../ui/controls/segments'
import { Toggle } from '../ui/controls/toggle'
import { TypedField } from '../ui/controls/typed-field'
import { type ChangeRules, RuleRow } from './rule-row'
import { ruleText } from './rule-text'

const ownTimeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]

/** When the pod is stopped unless it is in use, on which days, and whether it is not although all pods are. */
export function StopTimeRules({ pod, change }: { readonly pod: PodView; readonly change: ChangeRules }) {
  const { rules, ruleOrigins = {} } = pod.guard
  const { stopAt } = ownRulesOf(rules, ruleOrigins)
  const ofAllPods = useSnapshotStore(({ snapshot }) =>
    snapshot === null ? undefined : (partOf(snapshot, pod.accountId)?.guard ?? snapshot.guard).stopAt,
  )
  const isExempt = stopAt === NO_STOP_TIME
  return (
    <>
      <StopTimeFields
        label={ruleText.stopAt}
        daysLabel={ruleText.stopDays}
        resetLabel={ruleText.useAccountSetting(ruleText.stopAt)}
        help={ruleText.stopAtHelp}
        stopAt={isExempt ? undefined : stopAt}
        change={change}
      />
      {(isExempt || ofAllPods !== undefined) && (
        <RuleRow name="stopAt" label={ruleText.stopAtExempt} hasOwnValue={false} change={change}>
          {(applyChange) => (
            <Toggle
              label={ruleText.stopAtExempt}
              help={ruleText.stopAtExemptHelp(
                ofAllPods === undefined ? null : describeStopTime(ofAllPods, ownTimeZone),
              )}
              isOn={isExempt}
              onChange={(isOn) => applyChange({ stopAt: isOn ? NO_STOP_TIME : null })}
            />
          )}
        </RuleRow>
      )}
    </>
  )
}

interface StopTimeFieldsProps {
  readonly label: string
  readonly daysLabel: string
  readonly resetLabel: string
  /** `zone`: the time zone, where it is another than here. */
  readonly help: (zone: string | null) => string
  readonly stopAt: string | undefined
  readonly change: ChangeRules
}

/** A time of day and its days. */
export function StopTimeFields({ label, daysLabel, resetLabel, help, stopAt, change }: StopTimeFieldsProps) {
  const own = stopAt === undefined ? null : parseStopTime(stopAt)
  const zone = own?.timeZone === ownTimeZone ? null : (own?.timeZone ?? null)
  const commit = async (draft: string): Promise<string | null> => {
    const minutes = parseTimeOfDay(draft)
    if (minutes === null) return change({ stopAt: null })
    const next: StopTime = {
      days: EVERY_DAY,
      timeZone: ownTimeZone,
      ...own,
      minutes,
    }
    return change({ stopAt: stopTimeText(next) })
  }
  return (
    <>
      <RuleRow name="stopAt" label={label} resetLabel={resetLabel} hasOwnValue={own !== null} change={change}>
        {(_, resets) => (
          <TypedField
            key={resets}
            label={label}
            help={help(zone)}
            kind="time"
            unit={null}
            placeholder=""
            value={own === null ? '' : timeOf(own)}
            validate={(draft) => (draft === '' || parseTimeOfDay(draft) !== null ? null : ruleText.notATime)}
            onCommit={commit}
          />
        )}
      </RuleRow>
      {own !== null && <StopDays label={daysLabel} stopTime={own} change={change} />}
    </>
  )
}

const timeOf = (stopTime: StopTime): string => stopTimeText({ ...stopTime, days: EVERY_DAY, timeZone: null })

const dayChoices = [
  { id: '0,1,2,3,4,5,6', label: ruleText.everyDay },
  { id: '1,2,3,4,5', label: ruleText.weekdays },
  { id: '0,6', label: ruleText.weekends },
] as const

interface StopDaysProps {
  readonly label: string
  readonly stopTime: StopTime
  readonly change: ChangeRules
}

function StopDays({ label, stopTime, change }: StopDaysProps) {
  const chosen = stopTime.days.join()
  const isOther = dayChoices.every(({ id }) => id !== chosen)
  const others = isOther
    ? [
        {
          id: chosen,
          label: stopTime.days.map((day) => weekdays[day]).join(', '),
        },
      ]
    : []
  return (
    <RuleRow name="stopAt" label={label} hasOwnValue={false} change={change}>
      {(applyChange) => (
        <div className="setting">
          <span className="label-like" aria-hidden="true">
            {label}
          </span>
          <Segments
            label={label}
            options={[...dayChoices, ...others]}
            chosen={chosen}
            onChoose={(days) =>
              applyChange({
                stopAt: stopTimeText({
                  ...stopTime,
                  days: days.split(',').map(Number),
                }),
              })
            }
          />
        </div>
      )}
    </RuleRow>
  )
}
