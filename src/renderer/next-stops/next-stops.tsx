import './next-stops.css'
import { useMemo, useState } from 'react'
import { formatTimeOfDay } from '../../core/base/text/format'
import { MINUTE_MS } from '../../core/base/time/time'
import type { NextStop } from '../../core/view/stops/next-stops'
import { canKeepOn } from '../pod-model/commands/pod-commands'
import { podColor } from '../pod-model/pod-color'
import { KeepOnMenu } from '../pods/actions/keep-on-menu'
import { ReleaseButton } from '../pods/actions/release-button'
import { partOf } from '../../core/view/snapshot'
import { useSettings } from '../state/hooks/use-settings'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import {
  balanceEndText,
  heldReason,
  NEXT_STOPS_ID,
  NEXT_STOPS_PLACE_ID,
  laneSentence,
  nextStopsText,
  stopReason,
  stopTime,
} from './next-stops-text'
import {
  axisTimes,
  type StopLane,
  type StopSettings,
  stopsView,
  type StopsView,
  warningShares,
} from './stop-lanes'

/** How many lanes are shown until someone asks for all. */
const MAX_LANES = 8

/** The place of the upcoming stops, which is there before they are, so that whether it is in view can be told. */
export function NextStops() {
  return (
    <div id={NEXT_STOPS_PLACE_ID}>
      <NextStopsSection />
    </div>
  )
}

/** What stops when, and what holds it: a lane for each stop on one axis of time. */
function NextStopsSection() {
  const { navigate } = useWindow()
  const snapshot = useSnapshotStore((state) => state.snapshot)
  const settings = useSettings()?.settings
  const [isWhole, setWhole] = useState(false)
  const view = useMemo(
    () => (snapshot === null || settings === undefined ? null : stopsView(snapshot, settings)),
    [snapshot, settings],
  )
  if (view === null || snapshot === null || settings === undefined) return null
  return (
    <section className="pod-section next-stops" aria-labelledby={NEXT_STOPS_ID}>
      <header className="section-head">
        <h2 id={NEXT_STOPS_ID}>{nextStopsText.title}</h2>
        <Button kind="bare" onPress={() => navigate('settings', 'autoStopAfterMin')}>
          {nextStopsText.rules}
        </Button>
      </header>
      <div className="stop-chart">
        <ul aria-label={nextStopsText.title}>
          {view.lanes.slice(0, isWhole ? undefined : MAX_LANES).map((lane) => (
            <Lane
              key={`${lane.pod.key} ${lane.stop.cause}`}
              lane={lane}
              view={view}
              settings={settings}
              nowMs={snapshot.atMs}
            />
          ))}
          {view.balanceEnd !== null && view.lanes.length === 0 && <li className="lane" />}
        </ul>
        {!isWhole && view.lanes.length > MAX_LANES && (
          <Button kind="bare" onPress={() => setWhole(true)}>
            {nextStopsText.showMore(view.lanes.length - MAX_LANES)}
          </Button>
        )}
        {view.balanceEnd !== null && <BalanceLine view={view} nowMs={snapshot.atMs} />}
        <Axis axisMs={view.axisMs} nowMs={snapshot.atMs} />
        {view.later.length > 0 && (
          <p className="cap">
            {nextStopsText.later}{' '}
            {view.later
              .map(({ pod, stop }) => `${pod.name} ${stopTime(stop.atMs ?? 0, snapshot.atMs)}`)
              .join(', ')}
          </p>
        )}
      </div>
    </section>
  )
}

interface LaneProps {
  readonly lane: StopLane
  readonly view: StopsView
  readonly settings: StopSettings
  readonly nowMs: number
}

