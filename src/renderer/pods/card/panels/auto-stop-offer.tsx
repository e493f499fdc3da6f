import { impactSentence } from '../../../../core/pods/data-impact-text'
import { isIdleForLong } from '../../../../core/view/pod-view'
import type { PodKey } from '../../../../core/pods/pod'
import { partOf, type PodView } from '../../../../core/view/snapshot'
import { wouldLoseAllData } from '../../../guard/auto-stop-pods'
import { useCanHaveGuard } from '../../../pod-model/use-can-have-guard'
import type { SnapshotStoreState } from '../../../state/snapshot-store'
import { useSingleFlight } from '../../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../../state/window-context'
import { Button } from '../../../ui/button'
import { switchAutoStop } from '../../../guard/set-auto-stop'
import { autoStopOfferText } from './panels-text'

/**
 * Asks on one idle pod whether auto-stop is wanted, until that was chosen for its account. Nothing is stopped before.
 * See docs/product-rules.md#9-first-run.
 */
export function AutoStopOffer({ pod }: { readonly pod: PodView }) {
  const isOffered = useSnapshotStore((state) => isOfferedOn(state, pod))
  return isOffered ? <Offer pod={pod} /> : null
}

function Offer({ pod }: { readonly pod: PodView }) {
  const services = useWindow()
  const { snapshotStore } = services
  const runOnce = useSingleFlight()
  const canHaveGuard = useCanHaveGuard(pod)
  const choose = (mode: 'off' | 'all') =>
    runOnce(() =>
      snapshotStore.runRequest(
        autoStopOfferText.couldNotChange,
        services.bridge.setAutoStop(pod.accountId, mode),
      ),
    )
  return (
    <div className="auto-stop-offer" role="group" aria-label={autoStopOfferText.label}>
      <p>
        <b>{autoStopOfferText.question}</b> {autoStopOfferText.warnings} {impactSentence(pod.stopImpact)}
        {canHaveGuard && ` ${autoStopOfferText.guard}`}
      </p>
      <div className="actions">
        <Button onPress={() => runOnce(() => switchAutoStop(services, pod, true))}>
          {autoStopOfferText.turnOn}
        </Button>
        <Button onPress={() => choose('all')}>{autoStopOfferText.forAll}</Button>
        <Button kind="bare" onPress={() => choose('off')}>
          {autoStopOfferText.dontAsk}
        </Button>
      </div>
    </div>
  )
}

/** Only the first idle pod of an account asks, and none that would lose its data or that its account does not own. */
function isOfferedOn({ snapshot, sections, podsByKey }: SnapshotStoreState, pod: PodView): boolean {
  if (snapshot === null || !isEligible(pod)) return false
  const part = partOf(snapshot, pod.accountId)
  if (part === undefined || part.guard.autoStop !== 'undecided') return false
  // An account that may be an earlier one may have rules already.
  if (part.account === null || part.account.earlierKeyEnding !== undefined) return false
  const asks = (key: PodKey): boolean => {
    const one = podsByKey.get(key)
    return one !== undefined && one.accountId === pod.accountId && isEligible(one)
  }
  for (const { podKeys } of sections) {
    const first = podKeys.find(asks)
    if (first !== undefined) return first === pod.key
  }
  return false
}

const isEligible = (pod: PodView): boolean =>
  pod.phase === 'running' && pod.clusterId === null && isIdleForLong(pod) && !wouldLoseAllData(pod)
