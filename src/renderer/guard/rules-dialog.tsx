import './guard.css'
import { impactSentence } from '../../core/pods/data-impact-text'
import type { PodKey } from '../../core/pods/pod'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { AccountLabel } from '../ui/labels/account-label'
import { CloseButton } from '../ui/close-button'
import { Dialog } from '../ui/dialog'
import { RuleRows } from './rule-rows'
import { rulesDialogText } from './rule-text'

/** The rules of one pod. Changes apply at once, and rules that are not set inherit the account's. */
export function RulesDialog({ podKey }: { readonly podKey: PodKey }) {
  const { snapshotStore } = useWindow()
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  const close = () => snapshotStore.openDialog(null)
  const name = pod?.name ?? rulesDialogText.gonePod
  return (
    <Dialog label={rulesDialogText.label(name)} kind="sheet" onClose={close}>
      <header>
        <h2 title={name}>
          {rulesDialogText.title} <bdi>{name}</bdi>
        </h2>
        <CloseButton onPress={close} />
      </header>
      <div className="dialog-body">
        {pod === undefined ? (
          <p className="rules-note">{rulesDialogText.notListed}</p>
        ) : (
          <>
            <AccountLabel accountId={pod.accountId} />
            <p className="rules-note">
              {rulesDialogText.whenStopped} <b>{impactSentence(pod.stopImpact)}</b> {rulesDialogText.note}
            </p>
            <RuleRows pod={pod} />
          </>
        )}
      </div>
    </Dialog>
  )
}
