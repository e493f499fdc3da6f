import { AccountQuestion } from '../connect/account-question'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

/** Special conditions of the account: the demo, an open question, a read-only key, a key that is not stored. */
export function AccountMessages() {
  const { bridge, snapshotStore } = useWindow()
  const account = useSnapshotStore(({ snapshot }) => snapshot?.account ?? null)
  if (account === null) return null
  if (account.isDemo) {
    const leave = () => void snapshotStore.runRequest('The demo could not be left', bridge.leaveDemo())
    return (
      <Message tone="mute" actions={<Button onPress={leave}>Leave demo</Button>}>
        Demo: these pods live on this computer and cost nothing.
      </Message>
    )
  }
  const isSessionOnly = account.keyStorage === 'session-only'
  const isElsewhere = !isRunpodHost(account.host)
  return (
    <>
      <AccountQuestion />
      {account.isMonitorOnly && (
        <Message tone="mute">
          Monitor only: Runpod refused every action so far, so this key probably may only read. To start and
          stop, give it write access in Runpod.
        </Message>
      )}
      {(isSessionOnly || isElsewhere) && (
        <Message tone="mute">
          {isElsewhere && `Connected to ${account.host}. `}
          {isSessionOnly && 'The key is asked for again after a restart: '}
          {isSessionOnly && `${account.sessionOnlyReason ?? 'this system offers no keyring'}.`}
        </Message>
      )}
    </>
  )
}

function isRunpodHost(host: string): boolean {
  return /(^|\.)runpod\.(io|ai)(:\d+)?$/.test(host)
}
