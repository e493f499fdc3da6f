import '../ui/settings.css'
import './guard.css'
import { impactSentence } from '../../core/pods/data-impact-text'
import type { PodKey } from '../../core/pods/pod'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { AccountLabel } from '../ui/account-label'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { RuleRows } from './rule-rows'

/** The rules of one pod. Changes apply at once, and rules that are not set inherit the account's. */
export function RulesDialog({ podKey }: { readonly podKey: PodKey }) {
  const { snapshotStore } = useWindow()
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  const close = () => snapshotStore.openDialog(null)
  const name = pod?.name ?? 'a pod that is gone'
  return (
    <Dialog label={`Guard rules of ${name}`} kind="sheet" onClose={close}>
      <header>
        <h2 title={name}>
          Guard rules of <bdi>{name}</bdi>
        </h2>
        <Button kind="bare" icon="close" label="Close" onPress={close} />
      </header>
      <div className="dialog-body">
        {pod === undefined ? (
          <p className="rules-note">Runpod no longer lists this pod, so no rules apply.</p>
        ) : (
          <>
            <AccountLabel accountId={pod.accountId} />
            <p className="rules-note">
              When stopped: <b>{impactSentence(pod.stopImpact)}</b> Maximum hours and a budget apply even if
              auto-stop is off. In doubt, the pod keeps running, and its card says why.
            </p>
            <RuleRows pod={pod} />
          </>
        )}
      </div>
    </Dialog>
  )
}
