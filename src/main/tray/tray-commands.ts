import type { Result } from '../../core/base/result'
import type { TrayCommand } from '../../core/view/tray-menu'
import type { TrayAction } from './tray-monitor-commands'
import type { Windows } from '../windows/windows'

/** Dependencies of the tray's menu commands. */
export interface TrayDependencies {
  readonly windows: Pick<Windows, 'showPopover' | 'showMain'>
  readonly showPod: (podId: string) => void
  readonly confirmTerminate: (podId: string) => Promise<Result<void, string>>
  readonly openTerminal: (podId: string) => Promise<Result<void, string>>
  readonly pauseAlerts: () => void
  readonly resumeAlerts: () => void
  readonly quit: () => void
  readonly runAction: (action: TrayAction) => Result<void, string>
  /** A menu cannot show errors. */
  readonly notifyFailure: (result: Result<void, string>, podId: string | null) => void
}

export function runTrayCommand(command: TrayCommand, dependencies: TrayDependencies): void {
  const { windows, notifyFailure } = dependencies
  switch (command.kind) {
    case 'ask-terminate':
      void dependencies.confirmTerminate(command.podId).then((result) => notifyFailure(result, command.podId))
      break
    case 'open-terminal':
      void dependencies.openTerminal(command.podId).then((result) => notifyFailure(result, command.podId))
      break
    case 'show-pod':
      dependencies.showPod(command.podId)
      break
    case 'pause-alerts':
      dependencies.pauseAlerts()
      break
    case 'resume-alerts':
      dependencies.resumeAlerts()
      break
    case 'open':
      windows.showPopover()
      break
    case 'open-window':
      windows.showMain(command.page)
      break
    case 'quit':
      dependencies.quit()
      break
    default:
      notifyFailure(dependencies.runAction(command), 'podId' in command ? command.podId : null)
  }
}
