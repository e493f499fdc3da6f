import type { VirtualClock } from '../../../core/base/time/virtual-clock'
import { namedNotifier } from '../../../core/alerts/alert'
import { createUsageObserver } from '../../../core/history/observed-usage'
import type { Monitor, MonitorOptions } from '../../../core/monitor/monitor-types'
import { podKeyOf } from '../../../core/pods/pod'
import type { Queue } from '../../../core/queue/queue'
import { nullJournal } from '../../../node/data-folder/journal/journal'
import { createMemoryLedgerFiles } from '../../../node/data-folder/records/ledger-files'
import { createAccountMonitor } from '../../../node/host/account-monitor'
import { podJobsOf } from '../../../node/queue/folder-queue'
import type { DemoCommand } from '../../../shared/demo-commands'
import type { Demo } from '../../../simulator/demo'
import type { AccountSessionOptions } from '../account-session-options'

/** The seconds of the demo in one real second. */
const factors = { 'speed-1': 1, 'speed-60': 60, 'speed-600': 600 } as const
type SpeedCommand = keyof typeof factors

export const isSpeedCommand = (command: DemoCommand): command is SpeedCommand =>
  Object.hasOwn(factors, command)
export const factorOf = (command: SpeedCommand): number => factors[command]

/** What the person does in the tour. */
export const tourActions = {
  'restart-tour': 'restart',
  'skip-step': 'skip',
  'pass-time': 'passTime',
} as const
type TourCommand = keyof typeof tourActions

export const isTourCommand = (command: DemoCommand): command is TourCommand =>
  Object.hasOwn(tourActions, command)

/** What concerns the simulator alone. */
type SimulatedEvent = Exclude<DemoCommand, SpeedCommand | TourCommand | 'add-lab' | 'remove-lab'>

/** Makes something happen in the demo that would normally take hours. */
export function runSimulatorCommand(demo: Demo, command: SimulatedEvent): void {
  const steps: { readonly [K in SimulatedEvent]: () => void } = {
    'make-idle': () => demo.makeIdle(),
    'make-busy': () => demo.makeBusy(),
    'break-network': () => demo.breakNetwork(),
    'restore-network': () => demo.restoreNetwork(),
    'empty-balance': () => demo.emptyBalance(),
    'top-up': () => demo.topUp(),
  }
  steps[command]()
}

export interface DemoMonitorOptions extends Pick<
  MonitorOptions,
  'account' | 'provider' | 'settings' | 'listings' | 'pollSlot' | 'mayAnnounce'
> {
  readonly session: AccountSessionOptions
  /** Of the demo's time. */
  readonly clock: VirtualClock
  readonly timeFactor: () => number
  readonly label: () => string | null
  readonly queue: () => Queue | null
}

const memoryJournal = { ...nullJournal, latest: () => [] }

/** The monitor of an account of the demo. All is kept in memory, and no other program sends its alerts. */
export function createDemoMonitor(options: DemoMonitorOptions): Monitor {
  const { session, clock, timeFactor, label, queue, ...ports } = options
  const { id } = ports.account
  return createAccountMonitor({
    ...ports,
    clock,
    journal: memoryJournal,
    creates: memoryJournal,
    ledgerFiles: createMemoryLedgerFiles(),
    recordUsage: createUsageObserver(session.folderHost.usageHistories.of(id, false)),
    auditLog: session.auditLog.logForAccount(ports.account),
    notifier: namedNotifier(session.notifier, label),
    notices: session.notices,
    alertsPausedUntilMs: session.alertsPausedUntilMs,
    inputAgoMs(podId) {
      const agoMs = session.inputAgoMs(podKeyOf(id, podId))
      return agoMs === null ? null : agoMs * timeFactor()
    },
    jobs: podJobsOf(queue, id),
    lookInside: session.podAccess?.lookInside?.(id, clock),
    diskReader: session.podAccess?.diskReader?.(id),
    reachSsh: session.podAccess?.reachSsh,
    report: session.log.warn,
  })
}
