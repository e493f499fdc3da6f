import { fail, ok, type Result } from '../../core/base/result'
import type { TrayCommand } from '../../core/view/tray-menu'
import type { AccountSession } from '../account/account-session'
import type { AppStore } from '../settings/app-store'

/** Tray commands that act on pods, whose result must be reported. */
export type TrayAction = Extract<
  TrayCommand,
  {
    kind:
      'act' | 'wait-for-gpu' | 'undo' | 'keep-on' | 'end-keep-on' | 'pause-auto-stops' | 'resume-auto-stops'
  }
>

export function runTrayAction(
  session: Pick<AccountSession, 'withMonitor'>,
  store: Pick<AppStore, 'changeSettings'>,
  action: TrayAction,
): Result<void, string> {
  switch (action.kind) {
    case 'act':
      return session.withMonitor((monitor) => monitor.act(action.podId, action.action))
    case 'wait-for-gpu':
      return session.withMonitor((monitor) => monitor.waitForGpu(action.podId))
    case 'undo':
      return session.withMonitor((monitor) => monitor.undo(action.intentId))
    case 'keep-on':
      return session.withMonitor((monitor) => monitor.keepOn(action.podId, action.choice))
    case 'end-keep-on':
      return session.withMonitor((monitor) => monitor.endKeepOn(action.podId))
    case 'pause-auto-stops':
    case 'resume-auto-stops': {
      const changed = store.changeSettings({ areAutoStopsPaused: action.kind === 'pause-auto-stops' })
      return changed.ok ? ok(undefined) : fail(changed.error.map(({ reason }) => reason).join(' '))
    }
  }
}
