import { type AlertDispatcherOptions, createAlertDispatcher } from '../alerts/alert-dispatcher'
import { accountHistory } from '../alerts/alert-history'
import { alertRulesOf } from '../alerts/alert-switches'
import { namedNotifier } from '../alerts/alert'
import type { Clock } from '../base/time/clock'
import { MINUTE_MS } from '../base/time/time'
import { emptyAccountRules } from '../pod-rules/pod-rules'
import type { Settings } from '../settings/settings'
import { moneyAlerts } from './budget-alerts'
import type { MoneyView } from './money-view'

/** Whom an alert about all accounts together is about. */
export const allAccountsText = 'All accounts'

/** The account of alerts about all accounts together. No account has this id. */
export const ALL_ACCOUNTS = 'all-accounts'

/** At most this often, since a snapshot comes with every reply. */
const CHECK_EVERY_MS = MINUTE_MS / 4

/** `alertHistory`: of all accounts. */
export interface OverallBudgetOptions extends Omit<AlertDispatcherOptions, 'rules' | 'nowMs' | 'onChange'> {
  readonly clock: Clock
  readonly settings: () => Settings
  /** Unix ms; null while alerts are not paused. */
  readonly alertsPausedUntilMs: () => number | null
}

/**
 * Tells when all accounts together have spent a part of the budgets of the settings. With one account, its monitor
 * does.
 */
export function createOverallBudget(options: OverallBudgetOptions): {
  /** `money`: what `accountCount` accounts cost together. */
  readonly check: (accountCount: number, money: MoneyView | null) => void
} {
  const { clock, settings } = options
  const alertHistory = accountHistory(options.alertHistory, ALL_ACCOUNTS)
  const nowMs = (): number => clock.now().wallMs
  let checkedAtMs: number | null = null
  const dispatcher = createAlertDispatcher({
    ...options,
    notifier: namedNotifier(options.notifier, () => allAccountsText),
    alertHistory,
    rules: (atMs) => alertRulesOf(settings(), atMs, options.alertsPausedUntilMs() !== null),
    nowMs,
    onChange: () => {},
  })

  return {
    check(accountCount, money) {
      if (accountCount < 2 || money === null) return
      const { monotonicMs } = clock.now()
      if (checkedAtMs !== null && monotonicMs - checkedAtMs < CHECK_EVERY_MS) return
      checkedAtMs = monotonicMs
      const alerts = moneyAlerts({
        accountId: ALL_ACCOUNTS,
        nowMs: nowMs(),
        // Unused disks and balances are reported for each account.
        money: { ...money, unused: [] },
        runwayMs: null,
        topUp: '',
        pods: [],
        settings: settings(),
        accountRules: emptyAccountRules,
        history: alertHistory.load(),
      })
      dispatcher.dispatch(alerts, true)
    },
  }
}
