import type { ActivityEntry } from '../../src/core/audit-log/audit-log'
import { type AlertMarks, parseMarks } from '../../src/core/alerts/alert-history'
import type { AccountGuard } from '../../src/core/pod-rules/pod-rules'
import { parseGuard, withGuard } from '../../src/core/pod-rules/pod-rules-codec'
import { createMonitor, type Monitor } from '../../src/core/monitor'
import type { Pod } from '../../src/core/pods/pod'
import type { LedgerFiles } from '../../src/core/money/ledger/ledger-files'
import type { Alert, Delivery } from '../../src/core/alerts/alert'
import { fail, ok } from '../../src/core/base/result'
import { defaultSettings, type Settings } from '../../src/core/settings/settings'
import type { Snapshot } from '../../src/core/view/snapshot'
import { createFakeClock, type FakeClock } from './clock'
import { createMemoryJournal, type MemoryJournal } from './desk'
import { telemetry } from './pods'
import { createScriptedProvider, type ScriptedProvider } from './provider'

export interface MonitorRig {
  readonly monitor: Monitor
  readonly provider: ScriptedProvider
  readonly clock: FakeClock
  readonly journal: MemoryJournal
  /** Everything that was asked, written, marked and shown, in order. */
  readonly log: string[]
  readonly alerts: Alert[]
  readonly published: Snapshot[]
  /** Until when alerts are paused. */
  readonly pause: { untilMs: number | null }
  /** What went to the log. */
  readonly reports: string[]
  /** The marks as their file holds them. */
  readonly marks: { json: string }
  /** What was written down of alerts. */
  readonly activity: ActivityEntry[]
  /** Whether this process announces, and whether notifications get through. */
  readonly system: { isActing: boolean; delivery: Delivery; isLogFull: boolean }
  /** What the guard was told, as its file holds it. */
  readonly guards: { json: string; isFull: boolean }
  /** Holds from the next turn on. */
  readonly settings: { now: Partial<Settings> }
}

export interface MonitorRigOptions {
  readonly pods?: readonly Pod[]
  readonly settings?: Partial<Settings>
  readonly openingNotices?: readonly string[]
  readonly ledgerFiles?: LedgerFiles
  /** The rig of the run before this one: its journal, its marks and its clock go on. */
  readonly earlier?: MonitorRig
  readonly guard?: AccountGuard
  readonly hasTerminalInput?: (podId: string) => boolean
}

/** A monitor with every port in memory, not started. Chance is always a half. */
export function createMonitorRig(options: MonitorRigOptions = {}): MonitorRig {
  const { earlier } = options
  const provider = createScriptedProvider(options.pods ?? earlier?.provider.pods ?? [])
  const clock = earlier?.clock ?? createFakeClock()
  const log = provider.calls
  const journal = createMemoryJournal(log)
  const marks = { json: earlier?.marks.json ?? '{}' }
  const alerts: Alert[] = []
  const published: Snapshot[] = []
  const reports: string[] = []
  const pause: MonitorRig['pause'] = { untilMs: null }
  const activity: ActivityEntry[] = []
  const system: MonitorRig['system'] = { isActing: true, delivery: 'shown', isLogFull: false }
  const told = options.guard ? withGuard({}, 'account-1', options.guard) : {}
  const guards = { json: earlier?.guards.json ?? JSON.stringify(told), isFull: false }
  const settings: MonitorRig['settings'] = { now: options.settings ?? earlier?.settings.now ?? {} }
  let ids = 0
  const monitor = createMonitor({
    account: { id: 'account-1', isDemo: false, host: 'example.test', keyStorage: 'session-only' },
    provider,
    clock,
    journal,
    notifier: {
      async show(alert) {
        log.push(`show ${alert.title}`)
        if (system.delivery === 'shown') alerts.push(alert)
        return system.delivery
      },
    },
    activityLog: {
      record(entry) {
        if (system.isLogFull) return fail('the disk is full')
        log.push(`record ${entry.text}`)
        activity.push(entry)
        return ok(undefined)
      },
    },
    mayAnnounce: () => system.isActing,
    marks: {
      load: () => parseMarks(JSON.parse(marks.json)),
      save(saved: AlertMarks) {
        log.push('save marks')
        marks.json = JSON.stringify(saved)
      },
    },
    guards: {
      load: (accountId) => parseGuard(JSON.parse(guards.json), accountId).guard,
      save(accountId, guard) {
        if (guards.isFull) return fail('the disk is full')
        guards.json = JSON.stringify(withGuard(JSON.parse(guards.json), accountId, guard))
        return ok(undefined)
      },
    },
    utcOffset: () => 0,
    settings: () => ({ ...defaultSettings, ...settings.now }),
    earlier: earlier?.journal.open() ?? [],
    openingNotices: options.openingNotices ?? [],
    ...(options.ledgerFiles && { ledgerFiles: options.ledgerFiles }),
    random: () => 0.5,
    newId: () => `${clock.now().runId}-intent-${(ids += 1)}`,
    hasTerminalInput: options.hasTerminalInput ?? (() => false),
    alertsPausedUntilMs: () => pause.untilMs,
    report: (what, cause) => reports.push(cause instanceof Error ? `${what}: ${cause.message}` : what),
  })
  monitor.subscribe((snapshot) => published.push(snapshot))
  return {
    monitor,
    provider,
    clock,
    journal,
    log,
    alerts,
    published,
    reports,
    marks,
    pause,
    activity,
    system,
    guards,
    settings,
  }
}

/** A pod whose figures are fresh at every look. */
export function livePod(clock: FakeClock, base: Pod): Pod {
  return {
    ...base,
    get telemetry() {
      return (
        base.telemetry && telemetry({ ...base.telemetry, uptimeS: clock.now().monotonicMs / 1_000 + 3_600 })
      )
    },
  }
}
