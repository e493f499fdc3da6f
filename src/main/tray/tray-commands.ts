import { fail, ok, type Result } from '../../core/base/result'
import type { PodKey } from '../../core/pods/pod'
import type { TrayCommand } from '../../core/view/tray/tray-menu'
import type { AccountSession } from '../account/account-session-types'
import type { PodRequests } from '../account/requests/pod-requests'
import type { AppStore } from '../settings/app-store'
import type { Windows } from '../windows/windows'

/** Dependencies of the tray's menu commands. */
export interface TrayDependencies {
  readonly session: Pick<AccountSession, 'withPod' | 'undo'>
  readonly podRequests: Pick<PodRequests, 'act'>
  readonly store: Pick<AppStore, 'changeSettings'>
  readonly windows: Pick<Windows, 'showPopover' | 'showMain'>
  readonly showPod: (podKey: PodKey) => void
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
  const { session, store, windows } = dependencies
  switch (command.kind) {
    case 'act':
      return dependencies.podRequests.act(command.podKey, command.action)
    case 'wait-for-gpu':
      return session.withPod(command.podKey, (monitor, podId) => monitor.waitForGpu(podId))
    case 'undo':
      return session.undo(command.intentId)
    case 'keep-on':
      return session.withPod(command.podKey, (monitor, podId) => monitor.keepOn(podId, command.choice))
    case 'end-keep-on':
      return session.withPod(command.podKey, (monitor, podId) => monitor.endKeepOn(podId))
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
