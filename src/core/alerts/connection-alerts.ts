import type { Clock } from '../base/time/clock'
import { MINUTE_MS } from '../base/time/time'
import type { AccountId } from '../pods/pod'
import type { ConnectionView } from '../polling/connection'
import { type Outage, outageDurationMs, withFailedPoll } from '../polling/outage'
import type { PodEventRules } from '../polling/pod-events'
import type { Settings } from '../settings/settings'
import type { PendingAlert } from './alert'
import { keyAlert, outageAlert } from './alert-text'

/** The alerts about an account that can't be reached: its key is refused, or its polls fail for long. */
export interface ConnectionAlerts {
  onSuccess(): void
  /** `retryAfterMs`: how long the API asked to wait. */
  onFailure(retryAfterMs: number): void
  /** Between polls, of which none may be due for long: an outage goes on. */
  onTick(): void
  pending(connection: ConnectionView): readonly PendingAlert[]
}

export interface ConnectionAlertsOptions {
  readonly rules: () => Pick<PodEventRules, 'gapMs' | 'clockToleranceMs'>
  /** Whether auto-stop is on for any pod, which makes a refused key critical. */
  readonly areRulesArmed: () => boolean
  readonly service: string
}

export function createConnectionAlerts(
  context: {
    readonly accountId: AccountId
    readonly clock: Clock
    readonly settings: () => Settings
  },
  { rules, areRulesArmed, service }: ConnectionAlertsOptions,
): ConnectionAlerts {
  const { accountId, clock, settings } = context
  let outage: Outage | null = null
  /** How long the API asked to wait at the last failed poll, ms. */
  let requestedWaitMs = 0

  return {
    onSuccess() {
      outage = null
      requestedWaitMs = 0
    },
    onFailure(retryAfterMs) {
      const { gapMs, clockToleranceMs } = rules()
      outage = withFailedPoll(outage, clock.now(), { gapMs: gapMs + requestedWaitMs, clockToleranceMs })
      requestedWaitMs = retryAfterMs
    },
    onTick() {
      if (outage !== null) outage = withFailedPoll(outage, clock.now(), rules())
    },
    pending(connection) {
      switch (connection.kind) {
        case 'key-refused':
        case 'forbidden':
          return [keyAlert(accountId, connection, areRulesArmed(), service)]
        case 'offline':
        case 'unreadable':
        case 'rate-limited': {
          const forMs = outage === null ? 0 : outageDurationMs(outage)
          if (outage === null || forMs < settings().unreachableAlertMin * MINUTE_MS) return []
          return [outageAlert(accountId, connection, outage.since.wallMs, forMs, service)]
        }
        default:
          return []
      }
    },
  }
}
