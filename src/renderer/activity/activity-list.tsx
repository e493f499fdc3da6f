import { memo } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { ListedAuditEntry } from '../../core/audit-log/audit-log'
import { type PodKey, podKeyOf } from '../../core/pods/pod'
import { useWindow } from '../state/window-context'
import { AccountLabel } from '../ui/account-label'
import { Icon } from '../ui/icon'
import { activityDays, clockTime, fullTimestamp } from './activity-days'
import { kindLabels, toneIcons } from './activity-text'

interface ActivityListProps {
  readonly entries: readonly ListedAuditEntry[]
  /** Filters the list by a pod; null when it is filtered by one already. */
  readonly onPod: ((podKey: PodKey) => void) | null
}

/** Audit entries grouped by day. */
export function ActivityList({ entries, onPod }: ActivityListProps) {
  const { ticker } = useWindow()
  return (
    <>
      {activityDays(entries, ticker.now()).map(({ key, title, entries: dayEntries }) => (
        <section key={key} className="day" aria-label={title}>
          <h2>{title}</h2>
          <ol>
            {dayEntries.map((entry) => (
              <ActivityListEntry key={entry.seq} entry={entry} onPod={onPod} />
            ))}
          </ol>
        </section>
      ))}
    </>
  )
}

const ActivityListEntry = memo(function ActivityListEntry({
  entry,
  onPod,
}: {
  readonly entry: ListedAuditEntry
  readonly onPod: ActivityListProps['onPod']
}) {
  const { atMs, kind, accountId, podId, podName, text, tone } = entry
  const podKey = accountId === null || podId === null ? null : podKeyOf(accountId, podId)
  const { icon, tone: toneClass, label } = toneIcons[tone]
  return (
    <li className={`entry ${toneClass}`}>
      <span className="mark">
        <Icon name={icon} size={14} />
        <span className="unseen">{label}</span>
      </span>
      <time dateTime={new Date(atMs).toISOString()} title={fullTimestamp(atMs)}>
        {clockTime(atMs)}
      </time>
      <p>{text}</p>
      <span className="of">
        {podKey !== null && podName !== null && onPod !== null && (
          <AriaButton className="pod-link" aria-label={`Show only ${podName}`} onPress={() => onPod(podKey)}>
            {podName}
          </AriaButton>
        )}
        <AccountLabel accountId={accountId} />
        <span className="cap">{kindLabels[kind]}</span>
      </span>
    </li>
  )
})
