import { createAlertDispatcher } from '../../core/alerts/alert-dispatcher'
import { accountHistory } from '../../core/alerts/alert-history'
import { MINUTE_MS } from '../../core/base/time'
import { moneyAlerts } from '../../core/money/budget-alerts'
import { emptyAccountRules } from '../../core/pod-rules/pod-rules'
import { alertRulesOf } from '../../core/alerts/alert-switches'
import type { Snapshot } from '../../core/view/snapshot'
import type { AccountSessionOptions } from './account-session-options'
import { namedNotifier } from './named-notifier'

/** The account of alerts about all accounts together. No account has this id. */
export const ALL_ACCOUNTS = 'all-accounts'

/** At most this often, since a snapshot comes with every reply. */
const CHECK_EVERY_MS = MINUTE_MS / 4

/**
 * Tells when all accounts together have spent a part of the budgets of the settings. With one account, its monitor
 * does.
 */
export function createOverallBudget(options: AccountSessionOptions): {
  readonly check: (snapshot: Snapshot) => void
} {
  const { clock, store, notifier, auditLog, mayAnnounce } = options
  const alertHistory = accountHistory(options.alertHistory, ALL_ACCOUNTS)
  const nowMs = (): number => clock.now().wallMs
  let checkedAtMs: number | null = null
  const dispatcher = createAlertDispatcher({
    notifier: namedNotifier(notifier, () => 'All accounts'),
    alertHistory,
    auditLog: auditLog.logForProgram(),
    rules: (atMs) => alertRulesOf(store.settings(), atMs, options.alertsPausedUntilMs() !== null),
    mayAnnounce,
    nowMs,
    onChange: () => {},
    report: options.log.warn,
  })

  return {
    check({ accounts, money }) {
      if (accounts.length < 2 || money === null) return
      const { monotonicMs } = clock.now()
      if (checkedAtMs !== null && monotonicMs - checkedAtMs < CHECK_EVERY_MS) return
      checkedAtMs = monotonicMs
      const alerts = moneyAlerts({
        accountId: ALL_ACCOUNTS,
        nowMs: nowMs(),
        // Unused disks and balances are told for each account.
        money: { ...money, unused: [] },
        runwayMs: null,
        topUp: '',
        pods: [],
        settings: store.settings(),
        accountRules: emptyAccountRules,
        history: alertHistory.load(),
      })
      dispatcher.dispatch(alerts, true)
    },
  }
}
