import { monthsOfParts, partsOfMonth } from '../../src/core/money/ledger/ledger-files'
import { createNotices } from '../../src/core/view/notices'
import type { AuditEntry } from '../../src/core/audit-log/audit-log'
import type { AlertHistory, AlertHistoryStore } from '../../src/core/alerts/alert-history'
import { parseAlertHistory } from '../../src/core/alerts/parse-alert-history'
import type { AccountRules } from '../../src/core/pod-rules/pod-rules'
import { parseAccountRules, withAccountRules } from '../../src/core/pod-rules/pod-rules-codec'
import { type Intent, isOpen } from '../../src/core/intents/intent'
import { createMonitor } from '../../src/core/monitor/monitor'
import type { Monitor, MonitorOptions } from '../../src/core/monitor/monitor-types'
import { parseIntent } from '../../src/core/intents/parse-intent'
import type { LookInside } from '../../src/core/guard/evidence/inside-looks'
import type { Provider } from '../../src/core/pods/provider'
import type { Alert, Delivery } from '../../src/core/alerts/alert'
import { fail, ok, type Result } from '../../src/core/base/result'
import type { Settings } from '../../src/core/settings/settings'
import { DAY_MS } from '../../src/core/base/time/time'
import { readOnce } from '../../test/harness/base/parse-when-changed'
import type { SeededRandom } from '../seeded-random'
import type { RunClock, SettableClock } from './virtual-clock'

/** The contents of the disk, as text, so that a run inherits nothing but what was written. */
export interface VirtualDisk {
  marks: string
  guards: string
  /** What each account cost, by "account/month". */
  readonly ledger: Map<string, string>
  /** The last record of each intent. */
  readonly intents: Map<string, string>
}

/** `guards`: the rules by account. */
export const createDisk = (guards: Readonly<Record<string, AccountRules>>): VirtualDisk => ({
  marks: '{}',
  guards: JSON.stringify(
    Object.entries(guards).reduce<Readonly<Record<string, unknown>>>(
      (all, [accountId, rules]) => withAccountRules(all, accountId, rules),
      {},
    ),
  ),
  ledger: new Map(),
  intents: new Map(),
})

/** One run of the program, from start to crash. */
export interface Program {
  readonly monitors: readonly Monitor[]
  /** Throws for an account that it doesn't have. */
  monitor(accountId: string): Monitor
  isAlive(): boolean
  /** The program is about to crash. */
  isCrashScheduled(): boolean
  /**
   * Crashes the program at the `afterCalls`th request, write or notification from now on, before or right after that
   * takes effect.
   */
  scheduleCrash(afterCalls: number, isBefore: boolean): void
  isActive(): boolean
  /** Another program of the same data folder has ended, so that this one alerts and acts now. */
  takeOver(): void
  /** Ends it in an orderly way. */
  end(): Promise<void>
}

/** One of the accounts of a program. */
export interface ProgramAccount {
  readonly id: string
  readonly provider: Provider
  readonly lookInside: LookInside
  readonly show: (alert: Alert) => Delivery
  readonly onRecord: (entry: AuditEntry) => void
}

export interface ProgramOptions {
  readonly clock: SettableClock
  readonly runClock: RunClock
  /** Whether it alerts and acts from the beginning; otherwise another program does. */
  readonly isActive: boolean
  readonly disk: VirtualDisk
  readonly accounts: readonly ProgramAccount[]
  readonly random: SeededRandom
  readonly settings: () => Settings
  /** Unix ms; null if alerts are not paused. */
  readonly alertsPausedUntilMs: () => number | null
  /** `isDuringAlerts`: it had just marked something as shown. */
  readonly onCrash: (isDuringAlerts: boolean) => void
  readonly report: (what: string, cause?: unknown) => void
}

/** What a crashed program awaits: a promise that never settles. */
const never = (): Promise<never> => new Promise(() => {})

