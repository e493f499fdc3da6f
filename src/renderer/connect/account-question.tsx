import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

/**
 * Asks whether a rotated key belongs to the same account, where Runpod does not tell. Renders nothing while that is not
 * asked.
 */
export function AccountQuestion() {
  const { bridge, snapshotStore } = useWindow()
  const earlierKeyEnding = useSnapshotStore(({ snapshot }) => snapshot?.account?.earlierKeyEnding ?? null)
  if (earlierKeyEnding === null) return null
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
