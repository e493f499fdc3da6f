import type { DiskReader } from '../../../src/core/disk/disk-watch'
import type { StoredEpisode } from '../../../src/core/guard/stored-episode'
import { parseJson } from '../../../src/core/base/parse-json'
import { parseKnownPods } from '../../../src/core/unrecognized-pods/known-pods-codec'
import type { AuditEntry } from '../../../src/core/audit-log/audit-log'
import type { AlertHistory } from '../../../src/core/alerts/alert-history'
import { parseAlertHistory } from '../../../src/core/alerts/parse-alert-history'
import type { AccountRules } from '../../../src/core/pod-rules/pod-rules'
import { parseAccountRules, withAccountRules } from '../../../src/core/pod-rules/pod-rules-codec'
import type { CreateStore } from '../../../src/core/creation/create-runner-types'
import { createMonitor } from '../../../src/core/monitor/monitor'
import type { PodJobs } from '../../../src/core/idle/sample'
import type { Monitor } from '../../../src/core/monitor/monitor-types'
import type { AccountListing } from '../../../src/core/polling/shared-pods'
import type { ReachSsh } from '../../../src/core/logs/progress-tracker'
import type { Pod } from '../../../src/core/pods/pod'
import type { Provider } from '../../../src/core/pods/provider'
import type { LookInside } from '../../../src/core/guard/evidence/inside-looks'
import type { LedgerFiles } from '../../../src/core/money/ledger/ledger-files'
import type { Alert, AlertOutlet, Delivery } from '../../../src/core/alerts/alert'
import { fail, ok } from '../../../src/core/base/result'
import { defaultSettings, type Settings } from '../../../src/core/settings/settings'
import { recordFailedPoll } from '../setup/failed-polls'
import { createNotices, type Notices } from '../../../src/core/view/notices'
import type { Snapshot } from '../../../src/core/view/snapshot'
import { createFakeClock, type FakeClock } from '../base/fake-clock'
import { createMemoryJournal, type MemoryJournal } from './intent-runner-fixture'
import type { PodGuardHost } from '../../../src/core/pod-guard/pod-guard-host'
import { telemetry } from '../samples/pods'
import { createScriptedProvider, type ScriptedProvider } from './scripted-provider'
import { readOnce } from '../base/parse-when-changed'

export interface MonitorFixture {
  readonly monitor: Monitor
  readonly notices: Notices
  readonly provider: ScriptedProvider
  readonly clock: FakeClock
  readonly journal: MemoryJournal
  /** All requests, writes and shown alerts, in order. */
  readonly log: string[]
  readonly alerts: Alert[]
  readonly published: Snapshot[]
  /** Until when alerts are paused. */
  readonly pause: { untilMs: number | null }
  /** What was written to the log. */
  readonly reports: string[]
  /** The alert history as its file contains it. */
  readonly alertHistory: { json: string }
  /** Log entries about alerts. */
  readonly auditEntries: AuditEntry[]
  /** Whether this process sends alerts, and whether notifications are delivered. */
  readonly system: { isActive: boolean; delivery: Delivery; isLogFull: boolean }
  /** The guard's rules as their file contains them. */
  readonly guards: { json: string; isFull: boolean }
  /** The episodes that programs share. */
  readonly idleEpisodes: { stored: readonly StoredEpisode[] }
  /** The pods that were listed before, as their file contains them. */
  readonly knownPods: { json: string; isWatchedByServer: boolean }
  /** Applies from the next poll on. */
  readonly settings: { now: Partial<Settings> }
}

/** What a monitor survives and reports: polls, their times by the quota, what is read beside them, and listeners. */
const failures: ReadonlySet<string> = new Set([
  'A poll failed',
  'The time of the next poll could not be determined',
  'The end of a poll could not be reported',
  'The costs failed',
  'The costs could not be shown',
  'The bills could not be read',
  'The balance could not be read',
  'The lab could not be read',
  'The snapshot could not be published',
])

export interface MonitorFixtureOptions {
  /** Whose API the account uses. */
  readonly serviceName?: string
  readonly creates?: CreateStore
  readonly pods?: readonly Pod[]
  /** Whether pods that nothing here created are noticed. */
  readonly watchesNewPods?: boolean
  readonly settings?: Partial<Settings>
  readonly openingNotices?: readonly string[]
  readonly ledgerFiles?: LedgerFiles
  /** The fixture of the previous run, whose journal, alert history and clock are continued. */
  readonly earlier?: MonitorFixture
  readonly guard?: AccountRules
  readonly inputAgoMs?: (podId: string) => number | null
  readonly jobs?: PodJobs
  readonly outlet?: AlertOutlet
  readonly lookInside?: LookInside
  readonly diskReader?: DiskReader
  readonly podGuardHost?: PodGuardHost
  /** Absent: no new pod is followed. */
  readonly reachSsh?: ReachSsh
  /** Absent: there are no logs. */
  readonly logs?: Pick<Provider, 'streamLogs' | 'readPodConfiguration'>
  /** "account-1" by default. */
  readonly accountId?: string
  /** The clock of another account in the same program. */
  readonly clock?: FakeClock
  readonly listings?: () => readonly AccountListing[]
  /** The rules of all accounts of the same program. */
  readonly guards?: MonitorFixture['guards']
}

