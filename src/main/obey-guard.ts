import type { Result } from '../core/result'
import { fail, ok } from '../core/result'
import type { TrayCommand } from '../core/tray-model'
import type { Session } from './session'
import type { AppStore } from './store'

type GuardCommand = Extract<
  TrayCommand,
  { kind: 'keep-on' | 'end-keep-on' | 'pause-auto-stops' | 'resume-auto-stops' }
>

/** What the tray tells the guard. */
export function obeyGuard(
  session: Pick<Session, 'ask'>,
  store: Pick<AppStore, 'changeSettings'>,
  command: GuardCommand,
): Result<void, string> {
  switch (command.kind) {
    case 'keep-on':
      return session.ask((monitor) => monitor.keepOn(command.podId, command.choice))
    case 'end-keep-on':
      return session.ask((monitor) => monitor.endKeepOn(command.podId))
    case 'pause-auto-stops':
    case 'resume-auto-stops': {
      const changed = store.changeSettings({ areAutoStopsPaused: command.kind === 'pause-auto-stops' })
      return changed.ok ? ok(undefined) : fail(changed.error.map(({ reason }) => reason).join(' '))
    }
  }
}
