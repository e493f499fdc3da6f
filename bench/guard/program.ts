import type { ActivityEntry } from '../../src/core/audit-log/audit-log'
import { type AlertMarks, parseMarks } from '../../src/core/alerts/alert-history'
import type { AccountGuard } from '../../src/core/pod-rules/pod-rules'
import { parseGuard, withGuard } from '../../src/core/pod-rules/pod-rules-codec'
import { type Intent, isOpen } from '../../src/core/intents/intent'
import { createMonitor, type Monitor } from '../../src/core/monitor'
import type { MonitorOptions } from '../../src/core/monitor-options'
import { parseIntent } from '../../src/core/intents/parse-intent'
import type { Provider } from '../../src/core/pods/provider'
import type { Alert, Delivery } from '../../src/core/alerts/alert'
import { ok } from '../../src/core/base/result'
import type { Settings } from '../../src/core/settings/settings'
import { DAY_MS } from '../../src/core/base/time'
import type { Chance } from '../chance'
import type { VirtualClock } from './virtual-clock'

/** What lies on disk: as text, so that a run gets nothing from the one before it but what was written. */
export interface Disk {
  marks: string
  guards: string
  /** What the account cost, by month. */
  readonly ledger: Map<string, string>
  /** The last record of each intent. */
  readonly intents: Map<string, string>
}

const ACCOUNT = 'account-1'

export const newDisk = (guard: AccountGuard): Disk => ({
  marks: '{}',
  guards: JSON.stringify(withGuard({}, ACCOUNT, guard)),
  ledger: new Map(),
  intents: new Map(),
})

/** One run of the program, from its start to its death. */
export interface Program {
  readonly monitor: Monitor
  isAlive(): boolean
  /** It is about to die. */
  isDoomed(): boolean
  /** Ends it as a power cut would, at the `afterCalls`th thing it asks, writes or shows from now on: before that takes effect, or right after. */
  doom(afterCalls: number, isBefore: boolean): void
}

export interface ProgramOptions {
  readonly clock: VirtualClock
  readonly disk: Disk
  readonly provider: Provider
  readonly chance: Chance
  readonly settings: () => Settings
  readonly show: (alert: Alert) => Delivery
  readonly onRecord: (entry: ActivityEntry) => void
  /** Unix ms; null: alerts are not paused. */
  readonly alertsPausedUntilMs: () => number | null
  /** `isAmidAlerts`: it had just marked something as told. */
  readonly onDeath: (isAmidAlerts: boolean) => void
  readonly report: (what: string, cause?: unknown) => void
}

/** What a dead program waits for. */
const never = (): Promise<never> => new Promise(() => {})

export function startProgram(options: ProgramOptions): Program {
  const { clock, disk, chance } = options
  let isAlive = true
  let doom: { callsLeft: number; readonly isBefore: boolean } | null = null
  let ids = 0
  let markedAtMs = -Infinity
  const marks = readOnce((text) => parseMarks(JSON.parse(text)))
  const guard = readOnce((text) => parseGuard(JSON.parse(text), ACCOUNT).guard)

  function die(): void {
    isAlive = false
    options.onDeath(markedAtMs === clock.trueMs())
  }
  /** Every way out of the program leads through here: nothing gets out of a dead one. */
  function outside<T>(dead: T, act: () => T): T {
    if (!isAlive) return dead
    if (doom === null || (doom.callsLeft -= 1) > 0) return act()
    if (doom.isBefore) {
      die()
      return dead
    }
    act()
    die()
    return dead
  }

  const ofRun = clock.ofRun
  const monitorOptions: MonitorOptions = {
    account: { id: ACCOUNT, isDemo: false, host: 'example.test', keyStorage: 'session-only' },
    provider: mortal(options.provider, outside),
    clock: {
      now: () => clock.now(),
      schedule: (delayMs, run) => (isAlive ? ofRun.schedule(delayMs, run) : () => {}),
    },
    journal: {
      record: (intent) =>
        outside(ok(undefined), () => {
          disk.intents.set(intent.id, JSON.stringify(intent))
          return ok(undefined)
        }),
    },
    notifier: { show: (alert) => outside(never(), () => Promise.resolve(options.show(alert))) },
    marks: {
      load: () => marks(disk.marks),
      save: (saved: AlertMarks) =>
        outside(undefined, () => {
          disk.marks = JSON.stringify(saved)
          markedAtMs = clock.trueMs()
        }),
    },
    guards: {
      load: () => guard(disk.guards),
      save: (accountId, saved) =>
        outside(ok(undefined), () => {
          disk.guards = JSON.stringify(withGuard(JSON.parse(disk.guards), accountId, saved))
          return ok(undefined)
        }),
    },
    activityLog: {
      record: (entry) =>
        outside(ok(undefined), () => {
          options.onRecord(entry)
          return ok(undefined)
        }),
    },
    ledgerFiles: {
      months: () => [...disk.ledger.keys()],
      read: (month) => ({ text: disk.ledger.get(month) ?? null, problem: null }),
      write: (month, text) => outside(ok(undefined), () => ok(void disk.ledger.set(month, text))),
      remove: (month) => outside(undefined, () => void disk.ledger.delete(month)),
      setAside: (month) => month,
    },
    mayAnnounce: () => true,
    utcOffset: () => 0,
    settings: options.settings,
    earlier: earlierIntents(disk, clock.now().wallMs),
    openingNotices: [],
    random: () => chance.next(),
    newId: () => `${clock.now().runId}-${(ids += 1)}`,
    hasTerminalInput: () => false,
    alertsPausedUntilMs: options.alertsPausedUntilMs,
    report: (what, cause) => {
      if (isAlive) options.report(what, cause)
    },
  }
  const monitor = createMonitor(monitorOptions)
  monitor.start()
  return {
    monitor,
    isAlive: () => isAlive,
    isDoomed: () => doom !== null,
    doom(afterCalls, isBefore) {
      doom = { callsLeft: afterCalls, isBefore }
    },
  }
}

/** Reads a text again only when it changed. */
function readOnce<T>(read: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly value: T } | null = null
  return (text) => {
    if (last?.text !== text) last = { text, value: read(text) }
    return last.value
  }
}

function earlierIntents(disk: Disk, nowMs: number): readonly Intent[] {
  return [...disk.intents.values()]
    .map((text) => parseIntent(JSON.parse(text)))
    .filter((intent) => intent !== null)
    .filter((intent) => isOpen(intent) || nowMs - intent.phaseAt.wallMs < DAY_MS)
}

function mortal(provider: Provider, outside: <T>(dead: T, act: () => T) => T): Provider {
  return {
    listPods: () => outside(never(), () => provider.listPods()),
    getPod: (id) => outside(never(), () => provider.getPod(id)),
    startPod: (id) => outside(never(), () => provider.startPod(id)),
    stopPod: (id) => outside(never(), () => provider.stopPod(id)),
    restartPod: (id) => outside(never(), () => provider.restartPod(id)),
    terminatePod: (id) => outside(never(), () => provider.terminatePod(id)),
    pollSpacingMs: () => provider.pollSpacingMs(),
    abortReads: () => provider.abortReads(),
  }
}
