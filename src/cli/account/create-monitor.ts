import { randomUUID } from 'node:crypto'
import type { ActivityLog } from '../../core/audit-log/audit-log'
import { createMonitor, type Monitor } from '../../core/monitor'
import type { GuardStore } from '../../core/pod-rules/pod-rules'
import type { Clock } from '../../core/base/clock'
import type { LedgerFiles } from '../../core/money/ledger/ledger-files'
import type { Journal } from '../../core/intents/journal'
import type { MarkStore } from '../../core/alerts/alert-history'
import type { Notifier } from '../../core/alerts/alert'
import type { Settings } from '../../core/settings/settings'
import type { OpenJournal } from '../../node/data-folder/journal'
import { systemUtcOffset } from '../../node/clock'
import { createMemoryActivity } from '../../node/in-memory/memory-activity'
import { createMemoryGuards } from '../../node/in-memory/memory-guards'
import { createMemoryMarks } from '../../node/in-memory/memory-marks'
import type { Account } from './account'

export interface DeskOptions {
  readonly account: Account
  readonly clock: Clock
  /** As they are now. */
  readonly settings: () => Settings
  /** What a person told the guard; without it nothing is stopped by itself. */
  readonly guards?: GuardStore
  /** Null: this process may look and nothing else. */
  readonly journal: OpenJournal | null
  /** Default: it is forgotten. */
  readonly activityLog?: ActivityLog
  readonly notifier?: Notifier
  readonly marks?: MarkStore
  /** Without them what the account costs is not counted. */
  readonly ledgerFiles?: LedgerFiles
  /** Without it nothing is announced: the command says what it did by itself. */
  readonly mayAnnounce?: () => boolean
  readonly openingNotices?: readonly string[]
  /** What went wrong inside, for whoever looks for a fault. */
  readonly report: (text: string) => void
  /** Told of every step of an action as it is written down. */
  readonly onRecord?: (intent: Parameters<Journal['record']>[0]) => void
}

/** The same monitor that the app has, for a command. */
export function createDesk({ account, clock, journal, ...options }: DeskOptions): Monitor {
  return createMonitor({
    account: account.view,
    provider: account.provider,
    clock,
    settings: () => ({ ...options.settings(), ...account.settings }),
    notifier: options.notifier ?? { show: async () => 'failed' },
    journal: {
      record(intent) {
        const written = journal?.record(intent) ?? { ok: false, error: 'this command only looks.' }
        options.onRecord?.(intent)
        return written
      },
    },
    activityLog: options.activityLog ?? createMemoryActivity(),
    marks: options.marks ?? createMemoryMarks(),
    ...(options.ledgerFiles ? { ledgerFiles: options.ledgerFiles } : {}),
    mayAnnounce: options.mayAnnounce ?? (() => false),
    earlier: journal?.latest().filter(({ accountId }) => accountId === account.view.id) ?? [],
    openingNotices: options.openingNotices ?? [],
    guards: options.guards ?? createMemoryGuards(),
    utcOffset: systemUtcOffset,
    // Only the app's own alerts can be paused: a command ends when its reader likes.
    alertsPausedUntilMs: () => null,
    // Terminals are the app's.
    hasTerminalInput: () => false,
    random: Math.random,
    newId: randomUUID,
    report: (what, cause) => options.report(cause instanceof Error ? `${what}: ${cause.message}` : what),
  })
}
