import type { Clock } from '../base/time/clock'
import { formatDuration } from '../base/text/format'
import type { Intent } from '../intents/intent'
import type { AccountId } from '../pods/pod'
import type { Notices } from './notices'

/** The notices that the monitor of one account adds. */
export interface AccountNotices {
  add(id: string, text: string): void
  /** An action that was canceled for a reason says so. */
  addIntent(intent: Intent): void
  /** Nothing that the watch missed may pass in silence. Only the last one is kept. Returns the text. */
  addLoopRestart(silentMs: number): string
}

export function createAccountNotices(
  accountId: AccountId,
  notices: Pick<Notices, 'add'>,
  clock: Pick<Clock, 'now'>,
): AccountNotices {
  function add(id: string, text: string): void {
    notices.add({ id, accountId, podId: null, text, atMs: clock.now().wallMs })
  }
  return {
    add,
    addIntent({ id, podId, message, phase, phaseAt }) {
      if (message === null || phase !== 'cancelled') return
      notices.add({ id, accountId, podId, text: message, atMs: phaseAt.wallMs })
    },
    addLoopRestart(silentMs) {
      const text = `Polling had stopped for ${formatDuration(silentMs)} and was restarted.`
      add(`revival ${accountId}`, text)
      return text
    },
  }
}
