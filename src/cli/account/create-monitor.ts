import { randomUUID } from 'node:crypto'
import type { AuditLog } from '../../core/audit-log/audit-log'
import { createMonitor } from '../../core/monitor/monitor'
import type { PodJobs } from '../../core/idle/sample'
import type { Monitor } from '../../core/monitor/monitor-types'
import type { AccountRulesStore } from '../../core/pod-rules/pod-rules'
import type { IdleEpisodeStore } from '../../core/guard/episode-names'
import type { LookInside } from '../../core/guard/evidence/inside-looks'
import type { Clock } from '../../core/base/time/clock'
import type { ListResult } from '../../core/polling/poller'
import type { LedgerFiles } from '../../core/money/ledger/ledger-files'
import { fail } from '../../core/base/result'
import type { AlertHistoryStore } from '../../core/alerts/alert-history'
import type { SshEndpoint } from '../../core/pods/pod'
import type { PollSlot } from '../../core/polling/poll-spread'
import type { AccountListing } from '../../core/polling/shared-pods'
import type { Notifier } from '../../core/alerts/alert'
import { createNotices } from '../../core/view/notices'
import type { Settings } from '../../core/settings/settings'
import type { OpenCreates, OpenJournal } from '../../node/data-folder/journal/journal'
import { systemUtcOffset } from '../../node/clock'
import { createMemoryAuditLog } from '../../node/in-memory/memory-audit-log'
import { createMemoryAccountRules } from '../../node/in-memory/memory-account-rules'
import { createMemoryAlertHistory } from '../../node/in-memory/memory-alert-history'
import type { PodGuardHost } from '../../core/pod-guard/pod-guard-host'
import type { CliAccount } from './account'
import { controlText } from './account-text'

export interface CliMonitorOptions {
  readonly account: CliAccount
  readonly clock: Clock
  /** Returns the current settings. */
  readonly settings: () => Settings
  /** The user's rules; without them nothing is auto-stopped. */
  readonly accountRules?: AccountRulesStore
  /** If null, this process is read-only. */
  readonly journal: OpenJournal | null
  /** Without it nothing is created. */
  readonly creates?: OpenCreates | null
  /** By default, entries are discarded. */
  readonly auditLog?: AuditLog
  readonly notifier?: Notifier
  readonly alertHistory?: AlertHistoryStore
  /** Without it, idle episodes are not shared with the app. */
  readonly idleEpisodes?: IdleEpisodeStore
  /** Without them, costs are not recorded. */
  readonly ledgerFiles?: LedgerFiles
  /** Without it the use of pods is not recorded. */
  readonly recordUsage?: (result: ListResult) => void
  /** Without it no alerts are shown: the command prints its own result. */
  readonly mayAnnounce?: () => boolean
  /** Without it no look inside a pod is possible. */
  readonly lookInside?: LookInside
  /** Without it no guard in a pod is installed or read. */
  readonly podGuardHost?: PodGuardHost
  /** Whether new pods are followed until they can be used, for which their system logs are read. */
  readonly followsNewPods?: boolean
  /** See `MonitorOptions`. Without it there was no input. */
  readonly inputAgoMs?: (podId: string) => number | null
  /** Without it no other account is polled by this command. */
  readonly pollSlot?: PollSlot
  /** Without them no pod is known to be in another account, too. */
  readonly listings?: () => readonly AccountListing[]
  /** Without them no job keeps a pod busy. */
  readonly jobs?: PodJobs
  readonly initialNotices?: readonly string[]
  /** Receives internal errors, for troubleshooting. */
  readonly report: (text: string) => void
}

/** Creates the app's monitor for use by a command. */
export function createCliMonitor({ account, clock, journal, ...options }: CliMonitorOptions): Monitor {
  return createMonitor({
    account: account.view,
    provider: account.provider,
    clock,
    settings: () => ({ ...options.settings(), ...account.settings }),
    notifier: options.notifier ?? { show: async () => 'failed' },
    journal: { record: (intent) => journal?.record(intent) ?? fail(controlText.readOnly) },
    auditLog: options.auditLog ?? createMemoryAuditLog(),
    alertHistory: options.alertHistory ?? createMemoryAlertHistory(),
    ...(options.ledgerFiles ? { ledgerFiles: options.ledgerFiles } : {}),
    ...(options.recordUsage ? { recordUsage: options.recordUsage } : {}),
    ...(options.idleEpisodes ? { idleEpisodes: options.idleEpisodes } : {}),
    ...(options.listings ? { listings: options.listings } : {}),
    ...(options.pollSlot ? { pollSlot: options.pollSlot } : {}),
    ...(options.lookInside ? { lookInside: options.lookInside } : {}),
    ...(options.jobs ? { jobs: options.jobs } : {}),
    ...(options.podGuardHost && {
      podGuardHost: options.podGuardHost,
      podApiBase: () => account.key?.baseUrl.replace(/\/$/, '') ?? null,
    }),
    ...(options.followsNewPods && {
      reachSsh: async (endpoint: SshEndpoint) =>
        (await import('../../ssh/connection/reach-server')).reachServer(endpoint, 'any'),
    }),
    mayAnnounce: options.mayAnnounce ?? (() => false),
    earlierIntents: journal?.latest().filter(({ accountId }) => accountId === account.view.id) ?? [],
    ...(options.creates && {
      creates: {
        journal: options.creates,
        earlier: options.creates.latest().filter(({ accountId }) => accountId === account.view.id),
      },
    }),
    notices: createNotices(options.initialNotices, clock.now().wallMs),
    accountRules: options.accountRules ?? createMemoryAccountRules(),
    utcOffset: systemUtcOffset,
    // Only the app's alerts can be paused, since users can end a command at any time.
    alertsPausedUntilMs: () => null,
    inputAgoMs: options.inputAgoMs ?? (() => null),
    random: Math.random,
    newId: randomUUID,
    report: (what, cause) => options.report(cause instanceof Error ? `${what}: ${cause.message}` : what),
  })
}
