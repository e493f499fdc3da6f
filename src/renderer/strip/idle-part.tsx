import { burnRateText } from '../../core/money/burn-rate'
import type { PodView } from '../../core/view/snapshot'
import { podColor } from '../pod-model/pod-color'
import { isIdle } from '../../core/view/pod-state'
import { burnRateOf } from '../state/arrange/pod-order'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { StripPart } from './strip-part'
import { stripText } from './strip-text'

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
      label={stripText.idlePods}
      className={count > 0 ? 'idle-text' : ''}
      details={(close) => <IdleDetails close={close} isFilterOffered={isFilterOffered} />}
    >
      <Icon name="moon" size={16} />
      <span>
        <b className="small">{count}</b> {stripText.idle}
        {count > 0 && <span className="wide"> · {rate}</span>}
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
  if (idle.length === 0) return <p className="details-title">{stripText.noIdlePods}</p>
  const showIdle = () => {
    close()
    snapshotStore.setView({ filter: 'idle', search: '' })
    snapshotStore.showPage('pods')
  }
  return (
    <>
      <p className="details-title">
        {stripText.idleCount(idle.length)}, {burnRateText(burnRateOf(idle))}
      </p>
      <ul className="legend" aria-label={stripText.idlePods}>
        {dearest.slice(0, MAX_LISTED).map((pod) => (
          <li key={pod.key}>
            <span className={`swatch ${podColor(pod)}`} aria-hidden="true" />
            <bdi title={pod.name}>{pod.name}</bdi>
            <span className="figures">{stripText.idlePod(pod)}</span>
          </li>
        ))}
      </ul>
      {idle.length > MAX_LISTED && <p className="cap">{stripText.more(idle.length - MAX_LISTED)}</p>}
      {isFilterOffered && (
        <div className="actions">
          <Button onPress={showIdle}>{stripText.showIdle}</Button>
        </div>
      )}
    </>
  )
}

const NONE: readonly PodView[] = []
