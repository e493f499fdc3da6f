import './activity.css'
import { useRef, useState } from 'react'
import type { AuditKind } from '../../core/audit-log/audit-log'
import { isPodKey, parsePodKey, type PodKey } from '../../core/pods/pod'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { ActivityList } from './activity-list'
import { kindFilterLabels } from './activity-text'
import { useActivity } from './use-activity'
import { useFocusInPage } from './use-focus-in-page'

const kindOptions = Object.entries(kindFilterLabels).map(([id, label]) => ({
  id: id as AuditKind | 'all',
  label,
}))

/** The audit log, newest first with one row for each action, and with filters by kind and pod. */
export function ActivityPage() {
  const [kind, setKind] = useState<AuditKind | 'all'>('all')
  const { snapshotStore } = useWindow()
  const target = useSnapshotStore(({ pageTarget }) => pageTarget?.id ?? null)
  const podKey = target !== null && isPodKey(target) ? target : null
  const accountId = useSnapshotStore(({ shownAccountId }) => shownAccountId)
  const currentName = useSnapshotStore(({ podsByKey }) =>
    podKey === null ? null : (podsByKey.get(podKey)?.name ?? null),
  )
  const { rows, loadEarlier, problem, reload } = useActivity({
    kind: kind === 'all' ? null : kind,
    accountId,
    podKey,
  })
  // A pod that is gone has no current name, so its entries supply the last known one.
  const podName =
    currentName ??
    rows?.find(({ newest }) => newest.podName !== null)?.newest.podName ??
    (podKey === null ? null : parsePodKey(podKey).podId)
  const isFiltered = kind !== 'all' || podKey !== null
  const showPod = (id: PodKey): void => snapshotStore.showPage('activity', id)
  const showAllPods = (): void => snapshotStore.showPage('activity')
  const showAll = (): void => {
    setKind('all')
    showAllPods()
  }
  const list = useRef<HTMLDivElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  /** How many rows there were when older ones were asked for. */
  const rowCount = useRef<number | null>(null)
  const keepFocus = useFocusInPage(() => {
    const rowElements = list.current?.querySelectorAll<HTMLElement>('.entry')
    const firstNew = rowCount.current === null ? undefined : rowElements?.[rowCount.current]
    rowCount.current = null
    return firstNew ?? heading.current
  })
  return (
    <section className="page activity" aria-label="Activity" {...keepFocus}>
      <header className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          Activity
        </h1>
        {podKey !== null && (
          <span className="of-pod">
            <span className="of-pod-name">{podName}</span>
            <Button kind="bare" icon="close" label="Show all pods" onPress={showAllPods} />
          </span>
        )}
        <div className="activity-tools">
          <Choice label="Show" options={kindOptions} chosen={kind} onChoose={setKind} />
        </div>
      </header>
      {problem !== null && (
        <div className="message bad" role="alert">
          <span className="words">Couldn’t read the activity log: {problem}</span>
          <Button onPress={reload}>Try again</Button>
        </div>
      )}
      {rows !== null && rows.length === 0 && problem === null && (
        <BlankSlate
          icon="bell"
          title={isFiltered ? 'No entries of this kind' : 'No activity yet'}
          {...(isFiltered ? { actions: <Button onPress={showAll}>Show all</Button> } : {})}
        >
          {isFiltered
            ? 'The log has other entries.'
            : 'Alerts, stops and starts appear here, with the reason for each.'}
        </BlankSlate>
      )}
      {rows !== null && rows.length > 0 && (
        <div ref={list} className="activity-days">
          <ActivityList rows={rows} onPod={podKey === null ? showPod : null} />
        </div>
      )}
      {loadEarlier !== null && (
        <div className="earlier">
          <Button
            onPress={() => {
              rowCount.current = rows?.length ?? null
              loadEarlier()
            }}
          >
            Earlier
          </Button>
        </div>
      )}
    </section>
  )
}
