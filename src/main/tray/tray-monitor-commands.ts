import { fail, ok, type Result } from '../../core/base/result'
import type { TrayCommand } from '../../core/view/tray-menu'
import type { Session } from '../account/account-session'
import type { AppStore } from '../settings/app-store'

/** What the tray orders to be done with pods; what came of it is to be told. */
export type TrayOrder = Extract<
  TrayCommand,
  {
    kind:
      'act' | 'wait-for-gpu' | 'undo' | 'keep-on' | 'end-keep-on' | 'pause-auto-stops' | 'resume-auto-stops'
  }
>

export function obeyOrder(
  session: Pick<Session, 'ask'>,
  store: Pick<AppStore, 'changeSettings'>,
  order: TrayOrder,
): Result<void, string> {
  switch (order.kind) {
    case 'act':
      return session.ask((monitor) => monitor.act(order.podId, order.action))
    case 'wait-for-gpu':
      return session.ask((monitor) => monitor.waitForGpu(order.podId))
    case 'undo':
      return session.ask((monitor) => monitor.undo(order.intentId))
    case 'keep-on':
      return session.ask((monitor) => monitor.keepOn(order.podId, order.choice))
    case 'end-keep-on':
      return session.ask((monitor) => monitor.endKeepOn(order.podId))
    case 'pause-auto-stops':
    case 'resume-auto-stops': {
      const changed = store.changeSettings({ areAutoStopsPaused: order.kind === 'pause-auto-stops' })
      return changed.ok ? ok(undefined) : fail(changed.error.map(({ reason }) => reason).join(' '))
    }
  }
}
