import { randomUUID } from 'node:crypto'
import { createUsageObserver } from '../../../core/history/observed-usage'
import { createMonitor } from '../../../core/monitor/monitor'
import type { Monitor } from '../../../core/monitor/monitor-types'
import { podKeyOf } from '../../../core/pods/pod'
import type { Provider } from '../../../core/pods/provider'
import type { AccountListing } from '../../../core/polling/shared-pods'
import type { Settings } from '../../../core/settings/settings'
import type { AccountView } from '../../../core/view/snapshot'
import { systemUtcOffset } from '../../../node/clock'
import { chooseApiAddress } from '../api-address'
import { accountPortsOf } from './account-ports'
import type { AccountSessionOptions } from '../account-session-options'
import { namedNotifier } from '../../../core/alerts/named-notifier'

/** The monitor of an account, with the stores that are its own. */
export function createAccountMonitor(
  account: Omit<AccountView, 'isMonitorOnly'>,
  provider: Provider,
  settings: () => Settings,
  options: AccountSessionOptions,
  /** What alerts call the account; null where it is the only one. */
  label: () => string | null = () => null,
  /** The listings of all accounts of the session. */
  listings: () => readonly AccountListing[] = () => [],
): Monitor {
  const ports = accountPortsOf(account, {
    journal: options.journal,
    ...(options.creates && { creates: options.creates }),
    alertHistory: options.alertHistory,
    accountRules: options.store.accountRules,
    mayAnnounce: options.mayAnnounce,
    ...(options.idleEpisodes && { idleEpisodes: options.idleEpisodes }),
    openLedgerFiles: options.openLedgerFiles,
  })
  const isRunpod = !options.store.accounts().some(({ id, lab }) => id === account.id && lab !== undefined)
  const outlet = account.isDemo ? undefined : options.outletOf?.(account.id, { label, isRunpod })
  return createMonitor({
    account,
    provider,
    clock: options.clock,
    settings,
    journal: ports.journal,
    earlierIntents: ports.earlierIntents,
    ...(ports.creates && { creates: ports.creates }),
    alertHistory: ports.alertHistory,
    accountRules: ports.accountRules,
    ledgerFiles: ports.ledgerFiles,
    recordUsage: createUsageObserver(options.usageHistories.of(account.id, isUsageKept(account))),
    mayAnnounce: ports.mayAnnounce,
    ...(ports.idleEpisodes && { idleEpisodes: ports.idleEpisodes }),
    auditLog: options.auditLog.logForAccount(account),
    notifier: namedNotifier({ ...options.notifier, ...(outlet && { outlet }) }, label),
    notices: options.notices,
    alertsPausedUntilMs: options.alertsPausedUntilMs,
    inputAgoMs: (podId) => options.inputAgoMs(podKeyOf(account.id, podId)),
    ...(options.jobsOf && { jobs: options.jobsOf(account.id) }),
    ...(options.lookInside && { lookInside: options.lookInside(account.id) }),
    ...(options.podGuardHost &&
      !account.isDemo && {
        podGuardHost: options.podGuardHost(account.id),
        podApiBase() {
          const { url } = chooseApiAddress(options.baseUrl, settings().runpodBaseUrl, options.hosts)
          return url.ok ? url.value.href.replace(/\/$/, '') : null
        },
      }),
    ...(options.reachSsh && { reachSsh: options.reachSsh }),
    utcOffset: systemUtcOffset,
    random: Math.random,
    newId: randomUUID,
    pollSlot: options.pollSpread.newSlot(),
    listings,
    report: options.log.warn,
  })
}

/** Of the demo, and of an account that may be an earlier one, it is kept in memory. */
const isUsageKept = ({
  isDemo,
  earlierKeyEnding,
}: Pick<AccountView, 'isDemo' | 'earlierKeyEnding'>): boolean => !isDemo && earlierKeyEnding === undefined
