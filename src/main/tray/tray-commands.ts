import { fail, ok, type Result } from '../../core/base/result'
import type { PodKey } from '../../core/pods/pod'
import type { TrayCommand } from '../../core/view/tray/tray-menu'
import type { AccountSession } from '../account/account-session-types'
import type { PodRequests } from '../account/requests/pod-requests'
import type { AppStore } from '../settings/app-store'
import type { Windows } from '../windows/windows'

/** Dependencies of the tray's menu commands. */
export interface TrayDependencies {
  readonly session: Pick<AccountSession, 'undo'>
  readonly podRequests: Pick<PodRequests, 'act' | 'startWhenFree' | 'keepOn'>
  readonly store: Pick<AppStore, 'changeSettings'>
  readonly windows: Pick<Windows, 'showPopover' | 'showMain'>
  readonly showPod: (podKey: PodKey) => void
  readonly stopIdle: () => Promise<Result<void, string>>
  readonly confirmTerminate: (podKey: PodKey) => Promise<Result<void, string>>
  readonly openTerminal: (podKey: PodKey) => Result<void, string>
  readonly runJob: (jobId: string, podKey: PodKey) => Promise<Result<void, string>>
  readonly pauseAlerts: () => void
  readonly resumeAlerts: () => void
  readonly quit: () => void
  /** A menu cannot show errors. */
  readonly notifyFailure: (result: Result<void, string>, podKey: PodKey | null) => void
}

/** Runs a command of the tray's menu, and reports one that failed. */
export async function runTrayCommand(command: TrayCommand, dependencies: TrayDependencies): Promise<void> {
  const result = await run(command, dependencies)
  dependencies.notifyFailure(result, 'podKey' in command ? command.podKey : null)
}

function run(
  command: TrayCommand,
  dependencies: TrayDependencies,
): Result<void, string> | Promise<Result<void, string>> {
  const { session, podRequests, store, windows } = dependencies
  switch (command.kind) {
    case 'act':
      return podRequests.act(command.podKey, command.action)
    case 'wait-for-gpu':
      return podRequests.startWhenFree(command.podKey)
    case 'stop-idle':
      return dependencies.stopIdle()
    case 'undo':
      return session.undo(command.intentId)
    case 'keep-on':
      return podRequests.keepOn(command.podKey, command.choice)
    case 'end-keep-on':
      return podRequests.keepOn(command.podKey, null)
    case 'pause-auto-stops':
    case 'resume-auto-stops': {
      const changed = store.changeSettings({ areAutoStopsPaused: command.kind === 'pause-auto-stops' })
      return changed.ok ? ok(undefined) : fail(changed.error.map(({ reason }) => reason).join(' '))
    }
    case 'ask-terminate':
      return dependencies.confirmTerminate(command.podKey)
    case 'open-terminal':
      return dependencies.openTerminal(command.podKey)
    case 'run-job':
      return dependencies.runJob(command.jobId, command.podKey)
    case 'show-pod':
      return ok(dependencies.showPod(command.podKey))
    case 'pause-alerts':
      return ok(dependencies.pauseAlerts())
    case 'resume-alerts':
      return ok(dependencies.resumeAlerts())
    case 'open':
      return ok(windows.showPopover())
    case 'open-window':
      return ok(windows.showMain(command.page))
    case 'quit':
      return ok(dependencies.quit())
  }
}
