import { useState } from 'react'
import { isPodKey } from '../../core/pods/pod'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { ServerNote } from '../ui/labels/server-note'
import { pageTitles } from '../ui/ui-text'
import { ActivityPanel } from './activity-panel'
import { activityText } from './activity-text'
import { type ActivityView, loadActivityView, saveActivityView } from './activity-view'

/** The audit log, newest first with one row for each action. The filters are remembered in this window. */
export function ActivityPage() {
  const { snapshotStore, ticker } = useWindow()
  const [view, setView] = useState(() => loadActivityView(localStorage, ticker.now()))
  const target = useSnapshotStore(({ pageTarget }) => pageTarget?.id ?? null)
  const change = (changes: Partial<ActivityView>): void => {
    const next = { ...view, ...changes }
    setView(next)
    saveActivityView(localStorage, next)
  }
  return (
    <section className="page activity" aria-label={pageTitles.activity}>
      <header className="page-head">
        <h1>{pageTitles.activity}</h1>
      </header>
      <ServerNote what="activity" />
      <ActivityPanel
        view={view}
        onView={change}
        podKey={target !== null && isPodKey(target) ? target : null}
        onPod={(podKey) => snapshotStore.showPage('activity', podKey)}
        emptyText={activityText.empty}
      />
    </section>
  )
}
