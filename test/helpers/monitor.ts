import type { AlertMarks } from '../../src/core/alerts'
import { parseMarks } from '../../src/core/alerts'
import { createMonitor } from '../../src/core/monitor'
import type { Monitor } from '../../src/core/monitor'
import type { MoneyOptionsOfMonitor } from '../../src/core/monitor-options'
import type { Pod } from '../../src/core/pod'
import type { Alert } from '../../src/core/ports'
import type { Settings } from '../../src/core/settings'
import { defaultSettings } from '../../src/core/settings'
import type { Snapshot } from '../../src/core/snapshot'
import type { FakeClock } from './clock'
import { createFakeClock } from './clock'
import type { MemoryJournal } from './desk'
import { createMemoryJournal } from './desk'
import { telemetry } from './pods'
import type { ScriptedProvider } from './provider'
import { createScriptedProvider } from './provider'

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
}

export interface MonitorRigOptions {
  readonly pods?: readonly Pod[]
  readonly settings?: Partial<Settings>
  readonly openingNotices?: readonly string[]
  readonly money?: MoneyOptionsOfMonitor
  /** The rig of the run before this one: its journal, its marks and its clock go on. */
  readonly earlier?: MonitorRig
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
  let ids = 0
  const monitor = createMonitor({
    account: { id: 'account-1', isDemo: false, host: 'example.test', keyStorage: 'session-only' },
    provider,
    clock,
    journal,
    notifier: {
      async show(alert) {
        log.push(`show ${alert.title}`)
        alerts.push(alert)
        return 'shown'
      },
    },
    marks: {
      load: () => parseMarks(JSON.parse(marks.json)),
      save(saved: AlertMarks) {
        log.push('save marks')
        marks.json = JSON.stringify(saved)
      },
    },
    settings: () => ({ ...defaultSettings, ...options.settings }),
    earlier: earlier?.journal.open() ?? [],
    openingNotices: options.openingNotices ?? [],
    ...(options.money && { money: options.money }),
    random: () => 0.5,
    newId: () => `${clock.now().runId}-intent-${(ids += 1)}`,
    alertsPausedUntilMs: () => pause.untilMs,
    report: (what, cause) => reports.push(cause instanceof Error ? `${what}: ${cause.message}` : what),
  })
  monitor.subscribe((snapshot) => published.push(snapshot))
  return { monitor, provider, clock, journal, log, alerts, published, reports, marks, pause }
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
