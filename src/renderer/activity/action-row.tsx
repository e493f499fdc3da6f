import { type ReactNode, useId, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { auditRecord } from '../../core/audit-log/audit-export'
import { actionRowText } from '../../core/audit-log/action-row-text'
import { type ActivityRow, isWithoutOutcome, type LoggedAction } from '../../core/audit-log/activity-rows'
import type { ListedAuditEntry } from '../../core/audit-log/audit-log'
import { MINUTE_MS } from '../../core/base/time/time'
import { isOpen, stopCauses } from '../../core/intents/intent'
import { podKeyOf } from '../../core/pods/pod'
import { useSnapshotStore, useClockText, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { copyText } from '../ui/copy-text'
import { Icon } from '../ui/icon'
import { clockTimeWithSeconds, fullTimestamp } from './activity-days'
import { entryText, toneIcons } from './activity-text'

interface ActionRowProps {
  readonly row: ActivityRow
  readonly action: LoggedAction
  readonly time: ReactNode
  readonly subject: ReactNode
}

/** One action: what became of it, and on demand the entries that say so. */
export function ActionRow({ row, action, time, subject }: ActionRowProps) {
  const text = actionRowText(action, useIsUnderWay(action))
  return (
    <ExpandableRow row={row} last={action.last} spoken={text.spoken} time={time} subject={subject}>
      {text.before}
      <bdi className="entry-name">{text.name}</bdi>
      {text.after}
      {text.detail !== null && <span className="entry-detail">{` ${text.detail}`}</span>}
    </ExpandableRow>
  )
}

interface ExpandableRowProps extends Omit<ActionRowProps, 'action'> {
  /** The entry that says the outcome. */
  readonly last: ListedAuditEntry
  /** All of the sentence, for screen readers. */
  readonly spoken: string
  readonly children: ReactNode
}

/** A sentence about one or several entries, which it shows on demand. */
export function ExpandableRow({ row, last, spoken, time, subject, children }: ExpandableRowProps) {
  const [isExpanded, setExpanded] = useState(false)
  const moreId = useId()
  const { icon, tone, label } = toneIcons[last.tone]
  return (
    <li className={`entry ${tone}`} tabIndex={-1}>
      <div className="entry-head">
        <span className="mark">
          <Icon name={icon} size={14} />
          {/* What became of an action or a create, the sentence says. */}
          {row.entries.length === 1 && <span className="unseen">{label}</span>}
        </span>
        {time}
        {/* The button says all of it. */}
        <p aria-hidden="true">{children}</p>
        <AriaButton
          className="entry-toggle"
          aria-label={spoken}
          aria-expanded={isExpanded}
          aria-controls={isExpanded ? moreId : undefined}
          onPress={() => setExpanded(!isExpanded)}
        >
          <Icon name="chevron" size={14} />
        </AriaButton>
        {subject}
      </div>
      {isExpanded && (
        <div className="entry-more" id={moreId}>
          {row.entries.length > 1 && (
            <ol className="entry-steps">
              {row.entries.map((entry) => (
                <ActionStep key={entry.seq} entry={entry} />
              ))}
            </ol>
          )}
          <EntryFacts row={row} />
        </div>
      )}
    </li>
  )
}

/** When exactly, about which pod and why, and all of it for other programs. */
function EntryFacts({ row: { entries, newest, action } }: Pick<ExpandableRowProps, 'row'>) {
  const { snapshotStore } = useWindow()
  const names = useSnapshotStore(({ snapshot }) => snapshot?.accounts)
  const copy = (): void => {
    const records = entries.map((entry) =>
      auditRecord(entry, names?.find((one) => one.entry.id === entry.accountId)?.entry.name ?? null),
    )
    if (copyText(JSON.stringify(records.length === 1 ? records[0] : records, null, 2)))
      snapshotStore.showToast('ok', entryText.jsonCopied)
    else snapshotStore.showToast('bad', entryText.couldNotCopyJson)
  }
  const facts = [
    fullTimestamp(newest.atMs),
    newest.podId !== null && entryText.podId(newest.podId),
    // Of others, the sentence says who asked.
    action?.reason && stopCauses.some((one) => one === action.requester) && entryText.reason(action.reason),
  ]
  return (
    <div className="entry-facts">
      <span>{facts.filter(Boolean).join(' · ')}</span>
      <Button kind="bare" icon="copy" onPress={copy}>
        {entryText.copyAsJson}
      </Button>
    </div>
  )
}

function ActionStep({ entry: { atMs, text, tone } }: { readonly entry: ListedAuditEntry }) {
  const { icon, tone: toneClass, label } = toneIcons[tone]
  return (
    <li className={`entry-step ${toneClass}`}>
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

/** Whether an action without an outcome may get one: its pod says so, or the log is that recent. */
function useIsUnderWay(action: LoggedAction): boolean {
  const { atMs, accountId, podId } = action.last
  const isPossible = isWithoutOutcome(action) && action.isLatestOfPod
  const isOpenOnPod = useSnapshotStore(({ podsByKey }) => {
    if (!isPossible || accountId === null || podId === null) return false
    const intent = podsByKey.get(podKeyOf(accountId, podId))?.intent ?? null
    return intent !== null && intent.action === action.action && isOpen(intent)
  })
  const recent = useClockText((nowMs) => (isPossible && Math.abs(nowMs - atMs) < MINUTE_MS ? 'recent' : ''))
  return isOpenOnPod || recent !== ''
}
