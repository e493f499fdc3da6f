import '../ui/settings.css'
import './guard.css'
import { fateSentence } from '../../core/pods/data-impact-text'
import type { PodId } from '../../core/pods/pod'
import { useMirror, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { RuleRows } from './rule-rows'

/** What holds for one pod only. A change holds at once; what was not set for the pod is as the account says. */
export function RulesDialog({ podId }: { readonly podId: PodId }) {
  const { mirror } = useWindow()
  const pod = useMirror(({ podsById }) => podsById.get(podId))
  const close = () => mirror.open(null)
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
          <p className="rules-note">Runpod does not list it any more, so there is nothing to guard.</p>
        ) : (
          <>
            <p className="rules-note">
              If it is stopped: <b>{fateSentence(pod.stopFate)}</b> It is stopped automatically only when all
              of its rules allow it; while there is doubt it runs on, and its card says why.
            </p>
            <RuleRows pod={pod} />
          </>
        )}
      </div>
    </Dialog>
  )
}
