import { useMemo } from 'react'
import type { PodKey } from '../../../core/pods/pod'
import type { PodHistory } from '../../../core/polling/fleet'
import { idleSpans, sparkPaths } from '../../pod-model/spark-path'
import { useSnapshotStore } from '../../state/window-context'

const WIDTH = 150
const HEIGHT = 34
const NO_POINTS: PodHistory['points'] = []

/** Utilization of the last hour in the pod's color; amber over hatching while it was idle, empty where unknown. */
export function Sparkline({ podKey }: { readonly podKey: PodKey }) {
  const points = useSnapshotStore(({ historiesByKey }) => historiesByKey.get(podKey)?.points ?? NO_POINTS)
  const endMs = useSnapshotStore((state) => state.historyEndMs)
  const { all, busy, idle, spans } = useMemo(() => {
    const box = { width: WIDTH, height: HEIGHT, endMs }
    const only = (isIdle: boolean) =>
      points.map((point) => (point.isIdle === isIdle ? point : { ...point, utilPercent: null }))
    return {
      all: sparkPaths(points, box),
      busy: sparkPaths(only(false), box),
      idle: sparkPaths(only(true), box),
      spans: idleSpans(points, endMs),
    }
  }, [points, endMs])
  return (
    <span className="spark-box" aria-hidden="true">
      {spans.map(({ from, to }) => (
        <span
          key={from}
          className="spark-idle"
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
