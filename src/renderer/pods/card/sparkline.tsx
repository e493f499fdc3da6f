import { useMemo } from 'react'
import { HOUR_MS } from '../../../core/base/time/time'
import { TRAIL_MS } from '../../../core/idle/usage-trail'
import type { PodKey } from '../../../core/pods/pod'
import type { PodHistory } from '../../../core/polling/fleet'
import { idleSpans, sparkPaths, unknownSpans } from '../../pod-model/spark-path'
import { useSnapshotStore } from '../../state/window-context'

const WIDTH = 150
const HEIGHT = 34
const NO_POINTS: PodHistory['points'] = []

interface SparklineProps {
  readonly podKey: PodKey
  /** It begins where the pod did, an hour ago at least. Otherwise all sparklines have the same axis. */
  readonly isSinceStart?: boolean
}

/**
 * Utilization of the last six hours in the pod's color: amber over hatching while it was idle, gray hatching without a
 * line while nothing is known.
 */
export function Sparkline({ podKey, isSinceStart = false }: SparklineProps) {
  const points = useSnapshotStore(({ historiesByKey }) => historiesByKey.get(podKey)?.points ?? NO_POINTS)
  const runsSinceMs = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey)?.startedAtMs ?? null)
  const endMs = useSnapshotStore((state) => state.historyEndMs)
  const { all, busy, idle, spans, unknown } = useMemo(() => {
    const spanMs = isSinceStart && runsSinceMs !== null ? endMs - runsSinceMs : TRAIL_MS
    const startMs = endMs - Math.min(TRAIL_MS, Math.max(HOUR_MS, spanMs))
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
  }, [points, endMs, runsSinceMs, isSinceStart])
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
