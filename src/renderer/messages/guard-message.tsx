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
            Resume
          </Button>
        }
      >
        Automatic stops are paused: no pod is stopped until you resume them.
      </Message>
    )
  if (!isDryRun || guard.autoStop === 'off' || guard.autoStop === 'undecided') return null
  return (
    <Message
      tone="mute"
      actions={
        <Button
          onPress={() =>
            void snapshotStore.runRequest('Still a dry run', bridge.changeSetting('isAutoStopDryRun', false))
          }
        >
          End dry run
        </Button>
      }
    >
      Dry run: what would be stopped is written down, and nothing is stopped.
    </Message>
  )
}
