import { formatDuration } from '../../../../core/base/format'
import { MINUTE_MS } from '../../../../core/base/time'
import { impactSentence } from '../../../../core/pods/data-impact-text'
import { isIdleForLong } from '../../../../core/view/pod-view'
import type { PodKey } from '../../../../core/pods/pod'
import { partOf, type PodView } from '../../../../core/view/snapshot'
import { wouldLoseAllData } from '../../../guard/auto-stop-pods'
import type { SnapshotStoreState } from '../../../state/snapshot-store'
import { useSettings } from '../../../state/use-settings'
import { useSingleFlight } from '../../../state/use-single-flight'
import { useSnapshotStore, useWindow } from '../../../state/window-context'
import { Button } from '../../../ui/button'

/**
 * Asks on one idle pod whether auto-stop is wanted, until that was chosen for its account. Nothing is stopped before.
 * See docs/product-rules.md#9-first-run.
 */
export function AutoStopOffer({ pod }: { readonly pod: PodView }) {
  const isOffered = useSnapshotStore((state) => isOfferedOn(state, pod))
  return isOffered ? <Offer pod={pod} /> : null
}

function Offer({ pod }: { readonly pod: PodView }) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const afterMin = useSettings()?.settings.autoStopAfterMin ?? null
  if (afterMin === null) return null
  const choose = (mode: 'off' | 'ticked' | 'all') =>
    runOnce(async () => {
      const chosen = await snapshotStore.runRequest(
        'Couldn’t change auto-stop',
        bridge.setAutoStop(pod.accountId, mode),
      )
      if (chosen !== null && mode === 'ticked')
        await snapshotStore.runRequest(
          `Auto-stop is off for ${pod.name}`,
          bridge.changePodRules(pod.key, { isAutoStopped: true }),
        )
    })
  return (
    <div className="auto-stop-offer" role="group" aria-label="Auto-stop">
      <p>
        <b>Stop this pod if it stays idle for {formatDuration(afterMin * MINUTE_MS)}?</b> You get two warnings
        first. {impactSentence(pod.stopImpact)}
      </p>
      <div className="actions">
        <Button onPress={() => choose('ticked')}>Turn on for this pod</Button>
        <Button onPress={() => choose('all')}>For all pods</Button>
        <Button kind="bare" onPress={() => choose('off')}>
          Don’t ask again
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