function Lane({ lane, view: { axisMs }, settings, nowMs }: LaneProps) {
  const { pod, stop } = lane
  const isDryRun = useSnapshotStore(
    ({ snapshot }) => snapshot !== null && (partOf(snapshot, pod.accountId) ?? snapshot).guard.isDryRun,
  )
  const end = stop.atMs === null ? null : Math.max(0, Math.min(1, (stop.atMs - nowMs) / axisMs))
  const warnings = warningShares(stop, settings, nowMs, axisMs)
  return (
    <li className={`lane ${podColor(pod)}`}>
      <span className="unseen">{laneSentence(lane, nowMs, isDryRun)}</span>
      <span className="lane-name" aria-hidden="true">
        <span className="swatch" />
        <bdi title={pod.name}>{pod.name}</bdi>
      </span>
      <span className="lane-track" aria-hidden="true">
        {end === null ? (
          <span className="lane-bar held" />
        ) : (
          <>
            <span
              className={pod.activity.kind === 'idle' ? 'lane-bar idle-bar' : 'lane-bar'}
              style={{ width: `${end * 100}%` }}
            />
            {warnings.map((share) => (
              <span key={share} className="tick" style={{ left: `${share * 100}%` }} />
            ))}
          </>
        )}
        <LaneText stop={stop} end={end} firstWarning={warnings[0]} nowMs={nowMs} isDryRun={isDryRun} />
      </span>
      <LaneAction lane={lane} />
    </li>
  )
}

interface LaneTextProps {
  readonly stop: NextStop
  /** Where its bar ends, 0–1; null: it has no time. */
  readonly end: number | null
  /** Where its first tick is. */
  readonly firstWarning: number | undefined
  readonly nowMs: number
  readonly isDryRun: boolean
}

function LaneText({ stop, end, firstWarning, nowMs, isDryRun }: LaneTextProps) {
  // On a long bar there is no room after its end. It covers no tick.
  const isBefore = end !== null && end > 0.7
  const position =
    end === null
      ? {}
      : isBefore
        ? { right: `${(1 - (firstWarning ?? end)) * 100}%` }
        : { left: `${end * 100}%` }
  return (
    <span className={`lane-text${end === null ? ' of-held' : isBefore ? ' before' : ''}`} style={position}>
      {stop.atMs === null ? (
        <>
          <b>{stop.state === 'waiting' ? nextStopsText.noStopDue : nextStopsText.held}</b> {heldReason(stop)}
        </>
      ) : (
        <>
          <b>{stopTime(stop.atMs, nowMs)}</b> {stopReason(stop, isDryRun)}
        </>
      )}
    </span>
  )
}

/** Keeping the pod running holds the stop; releasing it lets it come. */
function LaneAction({ lane: { pod, stop } }: Pick<LaneProps, 'lane'>) {
  // Nothing here holds what the service does.
  if (stop.state === 'by-service') return null
  if (pod.guard.keptBy !== undefined) return null
  if (pod.guard.keepOn !== null) return <ReleaseButton pod={pod} />
  return canKeepOn(pod) ? <KeepOnMenu pod={pod} isBare /> : null
}

function BalanceLine({ view: { balanceEnd, axisMs }, nowMs }: Pick<LaneProps, 'view' | 'nowMs'>) {
  if (balanceEnd === null) return null
  const share = Math.max(0, Math.min(1, (balanceEnd.atMs - nowMs) / axisMs))
  return (
    <>
      <span className="balance-track" aria-hidden="true">
        <span className="balance-end" style={{ left: `${share * 100}%` }} />
      </span>
      <p className="balance-text">
        <span
          className={share > 0.5 ? 'before' : undefined}
          style={share > 0.5 ? { marginRight: `${(1 - share) * 100}%` } : { marginLeft: `${share * 100}%` }}
        >
          <b>{stopTime(balanceEnd.atMs, nowMs)}</b> {balanceEndText(balanceEnd)}
        </span>
      </p>
    </>
  )
}

function Axis({ axisMs, nowMs }: { readonly axisMs: number; readonly nowMs: number }) {
  const offsetMs = -new Date(nowMs).getTimezoneOffset() * MINUTE_MS
  // Not beside the time of now, nor over the edge.
  const times = axisTimes(nowMs, axisMs, offsetMs).filter((atMs) => {
    const share = (atMs - nowMs) / axisMs
    return share > 0.07 && share < 0.96
  })
  return (
    <div className="stop-axis" aria-hidden="true">
      <span className="now">{formatTimeOfDay(nowMs)}</span>
      {times.map((atMs) => (
        <span key={atMs} style={{ left: `${((atMs - nowMs) / axisMs) * 100}%` }}>
          {formatTimeOfDay(atMs)}
        </span>
      ))}
    </div>
  )
}
