import './activity.css'
import { useState } from 'react'
import type { ActivityKind } from '../../core/audit-log/audit-log'
import type { PodId } from '../../core/pods/pod'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { Choice } from '../ui/choice'
import { useMirror, useWindow } from '../state/window-context'
import { ActivityList } from './activity-list'
import { kindLabels } from './activity-text'
import { useActivity } from './use-activity'

const kinds = Object.entries(kindLabels).map(([id, label]) => ({ id: id as ActivityKind | 'all', label }))

/** What happened, newest first: what was told, asked for, decided and seen. */
export function ActivityPage() {
  const [kind, setKind] = useState<ActivityKind | 'all'>('all')
  const { mirror } = useWindow()
  const podId = useMirror(({ about }) => about?.id ?? null)
  const knownName = useMirror(({ podsById }) => (podId === null ? null : (podsById.get(podId)?.name ?? null)))
  const { entries, readEarlier, problem, readAgain } = useActivity({
    kind: kind === 'all' ? null : kind,
    podId,
  })
  // One that is gone is called as it was called last.
  const podName = knownName ?? entries?.find((entry) => entry.podName !== null)?.podName ?? podId
  const isFiltered = kind !== 'all' || podId !== null
  const showPod = (id: PodId): void => mirror.turnTo('activity', id)
  const showAllPods = (): void => mirror.turnTo('activity')
  const showAll = (): void => {
    setKind('all')
    showAllPods()
  }
  return (
    <section className="page activity" aria-label="Activity">
      <header className="page-head">
        <h1>Activity</h1>
        {podId !== null && (
          <span className="of-pod">
            <span className="of-pod-name">{podName}</span>
            <Button kind="bare" icon="close" label="Show all pods" onPress={showAllPods} />
          </span>
        )}
        <div className="activity-tools">
          <Choice label="Show" options={kinds} chosen={kind} onChoose={setKind} />
        </div>
      </header>
      {problem !== null && (
        <div className="message bad" role="alert">
          <span className="words">The activity log could not be read: {problem}</span>
          <Button onPress={readAgain}>Try again</Button>
        </div>
      )}
      {entries !== null && entries.length === 0 && problem === null && (
        <BlankSlate
          icon="bell"
          title={isFiltered ? 'Nothing of this kind' : 'Nothing happened yet'}
          {...(isFiltered ? { actions: <Button onPress={showAll}>Show everything</Button> } : {})}
        >
          {isFiltered
            ? 'The log holds other entries.'
            : 'Alerts, stops and starts, and why they came about, will be listed here.'}
        </BlankSlate>
      )}
      {entries !== null && entries.length > 0 && (
        <ActivityList entries={entries} onPod={podId === null ? showPod : null} />
      )}
      {readEarlier !== null && (
        <div className="earlier">
          <Button onPress={readEarlier}>Earlier</Button>
        </div>
      )}
    </section>
  )
}
