import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

/** Special conditions of the account: the demo, an open question, a read-only key, a key that is not stored. */
export function AccountMessages() {
  const { bridge, snapshotStore } = useWindow()
  const account = useSnapshotStore(({ snapshot }) => snapshot?.account ?? null)
  if (account === null) return null
  if (account.isDemo) {
    const leave = () => void snapshotStore.runRequest('The demo could not be left', bridge.disconnect())
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
      {account.earlierKeyEnding !== undefined && (
        <AccountQuestion earlierKeyEnding={account.earlierKeyEnding} />
      )}
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

/** Asks whether a rotated key belongs to the same account, where Runpod does not tell. */
function AccountQuestion({ earlierKeyEnding }: { readonly earlierKeyEnding: string }) {
  const { bridge, snapshotStore } = useWindow()
  const answer = (isSameAccount: boolean) =>
    void snapshotStore.runRequest('Not answered', bridge.answerAccountQuestion(isSameAccount))
  return (
    <Message
      tone="idle"
      isStacked
      actions={
        <>
          <Button kind="primary" onPress={() => answer(true)}>
            Same account, keep rules
          </Button>
          <Button onPress={() => answer(false)}>Another account, start fresh</Button>
        </>
      }
    >
      <b>Is this the same Runpod account?</b> Runpod doesn't say whether this key belongs to the account of
      the earlier key ending in {earlierKeyEnding}. No pod is stopped automatically until you answer.
    </Message>
  )
}

function isRunpodHost(host: string): boolean {
  return /(^|\.)runpod\.(io|ai)(:\d+)?$/.test(host)
}