/** A monitor with in-memory ports, not started. Random numbers are always 0.5. */
export function createMonitorFixture(options: MonitorFixtureOptions = {}): MonitorFixture {
  const { earlier } = options
  const provider = Object.assign(createScriptedProvider(options.pods ?? earlier?.provider.pods ?? []), {
    ...(options.serviceName !== undefined && { serviceName: options.serviceName }),
  })
  Object.assign(provider, options.logs)
  const clock = options.clock ?? earlier?.clock ?? createFakeClock()
  const { accountId: id = 'account-1' } = options
  const log = provider.calls
  const journal = createMemoryJournal(log)
  const idleEpisodes = earlier?.idleEpisodes ?? { stored: [] }
  const knownPods = earlier?.knownPods ?? { json: '', isWatchedByServer: false }
  const alertHistory = { json: earlier?.alertHistory.json ?? '{}' }
  const alerts: Alert[] = []
  const published: Snapshot[] = []
  const reports: string[] = []
  const pause: MonitorFixture['pause'] = { untilMs: null }
  const auditEntries: AuditEntry[] = []
  const system: MonitorFixture['system'] = { isActive: true, delivery: 'shown', isLogFull: false }
  const storedGuards = options.guard ? withAccountRules({}, id, options.guard) : {}
  const guards = options.guards ?? {
    json: earlier?.guards.json ?? JSON.stringify(storedGuards),
    isFull: false,
  }
  const settings: MonitorFixture['settings'] = { now: options.settings ?? earlier?.settings.now ?? {} }
  const notices = createNotices(options.openingNotices, clock.now().wallMs)
  // Read once after each change, like the files of the app.
  const historyIn = readOnce((json) => parseAlertHistory(JSON.parse(json)))
  const rulesIn = readOnce((json) => {
    const stored = JSON.parse(json)
    return readOnce((accountId) => parseAccountRules(stored, accountId).rules)
  })
  let ids = 0
  const monitor = createMonitor({
    account: { id, isDemo: false, host: 'example.test', keyStorage: 'session-only' },
    provider,
    clock,
    journal,
    notifier: {
      async show(alert) {
        log.push(`show ${alert.title}`)
        if (system.delivery === 'shown') alerts.push(alert)
        return system.delivery
      },
      ...(options.outlet && { outlet: options.outlet }),
    },
    auditLog: {
      record(entry) {
        if (system.isLogFull) return fail('the disk is full')
        log.push(`record ${entry.text}`)
        auditEntries.push(entry)
        return ok(undefined)
      },
    },
    mayAnnounce: () => system.isActive,
    saveProblem: () => (system.isLogFull ? 'the disk is full' : null),
    alertHistory: {
      load: () => historyIn(alertHistory.json),
      save(saved: AlertHistory) {
        log.push('save marks')
        alertHistory.json = JSON.stringify(saved)
      },
    },
    idleEpisodes: {
      load: () => idleEpisodes.stored,
      save: (episodes) => void (idleEpisodes.stored = episodes),
    },
    ...(options.watchesNewPods === true && {
      knownPods: {
        load: () => parseKnownPods(parseJson(knownPods.json))[id] ?? null,
        save: (known) => void (knownPods.json = JSON.stringify({ version: 1, accounts: { [id]: known } })),
        mayWrite: () => system.isActive,
        isWatchedByServer: () => knownPods.isWatchedByServer,
      },
    }),
    accountRules: {
      load: (accountId) => rulesIn(guards.json)(accountId),
      update(accountId, change) {
        if (guards.isFull) return fail('the disk is full')
        const stored = JSON.parse(guards.json)
        const changed = change(parseAccountRules(stored, accountId).rules)
        guards.json = JSON.stringify(withAccountRules(stored, accountId, changed))
        return ok(undefined)
      },
    },
    utcOffset: () => 0,
    settings: () => ({ ...defaultSettings, ...settings.now }),
    earlierIntents: earlier?.journal.openIntents() ?? [],
    notices,
    ...(options.listings && { listings: options.listings }),
    ...(options.ledgerFiles && { ledgerFiles: options.ledgerFiles }),
    ...(options.creates && { creates: options.creates }),
    random: () => 0.5,
    newId: () => `${clock.now().runId}-intent-${(ids += 1)}`,
    ...(options.jobs && { jobs: options.jobs }),
    ...(options.lookInside && { lookInside: options.lookInside }),
    ...(options.diskReader && { diskReader: options.diskReader }),
    ...(options.reachSsh && { reachSsh: options.reachSsh }),
    ...(options.podGuardHost && {
      podGuardHost: options.podGuardHost,
      podApiBase: () => 'https://pod.test/v2',
    }),
    inputAgoMs: options.inputAgoMs ?? (() => null),
    alertsPausedUntilMs: () => pause.untilMs,
    report(what, cause) {
      reports.push(cause instanceof Error ? `${what}: ${cause.message}` : what)
      if (failures.has(what)) recordFailedPoll(cause)
    },
  })
  monitor.subscribe((snapshot) => published.push(snapshot))
  return {
    monitor,
    notices,
    provider,
    clock,
    journal,
    log,
    alerts,
    published,
    reports,
    alertHistory,
    idleEpisodes,
    knownPods,
    pause,
    auditEntries,
    system,
    guards,
    settings,
  }
}

/** A pod whose figures are fresh at every poll. */
export function podWithFreshTelemetry(clock: FakeClock, base: Pod): Pod {
  return {
    ...base,
    get telemetry() {
      return (
        base.telemetry && telemetry({ ...base.telemetry, uptimeS: clock.now().monotonicMs / 1_000 + 3_600 })
      )
    },
  }
}

/** From now on the server's clock shows the same as the computer's, so that a change of both is really time. */
export function withServerClock<T extends MonitorFixture>(fixture: T): T {
  const { provider, clock } = fixture
  provider.serverTime = () => ({ atMs: clock.now().wallMs, receivedAt: clock.now() })
  return fixture
}
