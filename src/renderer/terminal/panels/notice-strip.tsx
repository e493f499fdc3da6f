import type { TerminalView } from '../../../core/terminal/terminal'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { noticeText } from './panels-text'
import { StatusStrip } from './state-panel'

/** Says what a terminal lost when it was connected again, and what would have kept it. */
export function NoticeStrip({
  terminal,
  onTyped,
}: {
  readonly terminal: TerminalView
  readonly onTyped: () => void
}) {
  const { bridge, snapshotStore } = useWindow()
  const { id, notice, state } = terminal
  if (notice === null || state.kind !== 'open') return null
  const installCommand = notice.kind === 'shell-lost' ? notice.installCommand : null
  const dismiss = (): void =>
    void snapshotStore.runRequest(noticeText.couldNotDismiss, bridge.dismissTerminalNotice(id))
  // Without a line end, so that nothing runs before a person presses Enter.
  const typeCommand = (command: string): void => {
    void snapshotStore.runRequest(noticeText.couldNotType, bridge.typeInTerminal(id, command, 'text'))
    dismiss()
    onTyped()
  }
  return (
    <StatusStrip
      tone="idle"
      action={
        <>
          {installCommand !== null && (
            <Button onPress={() => typeCommand(installCommand)}>{noticeText.typeCommand}</Button>
          )}
          <Button onPress={dismiss}>{noticeText.dismiss}</Button>
        </>
      }
    >
      {noticeText.lost(notice)}
      {installCommand !== null && (
        <>
          {' '}
          {noticeText.install} <code>{installCommand}</code>
        </>
      )}
      {notice.kind === 'shell-lost' && notice.isTooOld && ` ${noticeText.tooOld}`}
      {notice.kind === 'shell-lost' && notice.isByProxy && ` ${noticeText.byProxy}`}
    </StatusStrip>
  )
}