export function startProgram(options: ProgramOptions): Program {
  const { clock, runClock, disk, random } = options
  let isAlive = true
  let { isActive } = options
  let scheduleCrash: { callsLeft: number; readonly isBefore: boolean } | null = null
  let ids = 0
  let markedAtMs = -Infinity
  const marks = readOnce((text) => parseAlertHistory(JSON.parse(text)))
  const notices = createNotices()

  function crash(): void {
    isAlive = false
    runClock.end()
    options.onCrash(markedAtMs === clock.trueMs())
  }
  /** All output of the program goes through here, so that a crashed program has no effect. */
  function runUnlessCrashed<T>(afterCrash: T, act: () => T): T {
    if (!isAlive) return afterCrash
    if (scheduleCrash === null || (scheduleCrash.callsLeft -= 1) > 0) return act()
    if (scheduleCrash.isBefore) {
      crash()
      return afterCrash
    }
    act()
    crash()
    return afterCrash
  }

  /** The rules of each account, parsed once for each text. */
  const rules = readOnce((text) => {
    const guards = JSON.parse(text) as Readonly<Record<string, unknown>>
    const parsed = new Map<string, AccountRules>()
    return (accountId: string): AccountRules => {
      const known = parsed.get(accountId) ?? parseAccountRules(guards, accountId).rules
      parsed.set(accountId, known)
      return known
    }
  })

  /** Only the active program writes. */
  const write = (act: () => void): Result<void, string> =>
    isActive || !isAlive
      ? runUnlessCrashed(ok(undefined), () => ok(act()))
      : fail('another program is active')

  const alertHistory: AlertHistoryStore = {
    load: () => marks(disk.marks),
    save: (saved: AlertHistory) =>
      void write(() => {
        disk.marks = JSON.stringify(saved)
        markedAtMs = clock.trueMs()
      }),
  }

  const monitorOptions = (account: ProgramAccount): MonitorOptions => ({
    account: { id: account.id, isDemo: false, host: 'example.test', keyStorage: 'session-only' },
    provider: withCrashes(account.provider, runUnlessCrashed),
    lookInside: account.lookInside,
    clock: {
      now: () => runClock.now(),
      schedule: (delayMs, run) => (isAlive ? runClock.schedule(delayMs, run) : () => {}),
      defer: (run) => runClock.defer(() => isAlive && run()),
    },
    journal: {
      record: (intent) => write(() => disk.intents.set(intent.id, JSON.stringify(intent))),
    },
    notifier: { show: (alert) => runUnlessCrashed(never(), () => Promise.resolve(account.show(alert))) },
    alertHistory,
    accountRules: {
      load: (accountId) => rules(disk.guards)(accountId),
      update: (accountId, change) =>
        write(() => {
          const changed = change(rules(disk.guards)(accountId))
          disk.guards = JSON.stringify(withAccountRules(JSON.parse(disk.guards), accountId, changed))
        }),
    },
    auditLog: { record: (entry) => write(() => account.onRecord(entry)) },
    ledgerFiles: {
      months: () => monthsOfParts(partsOf(disk, account.id)),
      parts: (month) => partsOfMonth(partsOf(disk, account.id), month),
      listProblem: () => null,
      read: (month) => ({ text: disk.ledger.get(`${account.id}/${month}`) ?? null, problem: null }),
      write: (month, text) => write(() => disk.ledger.set(`${account.id}/${month}`, text)),
      remove: (month) => void write(() => disk.ledger.delete(`${account.id}/${month}`)),
      keepCopy: ok,
      setAside: (month) => month,
    },
    mayAnnounce: () => isActive,
    utcOffset: () => 0,
    settings: options.settings,
    earlierIntents: isActive ? intentsOf(disk, account.id, clock.wallMs()) : [],
    notices,
    random: () => random.next(),
    newId: () => `${runClock.now().runId}-${(ids += 1)}`,
    inputAgoMs: () => null,
    alertsPausedUntilMs: options.alertsPausedUntilMs,
    report: (what, cause) => {
      if (isAlive) options.report(what, cause)
    },
  })
  const monitors = new Map(
    options.accounts.map((account) => [account.id, createMonitor(monitorOptions(account))]),
  )
  for (const monitor of monitors.values()) monitor.start()
  return {
    monitors: [...monitors.values()],
    monitor(accountId) {
      const monitor = monitors.get(accountId)
      if (monitor === undefined) throw new Error(`There is no account ${accountId}.`)
      return monitor
    },
    isAlive: () => isAlive,
    isActive: () => isActive,
    takeOver() {
      isActive = true
      for (const [id, monitor] of monitors) monitor.adopt(intentsOf(disk, id, clock.wallMs()))
    },
    async end() {
      await Promise.all([...monitors.values()].map((monitor) => monitor.shutDown()))
      isAlive = false
      runClock.end()
    },
    isCrashScheduled: () => scheduleCrash !== null,
    scheduleCrash(afterCalls, isBefore) {
      scheduleCrash = { callsLeft: afterCalls, isBefore }
    },
  }
}

function intentsOf(disk: VirtualDisk, accountId: string, nowMs: number): readonly Intent[] {
  return [...disk.intents.values()]
    .map((text) => parseIntent(JSON.parse(text)))
    .filter((intent) => intent !== null)
    .filter((intent) => intent.accountId === accountId)
    .filter((intent) => isOpen(intent) || nowMs - intent.phaseAt.wallMs < DAY_MS)
}

function withCrashes(provider: Provider, runUnlessCrashed: <T>(afterCrash: T, act: () => T) => T): Provider {
  return {
    listPods: () => runUnlessCrashed(never(), () => provider.listPods()),
    getPod: (id) => runUnlessCrashed(never(), () => provider.getPod(id)),
    act: (id, action) => runUnlessCrashed(never(), () => provider.act(id, action)),
    terminatePod: (id) => runUnlessCrashed(never(), () => provider.terminatePod(id)),
    minPollIntervalMs: () => provider.minPollIntervalMs(),
    serverTime: () => provider.serverTime?.() ?? null,
    abortReads: () => provider.abortReads(),
  }
}

const partsOf = ({ ledger }: { readonly ledger: ReadonlyMap<string, string> }, accountId: string): string[] =>
  [...ledger.keys()]
    .filter((key) => key.startsWith(`${accountId}/`))
    .map((key) => key.slice(accountId.length + 1))
