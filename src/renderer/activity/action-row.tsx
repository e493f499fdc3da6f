import { type ReactNode, useId, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { type ActivityRow, isWithoutOutcome, type LoggedAction } from '../../core/audit-log/activity-rows'
import type { ListedAuditEntry } from '../../core/audit-log/audit-log'
import { MINUTE_MS } from '../../core/base/time'
import { isOpen } from '../../core/intents/intent'
import { podKeyOf } from '../../core/pods/pod'
import { useSnapshotStore, useClockText } from '../state/window-context'
import { Icon } from '../ui/icon'
import { actionRowText } from './action-row-text'
import { clockTimeWithSeconds, fullTimestamp } from './activity-days'
import { toneIcons } from './activity-text'

interface ActionRowProps {
  readonly row: ActivityRow
  readonly action: LoggedAction
  readonly time: ReactNode
  readonly subject: ReactNode
}

/** One action: what became of it, and on demand the entries that say so. */
export function ActionRow({ row, action, time, subject }: ActionRowProps) {
  const [isExpanded, setExpanded] = useState(false)
  const stepsId = useId()
  const { icon, tone } = toneIcons[action.last.tone]
  return (
    <li className={`entry ${tone}`} tabIndex={-1}>
      <div className="entry-head expandable">
        <span className="mark">
          {/* The sentence says the outcome. */}
          <Icon name={icon} size={14} />
        </span>
        {time}
        <AriaButton
          className="entry-toggle"
          aria-expanded={isExpanded}
          {...(isExpanded && { 'aria-controls': stepsId })}
          onPress={() => setExpanded(!isExpanded)}
        >
          {isWithoutOutcome(action) ? (
            <OpenActionSentence action={action} />
          ) : (
            <ActionSentence action={action} isUnderWay={false} />
          )}
        </AriaButton>
        {subject}
        <span className="entry-chevron">
          <Icon name="chevron" size={14} />
        </span>
      </div>
      {isExpanded && (
        <ol className="steps" id={stepsId}>
          {row.entries.map((entry) => (
            <ActionStep key={entry.seq} entry={entry} />
          ))}
        </ol>
      )}
    </li>
  )
}

function ActionStep({ entry: { atMs, text, tone } }: { readonly entry: ListedAuditEntry }) {
  const { icon, tone: toneClass, label } = toneIcons[tone]
  return (
    <li className={`step ${toneClass}`}>
      <span className="mark">
        <Icon name={icon} size={12} />
        <span className="unseen">{label}</span>
      </span>
      <time dateTime={new Date(atMs).toISOString()} title={fullTimestamp(atMs)}>
        {clockTimeWithSeconds(atMs)}
      </time>
      <p>{text}</p>
    </li>
  )
}

/** An action without an outcome. It may be under way if the pod says so, or if the log is that recent. */
function OpenActionSentence({ action }: { readonly action: LoggedAction }) {
  const { atMs, accountId, podId } = action.last
  const isOpenOnPod = useSnapshotStore(({ podsByKey }) => {
    if (accountId === null || podId === null) return false
    const intent = podsByKey.get(podKeyOf(accountId, podId))?.intent ?? null
    return intent !== null && intent.action === action.action && isOpen(intent)
  })
  const isRecent = useClockText((nowMs) => (Math.abs(nowMs - atMs) < MINUTE_MS ? 'recent' : '')) !== ''
  return <ActionSentence action={action} isUnderWay={action.isLatestOfPod && (isOpenOnPod || isRecent)} />
}

function ActionSentence({
  action,
  isUnderWay,
}: {
  readonly action: LoggedAction
  readonly isUnderWay: boolean
}) {
  const { before, name, after, detail, spokenDetail } = actionRowText(action, isUnderWay)
  return (
    <>
      <span>
        {before}
        <bdi className="entry-name">{name}</bdi>
        {after}
      </span>
      {detail !== null && after.endsWith('.') && <span className="entry-detail">{` ${spokenDetail}`}</span>}
      {detail !== null && !after.endsWith('.') && (
        <>
          <span className="entry-detail" aria-hidden="true">
            {` · ${detail}`}
          </span>
          <span className="unseen">{`${after.endsWith('…') ? '' : '.'} ${spokenDetail}`}</span>
        </>
      )}
    </>
  )
}
