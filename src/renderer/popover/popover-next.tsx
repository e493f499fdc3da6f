import { useMemo } from 'react'
import { nextEvents } from '../next-stops/next-events'
import { stopTime } from '../next-stops/next-stops-text'
import { stopsView } from '../next-stops/stop-lanes'
import { partOf } from '../../core/view/snapshot'
import { useSettings } from '../state/hooks/use-settings'
import { useSnapshotStore } from '../state/window-context'
import { popoverText } from './popover-text'

const SHOWN = 2

/** The two events that come next; nothing while none has a time. */
export function PopoverNext() {
  const snapshot = useSnapshotStore((state) => state.snapshot)
  const settings = useSettings()?.settings
  const events = useMemo(() => {
    if (snapshot === null || settings === undefined) return []
    const view = stopsView(snapshot, settings)
    if (view === null) return []
    return nextEvents(view, ({ pod }) => (partOf(snapshot, pod.accountId) ?? snapshot).guard.isDryRun)
  }, [snapshot, settings])
  if (snapshot === null || events.length === 0) return null
  return (
    <section className="pod-section pop-next" aria-labelledby="section-next">
      <header className="section-head">
        <h2 id="section-next">{popoverText.next}</h2>
      </header>
      <ul>
        {events.slice(0, SHOWN).map(({ id, atMs, text, isLoss }) => (
          <li key={id}>
            <b className={isLoss ? 'bad-text' : undefined}>{stopTime(atMs, snapshot.atMs)}</b>{' '}
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
