import { memo } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { ActivityRow } from '../../core/audit-log/activity-rows'
import { areOfSeveralComputers, type ListedAuditEntry } from '../../core/audit-log/audit-log'
import { type PodKey, podKeyOf } from '../../core/pods/pod'
import { useWindow } from '../state/window-context'
import { AccountLabel } from '../ui/labels/account-label'
import { ActionRow, ExpandableRow } from './action-row'
import { activityDays, clockTime, fullTimestamp } from './activity-days'
import { entryText, kindLabels } from './activity-text'

interface ActivityListProps {
  readonly rows: readonly ActivityRow[]
  /** Filters the list by a pod; null when it is filtered by one already. */
  readonly onPod: ((podKey: PodKey) => void) | null
}

/** The rows grouped by day. */
export function ActivityList({ rows, onPod }: ActivityListProps) {
  const { ticker } = useWindow()
  const namesComputers = areOfSeveralComputers(rows.map(({ newest }) => newest))
  return (
    <>
      {activityDays(rows, ticker.now()).map(({ key, title, rows: dayRows }) => (
        <section key={key} className="day" aria-label={title}>
          <h2>{title}</h2>
          <ol>
            {dayRows.map((row) => (
              <ActivityListRow key={row.key} row={row} onPod={onPod} namesComputers={namesComputers} />
            ))}
          </ol>
        </section>
      ))}
    </>
  )
}

const ActivityListRow = memo(function ActivityListRow({
  row,
  onPod,
  namesComputers,
}: {
  readonly row: ActivityRow
  readonly onPod: ActivityListProps['onPod']
  readonly namesComputers: boolean
}) {
  const { newest, place, action } = row
  const time = (
    <time dateTime={new Date(place.atMs).toISOString()} title={fullTimestamp(place.atMs)}>
      {clockTime(place.atMs)}
    </time>
  )
  const subject = <EntrySubject entry={newest} onPod={onPod} namesComputers={namesComputers} />
  if (action !== null) return <ActionRow row={row} action={action} time={time} subject={subject} />
  return (
    <ExpandableRow row={row} last={newest} spoken={newest.text} time={time} subject={subject}>
      {newest.text}
    </ExpandableRow>
  )
})

/** What an entry is about: its pod, its account, its computer and its kind. */
function EntrySubject({
  entry: { kind, accountId, podId, podName, computer },
  onPod,
  namesComputers,
}: {
  readonly entry: ListedAuditEntry
  readonly onPod: ActivityListProps['onPod']
  readonly namesComputers: boolean
}) {
  const podKey = accountId === null || podId === null ? null : podKeyOf(accountId, podId)
  return (
    <span className="of">
      {podKey !== null && podName !== null && onPod !== null && (
        <AriaButton
          className="pod-link"
          aria-label={entryText.showOnly(podName)}
          onPress={() => onPod(podKey)}
        >
          {podName}
        </AriaButton>
      )}
      <AccountLabel accountId={accountId} />
      {namesComputers && computer !== undefined && <bdi title={computer}>{computer}</bdi>}
      <span className="cap">{kindLabels[kind]}</span>
    </span>
  )
}
