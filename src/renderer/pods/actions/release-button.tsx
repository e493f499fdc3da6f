import type { PodView } from '../../../core/view/snapshot'
import { runPodCommand } from '../../pod-model/commands/pod-commands'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { commonText } from '../../ui/common-text'
import { actionsText } from './actions-text'

/** Ends that a pod is kept running. */
export function ReleaseButton({ pod }: { readonly pod: PodView }) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  return (
    <Button
      kind="bare"
      label={actionsText.cancelKeeping(pod.name)}
      onPress={() => runOnce(() => runPodCommand(services, pod, { kind: 'end-keep-on' }))}
    >
      {commonText.cancel}
    </Button>
  )
}
