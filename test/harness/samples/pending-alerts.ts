import { type AlertHistory, alertName, type AlertRecord } from '../../../src/core/alerts/alert-history'
import type { AlertRules } from '../../../src/core/alerts/alert-plan'
import type { AlertKey, PendingAlert } from '../../../src/core/alerts/alert'

/** By default an alert that pod-1 has an error. */
export function pendingAlert(
  key: Partial<AlertKey> = {},
  overrides: Partial<PendingAlert> = {},
): PendingAlert {
  const fullKey = { kind: 'pod-error', accountId: 'account-1', podId: 'pod-1', episode: '1', ...key } as const
  return {
    key: fullKey,
    podName: fullKey.podId,
    title: `${fullKey.podId} ${fullKey.kind} ${fullKey.episode}`,
    body: 'So it is.',
    tone: 'bad',
    isCritical: false,
    buttons: [],
    ...overrides,
  }
}

export const permissiveRules: AlertRules = {
  isOn: () => true,
  arePaused: false,
  isQuietHours: false,
  minIntervalMs: () => 0,
}

export const alertHistoryOf = (...records: readonly AlertRecord[]): AlertHistory =>
  Object.fromEntries(records.map((record) => [alertName(record), record]))
