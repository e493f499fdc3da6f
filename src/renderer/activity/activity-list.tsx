import { memo } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { ListedActivity } from '../../core/audit-log/audit-log'
import type { PodId } from '../../core/pods/pod'
import { useWindow } from '../state/window-context'
import { Icon } from '../ui/icon'
import { activityDays, momentOf, timeOf } from './activity-days'
import { kindNames, toneMarks } from './activity-text'

interface ActivityListProps {
  readonly entries: readonly ListedActivity[]
  /** Asks for the history of one pod; null: it is shown already. */
  readonly onPod: ((podId: PodId) => void) | null
}

/** Entries under the days that they fell on. */
export function ActivityList({ entries, onPod }: ActivityListProps) {
  const { ticker } = useWindow()
  return (
    <>
      {activityDays(entries, ticker.now()).map(({ key, title, entries: ofDay }) => (
        <section key={key} className="day" aria-label={title}>
          <h2>{title}</h2>
          <ol>
            {ofDay.map((entry) => (
              <Entry key={entry.seq} entry={entry} onPod={onPod} />
            ))}
          </ol>
        </section>
      ))}
    </>
  )
}

const Entry = memo(function Entry({
  entry,
  onPod,
}: {
  readonly entry: ListedActivity
  readonly onPod: ActivityListProps['onPod']
}) {
  const { atMs, kind, podId, podName, text, tone } = entry
  const { icon, tone: colour, label } = toneMarks[tone]
  return (
    <li className={`entry ${colour}`}>
      <span className="mark">
        <Icon name={icon} size={14} />
        <span className="unseen">{label}</span>
      </span>
      <time dateTime={new Date(atMs).toISOString()} title={momentOf(atMs)}>
        {timeOf(atMs)}
      </time>
      <p>{text}</p>
      <span className="of">
        {podId !== null && podName !== null && onPod !== null && (
          <AriaButton className="pod-link" aria-label={`Show only ${podName}`} onPress={() => onPod(podId)}>
            {podName}
          </AriaButton>
        )}
        <span className="cap">{kindNames[kind]}</span>
      </span>
    </li>
  )
})
