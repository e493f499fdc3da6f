import { randomUUID } from 'node:crypto'
import { createMonitor } from '../../core/monitor/monitor'
import type { Monitor, MonitorOptions } from '../../core/monitor/monitor-types'
import { createNotices } from '../../core/view/notices'
import { systemUtcOffset } from '../clock'
import type { OpenCreates, OpenJournal } from '../data-folder/journal/journal'
import {
  createMemoryAccountRules,
  createMemoryAlertHistory,
  createMemoryAuditLog,
} from '../in-memory/memory-files'

/** What every program gives the monitor of an account. */
type GivenPorts = 'account' | 'provider' | 'clock' | 'settings' | 'report'

/** What is the same for all monitors, or comes from the journals. */
type OwnPorts = 'journal' | 'earlierIntents' | 'creates' | 'utcOffset' | 'random' | 'newId'

export interface AccountMonitorOptions
  extends Pick<MonitorOptions, GivenPorts>, Partial<Omit<MonitorOptions, GivenPorts | OwnPorts>> {
  /** Of all accounts of the program. */
  readonly journal: Pick<OpenJournal, 'record' | 'latest'>
  /** The same for creates. Absent: nothing is created by this program. */
  readonly creates?: Pick<OpenCreates, 'record' | 'latest'>
}

/**
 * The monitor of one account, in every program. What isn't given is kept in memory; alerts are then shown nowhere,
 * and the guard has no rules, so nothing is stopped automatically.
 */
export function createAccountMonitor({ journal, creates, ...ports }: AccountMonitorOptions): Monitor {
  const isOwn = ({ accountId }: { readonly accountId: string }): boolean => accountId === ports.account.id
  return createMonitor({
    ...ports,
    notifier: ports.notifier ?? { show: async () => 'failed' },
    alertHistory: ports.alertHistory ?? createMemoryAlertHistory(),
    auditLog: ports.auditLog ?? createMemoryAuditLog(),
    accountRules: ports.accountRules ?? createMemoryAccountRules(),
    notices: ports.notices ?? createNotices(),
    mayAnnounce: ports.mayAnnounce ?? (() => false),
    inputAgoMs: ports.inputAgoMs ?? (() => null),
    alertsPausedUntilMs: ports.alertsPausedUntilMs ?? (() => null),
    journal,
    earlierIntents: journal.latest().filter(isOwn),
    creates: creates && { journal: creates, earlier: creates.latest().filter(isOwn) },
    utcOffset: systemUtcOffset,
    random: Math.random,
    newId: randomUUID,
  })
}
