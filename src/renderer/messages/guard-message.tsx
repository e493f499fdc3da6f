import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

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
                'Automatic stops stay paused',
                bridge.changeSetting('areAutoStopsPaused', false),
              )
            }
          >
            Resume auto-stop
          </Button>
        }
      >
        Auto-stop is paused. No pod is stopped until you resume it.
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
              'Couldn’t end the dry run',
              bridge.changeSetting('isAutoStopDryRun', false),
            )
          }
        >
          End dry run
        </Button>
      }
    >
      Dry run: planned stops are logged, and no pod is stopped.
    </Message>
  )
}
