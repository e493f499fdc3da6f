import { useEffect, useMemo, useState } from 'react'
import { partOf } from '../../core/view/snapshot'
import { useSettings } from '../state/hooks/use-settings'
import { useSnapshotStore } from '../state/window-context'
import { Button } from '../ui/button'
import { nextEvents } from './next-events'
import { NEXT_STOPS_PLACE_ID, nextStopsText, stopTime } from './next-stops-text'
import { stopsView } from './stop-lanes'

/** What comes next in one line, while the list of upcoming stops is out of view. It leads to the list. */
export function NextStopLine() {
  const snapshot = useSnapshotStore((state) => state.snapshot)
  const settings = useSettings()?.settings
  const events = useMemo(() => {
    const view = snapshot === null || settings === undefined ? null : stopsView(snapshot, settings)
    if (view === null || snapshot === null) return []
    return nextEvents(view, ({ pod }) => (partOf(snapshot, pod.accountId) ?? snapshot).guard.isDryRun)
  }, [snapshot, settings])
  const [next] = events
  const isOutOfView = useIsOutOfView(next !== undefined)
  if (next === undefined || snapshot === null || !isOutOfView) return null
  const { nextLabel, nextAt, more } = nextStopsText
  return (
    <span className="next-stop-line">
      <Button kind="bare" onPress={() => document.getElementById(NEXT_STOPS_PLACE_ID)?.scrollIntoView()}>
        <span className={`next-stop${next.isLoss ? ' bad-text' : ''}`}>
          <span className="label">{nextLabel}</span> <span className="what">{next.text}</span>{' '}
          <span className="at">{nextAt}</span> <span>{stopTime(next.atMs, snapshot.atMs)}</span>
        </span>{' '}
        {events.length > 1 && <span className="dim more">{more(events.length - 1)}</span>}
      </Button>
    </span>
  )
}

/** Whether the place of the list can't be seen. `hasStops`: whether there is anything in it. */
function useIsOutOfView(hasStops: boolean): boolean {
  const [isOut, setOut] = useState(false)
  useEffect(() => {
    const place = hasStops ? document.getElementById(NEXT_STOPS_PLACE_ID) : null
    if (place === null) return undefined
    const observer = new IntersectionObserver((entries) => {
      const last = entries.at(-1)
      if (last !== undefined) setOut(!last.isIntersecting)
    })
    observer.observe(place)
    return () => observer.disconnect()
  }, [hasStops])
  return isOut && hasStops
}
