import { memo } from 'react'
import { formatDuration, formatUsd } from '../../../core/base/text/format'
import type { PodView } from '../../../core/view/snapshot'
import { storageText } from '../../pod-model/text/storage-text'
import { accountListedAtMs } from '../../state/account-parts'
import { useSnapshotStore } from '../../state/window-context'
import { Icon } from '../../ui/icon'
import { cardText } from './card-text'

interface PodFactsProps {
  readonly pod: PodView
  /** Adds what is kept of its data. */
  readonly isDetailed: boolean
}

/** What the pod is and where, what data it has, and what this run cost. */
export function PodFacts({ pod, isDetailed }: PodFactsProps) {
  return (
    <div className="meta">
      <FixedFacts
        hardware={pod.hardware}
        dataCenter={pod.dataCenterId}
        isLocked={pod.isLocked === true}
        terminateImpact={
          isDetailed && pod.phase !== 'terminated' && pod.isFromLastRun !== true ? pod.terminateImpact : null
        }
      />
      {pod.phase === 'running' && <CostSinceStart pod={pod} />}
    </div>
  )
}

interface FixedFactsProps {
  readonly hardware: string | null
  readonly dataCenter: string | null
  readonly isLocked: boolean
  /** Null when it isn't shown here. */
  readonly terminateImpact: PodView['terminateImpact'] | null
}

/** The facts of a pod that hardly ever change, memoized apart from its figures. */
const FixedFacts = memo(function FixedFacts(props: FixedFactsProps) {
  const { hardware, dataCenter, isLocked, terminateImpact } = props
  return (
    <>
      {hardware !== null && <span>{hardware}</span>}
      {dataCenter !== null && <span>{dataCenter}</span>}
      {terminateImpact !== null && <StorageFact terminateImpact={terminateImpact} />}
      {isLocked && (
        <span>
          <Icon name="lock" size={12} /> {cardText.locked}
        </span>
      )}
    </>
  )
})

function StorageFact({ terminateImpact }: { readonly terminateImpact: PodView['terminateImpact'] }) {
  const { label, risk } = storageText(terminateImpact)
  return (
    <span className="storage" title={risk}>
      <Icon name="disk" size={12} /> {label}
      <span className="unseen">. {risk}</span>
    </span>
  )
}

/** Cost and time since the start, as of the snapshot, so that stale data doesn't keep counting. */
function CostSinceStart({ pod }: { readonly pod: PodView }) {
  const { startedAtMs, costSinceStartUsd } = pod
  const uptime = useSnapshotStore(({ snapshot }) =>
    startedAtMs === null || snapshot === null
      ? null
      : formatDuration(accountListedAtMs(snapshot, pod.accountId) - startedAtMs),
  )
  const text = [costSinceStartUsd === null ? null : formatUsd(costSinceStartUsd), uptime]
    .filter((word) => word !== null)
    .join(' in ')
  if (text === '') return null
  return (
    <span className="run-cost" title={cardText.sinceStart}>
      {text}
    </span>
  )
}
