import { fail, type Result } from '../../../core/base/result'
import type { Monitor } from '../../../core/monitor/monitor-types'
import type { AccountSession } from '../account-session-types'
import { accountText } from '../account-text'

/** The requests that concern the monitors of all accounts, or the one of them that knows what is asked for. */
export function createAllMonitors(
  monitors: () => readonly Monitor[],
): Pick<AccountSession, 'undo' | 'refresh' | 'suspend' | 'resume' | 'wake' | 'checkWatchdog'> {
  const eachMonitor = (run: (monitor: Monitor) => void) => (): void => monitors().forEach(run)

  return {
    undo(intentId) {
      const isOf = (one: Monitor): boolean =>
        one.snapshot().pods.some(({ intent }) => intent?.id === intentId)
      const owner = monitors().find(isOf)
      if (owner !== undefined) return owner.undo(intentId)
      // The pod of an intent may be gone. A monitor refuses those that it doesn't know.
      let refusal: Result<void, string> = fail(accountText.notConnected)
      for (const one of monitors()) {
        refusal = one.undo(intentId)
        if (refusal.ok) break
      }
      return refusal
    },
    refresh: eachMonitor((one) => one.refresh()),
    suspend: eachMonitor((one) => one.suspend()),
    resume: eachMonitor((one) => one.resume()),
    wake: eachMonitor((one) => one.wake()),
    checkWatchdog: eachMonitor((one) => one.checkWatchdog()),
  }
}
