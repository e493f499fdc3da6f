import { formatDuration, formatUsd, formatUsdPerHour } from '../../core/base/format'
import { burnRateText } from '../../core/money/burn-rate'
import type { PodView } from '../../core/view/snapshot'
import { podColor } from '../pod-model/pod-color'
import { isIdle } from '../../core/view/pod-state'
import { burnRateOf } from '../state/arrange/pod-order'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { StripPart } from './strip-part'

/** How many pods are listed in the details. */
const MAX_LISTED = 8

interface IdlePartProps {
  /** Whether the list can be reduced to them. */
  readonly isFilterOffered: boolean
}

/** How many pods are idle, and what they cost meanwhile. */
export function IdlePart({ isFilterOffered }: IdlePartProps) {
  const count = useSnapshotStore(({ snapshot }) => snapshot?.pods.filter(isIdle).length ?? 0)
  const rate = useSnapshotStore(({ snapshot }) =>
    burnRateText(burnRateOf((snapshot?.pods ?? []).filter(isIdle))),
  )
  return (
    <StripPart
      label="Idle pods"
      className={count > 0 ? 'idle-text' : ''}
      details={(close) => <IdleDetails close={close} isFilterOffered={isFilterOffered} />}
    >
      <Icon name="moon" size={16} />
      <span>
        <b className="small">{count}</b> idle{count > 0 && <span className="wide"> · {rate}</span>}
      </span>
    </StripPart>
  )
}

interface IdleDetailsProps extends IdlePartProps {
  readonly close: () => void
}

function IdleDetails({ close, isFilterOffered }: IdleDetailsProps) {
  const { snapshotStore } = useWindow()
  const pods = useSnapshotStore(({ snapshot }) => snapshot?.pods ?? NONE)
  const idle = pods.filter(isIdle)
  const dearest = [...idle].sort((a, b) => (b.costPerHourUsd ?? 0) - (a.costPerHourUsd ?? 0))
  if (idle.length === 0) return <p className="details-title">No idle pods</p>
  const showIdle = () => {
    close()
    snapshotStore.setView({ filter: 'idle', search: '' })
    snapshotStore.showPage('pods')
  }
  return (
    <>
      <p className="details-title">
        {idle.length === 1 ? '1 idle pod' : `${idle.length} idle pods`}, {burnRateText(burnRateOf(idle))}
      </p>
      <ul className="legend" aria-label="Idle pods">
        {dearest.slice(0, MAX_LISTED).map((pod) => (
          <li key={pod.key}>
            <span className={`swatch ${podColor(pod)}`} aria-hidden="true" />
            <bdi title={pod.name}>{pod.name}</bdi>
            <span className="figures">{idlePodText(pod)}</span>
          </li>
        ))}
      </ul>
      {idle.length > MAX_LISTED && <p className="cap">{idle.length - MAX_LISTED} more</p>}
      {isFilterOffered && (
        <div className="actions">
          <Button onPress={showIdle}>Show idle pods</Button>
        </div>
      )}
    </>
  )
}

/** "24 min · $3.99/hr · $1.60 spent while idle". */
function idlePodText({ activity, costPerHourUsd, idleCostUsd, isPriceApproximate }: PodView): string {
  return [
    activity.kind === 'idle' ? formatDuration(activity.idleForMs) : null,
    costPerHourUsd === null ? 'price unknown' : formatUsdPerHour(costPerHourUsd, isPriceApproximate),
    idleCostUsd === null || idleCostUsd < 0.01 ? null : `${formatUsd(idleCostUsd)} spent while idle`,
  ]
    .filter((part) => part !== null)
    .join(' · ')
}

const NONE: readonly PodView[] = []
