import './bulk.css'
import { useState } from 'react'
import { Checkbox } from 'react-aria-components'
import { formatUsdPerHour } from '../../../core/base/text/format'
import type { PodKey } from '../../../core/pods/pod'
import type { PodView } from '../../../core/view/snapshot'
import { podColor } from '../../pod-model/pod-color'
import { stoppable, wouldLoseData } from '../../../core/view/stops/stop-plan'
import { podState } from '../../../core/view/pod-state'
import { NO_PRICE } from '../../pod-model/text/pod-text'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { AccountLabel } from '../../ui/labels/account-label'
import { Button } from '../../ui/button'
import { CloseButton } from '../../ui/close-button'
import { Dialog } from '../../ui/dialog'
import { Icon } from '../../ui/icon'
import { bulkText, keptText, notSelectedText } from './bulk-text'
import { stopPods } from './stop-pods'
import { commonText } from '../../ui/common-text'

/** Lists the pods that are about to be stopped; those that would lose everything are not selected. */
export function StopPodsDialog({ podKeys }: { readonly podKeys: readonly PodKey[] }) {
  const services = useWindow()
  const { snapshotStore } = services
  const podsByKey = useSnapshotStore((state) => state.podsByKey)
  const pods = stoppable(podKeys.flatMap((podKey) => podsByKey.get(podKey) ?? []))
  const [changed, setChanged] = useState<ReadonlyMap<PodKey, boolean>>(new Map())
  const isChosen = (pod: PodView): boolean => changed.get(pod.key) ?? !wouldLoseData(pod)
  const chosen = pods.filter(isChosen)
  const close = () => snapshotStore.openDialog(null)
  const notice = notSelectedText(pods.filter((pod) => wouldLoseData(pod) && !isChosen(pod)))
  const title = bulkText.stopQuestion(pods, chosen)
  return (
    <Dialog label={title} kind="sheet" onClose={close}>
      <header>
        <h2>{title}</h2>
        <CloseButton onPress={close} />
      </header>
      {notice !== null && <p className="stop-notice">{notice}</p>}
      <ul className="dialog-body stop-list" aria-label={bulkText.podsToStop}>
        {pods.map((pod) => (
          <li key={pod.key} className={podColor(pod)}>
            <Checkbox
              className="check"
              isSelected={isChosen(pod)}
              onChange={(isNow) => setChanged(new Map([...changed, [pod.key, isNow]]))}
            >
              <span className="check-box" aria-hidden="true">
                <Icon name="check" size={12} />
              </span>
              <span className="stop-words">
                <b>
                  <bdi>{pod.name}</bdi>
                </b>
                <span className={`pill ${podState(pod).tone}`}>{podState(pod).word}</span>
                <AccountLabel accountId={pod.accountId} />
                <span className={wouldLoseData(pod) ? 'bad-text' : 'dim'}>{keptText(pod)}</span>
              </span>
              <span className="rate-text">
                {pod.costPerHourUsd === null
                  ? NO_PRICE
                  : formatUsdPerHour(pod.costPerHourUsd, pod.isPriceApproximate)}
              </span>
            </Checkbox>
          </li>
        ))}
      </ul>
      <footer>
        <Button onPress={close}>{commonText.cancel}</Button>
        <Button
          kind="primary"
          autoFocus={chosen.length > 0}
          whyNot={chosen.length === 0 ? bulkText.selectFirst : null}
          onPress={() => {
            close()
            void stopPods(services, chosen)
          }}
        >
          {chosen.length === 0 ? bulkText.stop : bulkText.stopChosen(chosen)}
        </Button>
      </footer>
    </Dialog>
  )
}
