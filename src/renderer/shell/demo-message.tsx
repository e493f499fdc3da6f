import { isDemo } from '../state/account-parts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'
import { demoText } from './demo-text'

/** Says in the popover that what is shown is the demo. */
export function DemoMessage() {
  const { bridge, snapshotStore } = useWindow()
  const isInDemo = useSnapshotStore(({ snapshot }) => isDemo(snapshot))
  if (!isInDemo) return null
  const leave = () => void snapshotStore.runRequest(demoText.couldNotLeave, bridge.leaveDemo())
  return (
    <Message tone="mute" actions={<Button onPress={leave}>{demoText.leave}</Button>}>
      {demoText.simulated}
    </Message>
  )
}
