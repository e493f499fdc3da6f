import { useMemo } from 'react'
import type { PodKey } from '../../../core/pods/pod'
import type { PodHistory } from '../../../core/polling/fleet'
import { useSnapshotStore } from '../../state/window-context'
import { sparkPaths } from '../../pod-model/spark-path'

const WIDTH = 150
const HEIGHT = 34
const NO_POINTS: PodHistory['points'] = []

/** Utilization of the last hour; amber while the pod is idle, empty where unknown. */
export function Sparkline({ podKey, isIdle }: { readonly podKey: PodKey; readonly isIdle: boolean }) {
  const points = useSnapshotStore(({ historiesByKey }) => historiesByKey.get(podKey)?.points ?? NO_POINTS)
  const endMs = useSnapshotStore((state) => state.historyEndMs)
  const [all, idle] = useMemo(() => {
    const box = { width: WIDTH, height: HEIGHT, endMs }
    const idlePoints = points.map((point) => (point.isIdle ? point : { ...point, utilPercent: null }))
    return [sparkPaths(points, box), sparkPaths(idlePoints, box)]
  }, [points, endMs])
  return (
    <svg className="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path className="area" d={all.area} />
      <path className="line" d={all.line} />
      {!isIdle && idle.line !== '' && <path className="line past-idle" d={idle.line} />}
      {all.line === '' && <path className="none" d={`M0 ${HEIGHT - 2}H${WIDTH}`} />}
    </svg>
  )
}
