import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'
import { guardMessageText } from './messages-text'

/** Reports that automatic stops are suspended, with a button to resume them. */
export function GuardMessage() {
  const { bridge, snapshotStore } = useWindow()
  const guard = useSnapshotStore(({ snapshot }) => snapshot?.guard ?? null)
  if (guard === null) return null
  const { areAutoStopsPaused, isDryRun } = guard
  if (areAutoStopsPaused)
    return (
      <Message
        tone="idle"
        actions={
          <Button
            onPress={() =>
              void snapshotStore.runRequest(
                guardMessageText.staysPaused,
                bridge.changeSetting('areAutoStopsPaused', false),
              )
            }
          >
            {guardMessageText.resume}
          </Button>
        }
      >
        {guardMessageText.paused}
      </Message>
    )
  if (!isDryRun || guard.autoStop === 'off' || guard.autoStop === 'undecided') return null
  return (
    <Message
      tone="mute"
      actions={
        <Button
          onPress={() =>
            void snapshotStore.runRequest(
              guardMessageText.couldNotEndDryRun,
              bridge.changeSetting('isAutoStopDryRun', false),
            )
          }
        >
          {guardMessageText.endDryRun}
        </Button>
      }
    >
      {guardMessageText.dryRun}
    </Message>
  )
}
