import { useMemo } from 'react'
import { TRAIL_MS } from '../../../core/idle/usage-trail'
import type { PodKey } from '../../../core/pods/pod'
import type { PodHistory } from '../../../core/polling/fleet'
import { idleSpans, sparkPaths, unknownSpans } from '../../pod-model/spark-path'
import { fittedFromMs } from '../../pod-model/fitted-axis'
import { useSnapshotStore } from '../../state/window-context'

const WIDTH = 150
const HEIGHT = 34
const NO_POINTS: PodHistory['points'] = []

interface SparklineProps {
  readonly podKey: PodKey
  /** It begins a little before the first observation. Otherwise all sparklines have the same axis. */
  readonly isFitted?: boolean
}

/**
 * Utilization of the last six hours in the pod's color: amber over hatching while it was idle, flat gray without a line
 * while nothing is known.
 */
export function Sparkline({ podKey, isFitted = false }: SparklineProps) {
  const points = useSnapshotStore(({ historiesByKey }) => historiesByKey.get(podKey)?.points ?? NO_POINTS)
  const runsSinceMs = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey)?.startedAtMs ?? null)
  const endMs = useSnapshotStore((state) => state.historyEndMs)
  const { all, busy, idle, spans, unknown } = useMemo(() => {
    const trail = { fromMs: endMs - TRAIL_MS, toMs: endMs }
    const first = points.find(({ atMs, utilPercent }) => atMs >= trail.fromMs && utilPercent !== null)
    const startMs = isFitted ? fittedFromMs(trail, first?.atMs ?? runsSinceMs) : trail.fromMs
    const box = { width: WIDTH, height: HEIGHT, startMs, endMs }
    const only = (isIdle: boolean) =>
      points.map((point) => (point.isIdle === isIdle ? point : { ...point, utilPercent: null }))
    return {
      all: sparkPaths(points, box),
      busy: sparkPaths(only(false), box),
      idle: sparkPaths(only(true), box),
      spans: idleSpans(points, box),
      // Before the first histories, nothing is known of any.
      unknown: points.length === 0 ? [] : unknownSpans(points, box, runsSinceMs),
    }
  }, [points, endMs, runsSinceMs, isFitted])
  return (
    <span className="spark-box" aria-hidden="true">
      {[
        ...spans.map((span) => ['idle', span] as const),
        ...unknown.map((span) => ['unknown', span] as const),
      ].map(([kind, { from, to }]) => (
        <span
          key={`${kind} ${from}`}
          className={`spark-${kind}`}
          style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
        />
      ))}
      <svg className="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
        <path className="area" d={busy.area} />
        <path className="line" d={all.line} />
        {idle.line !== '' && <path className="line idle-line" d={idle.line} />}
        {all.line === '' && <path className="none" d={`M0 ${HEIGHT - 2}H${WIDTH}`} />}
      </svg>
    </span>
  )
}
