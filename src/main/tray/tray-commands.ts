import type { Result } from '../../core/base/result'
import type { TrayCommand } from '../../core/view/tray-menu'
import type { TrayOrder } from './tray-monitor-commands'
import type { Windows } from '../windows/windows'

/** What the tray's menu commands, by whom it is done. */
export interface CommandHands {
  readonly windows: Pick<Windows, 'showPopover' | 'showMain'>
  readonly showPod: (podId: string) => void
  readonly askTerminate: (podId: string) => Promise<Result<void, string>>
  readonly openTerminal: (podId: string) => Promise<Result<void, string>>
  readonly pauseAlerts: () => void
  readonly resumeAlerts: () => void
  readonly quit: () => void
  readonly order: (order: TrayOrder) => Result<void, string>
  /** A menu has no place for an error. */
  readonly tell: (result: Result<void, string>, podId: string | null) => void
}

export function obeyCommand(command: TrayCommand, hands: CommandHands): void {
  const { windows, tell } = hands
  switch (command.kind) {
    case 'ask-terminate':
      void hands.askTerminate(command.podId).then((asked) => tell(asked, command.podId))
      break
    case 'open-terminal':
      void hands.openTerminal(command.podId).then((opened) => tell(opened, command.podId))
      break
    case 'show-pod':
      hands.showPod(command.podId)
      break
    case 'pause-alerts':
      hands.pauseAlerts()
      break
    case 'resume-alerts':
      hands.resumeAlerts()
      break
    case 'open':
      windows.showPopover()
      break
    case 'open-window':
      windows.showMain(command.page)
      break
    case 'quit':
      hands.quit()
      break
    default:
      tell(hands.order(command), 'podId' in command ? command.podId : null)
  }
}
