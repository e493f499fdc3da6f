import { fail, ok, type Result } from '../../../core/base/result'
import { elapsedMs } from '../../../core/base/time/time'
import { createVirtualClock, type VirtualClock } from '../../../core/base/time/virtual-clock'
import type { Monitor } from '../../../core/monitor/monitor-types'
import type { AccountId } from '../../../core/pods/pod'
import type { Provider } from '../../../core/pods/provider'
import type { Queue } from '../../../core/queue/queue'
import { createPollSpread, type PollSpread } from '../../../core/polling/poll-spread'
import type { Settings } from '../../../core/settings/settings'
import type { AccountSnapshot } from '../../../core/view/merge-snapshots'
import type { DemoView } from '../../../core/view/demo/demo-view'
import type { AccountEntry } from '../../../core/view/snapshot'
import type { DemoCommand } from '../../../shared/demo-commands'
import type { Demo } from '../../../simulator/demo'
import type { AccountProviders } from '../watched/account-providers'
import type { AccountSessionOptions } from '../account-session-options'
import { DEMO_ID, DEMO_IDS, demoAccountView, demoEntry, LAB_ID } from './demo-entry'
import { catchUp, DEMO_PAST_MS, recordEarlierUsage } from './demo-past'
import {
  createDemoMonitor,
  factorOf,
  isSpeedCommand,
  isTourCommand,
  runSimulatorCommand,
  tourActions,
} from './demo-monitor'
import { addDemoJobs, createDemoQueue } from './demo-queue'
import { createDemoTour, type DemoTourControl } from './demo-tour'
import { sessionText } from '../account-text'

export interface DemoAccountOptions {
  readonly session: AccountSessionOptions
  readonly providers: Pick<AccountProviders, 'runpod' | 'demoLab'>
  readonly onChange: () => void
  /** Called when what `view` says has changed. */
  readonly onViewChange: () => void
}

/** The demo, which takes the place of all accounts while it runs: an account, and a lab where one was asked for. */
export interface DemoAccount {
  readonly isRunning: () => boolean
  start(): Promise<void>
  /** Does nothing without one. */
  end(): Promise<void>
  readonly monitors: () => readonly Monitor[]
  readonly monitor: (accountId: AccountId) => Monitor | null
  readonly provider: (accountId: AccountId) => Provider | null
  readonly accountSnapshots: () => readonly AccountSnapshot[]
  /** Null: it doesn't run. */
  readonly view: () => DemoView | null
  /** Null: it doesn't run, or its pods take no jobs. */
  readonly queue: () => Queue | null
  readonly runCommand: (command: DemoCommand) => Result<void, string>
}

interface RunningDemo {
  readonly demo: Demo
  readonly clock: VirtualClock
  readonly pollSpread: PollSpread
  readonly settings: () => Settings
  readonly tour: DemoTourControl
  /** Null: there is nothing to run jobs with. */
  readonly queue: Queue | null
  /** The time before it opens is passing: nothing is shown or announced. */
  isBehind: boolean
}

interface WatchedDemo {
  readonly entry: Omit<AccountEntry, 'webFeatures'>
  readonly monitor: Monitor
  readonly provider: Provider
}

export function createDemoAccount({
  session,
  providers,
  onChange,
  onViewChange,
}: DemoAccountOptions): DemoAccount {
  let running: RunningDemo | null = null
  let watched: readonly WatchedDemo[] = []

  const find = (accountId: AccountId): WatchedDemo | null =>
    watched.find(({ entry }) => entry.id === accountId) ?? null

  function watch(
    { demo, clock, settings, pollSpread }: RunningDemo,
    entry: WatchedDemo['entry'],
    provider: Provider,
  ): Monitor {
    const monitor = createDemoMonitor({
      session,
      account: demoAccountView(entry.id),
      provider,
      settings,
      clock,
      timeFactor: () => demo.time.factor,
      label: () => (watched.length > 1 ? entry.name : null),
      listings: () => watched.map((one) => one.monitor.listing),
      pollSlot: pollSpread.newSlot(),
      queue: () => running?.queue ?? null,
      mayAnnounce: () => running?.isBehind === false,
    })
    watched = [...watched, { entry, monitor, provider }]
    monitor.subscribe(() => {
      if (running?.isBehind === true) return
      if (running?.tour.observe() === true) onViewChange()
      onChange()
    })
    monitor.start()
    onChange()
    return monitor
  }

  function queueOf({ time }: Demo, clock: VirtualClock): Queue | null {
    const { jobHostOf } = session.podAccess ?? {}
    if (jobHostOf === undefined) return null
    const queue = createDemoQueue({
      clock,
      realClock: session.clock,
      time,
      accounts: () =>
        watched.map(({ entry, monitor, provider }) => ({
          accountId: entry.id,
          monitor,
          provider,
          isUnclear: false,
          addedAtMs: null,
          ...(entry.lab && { labAutoSchedule: null }),
        })),
      hostOf: jobHostOf,
      record: (entry) => void session.auditLog.logForProgram().record(entry),
      report: session.log.warn,
    })
    queue.subscribe(onViewChange)
    queue.start()
    return queue
  }

  function endWatch({ entry, monitor }: WatchedDemo): void {
    watched = watched.filter((one) => one.entry !== entry)
    monitor.dispose()
    session.notices.dismissAccount(entry.id)
    session.onAccountChange()
    onChange()
  }

  function addLab(): Result<void, string> {
    if (running === null || running.demo.lab === null || find(LAB_ID) !== null) return ok(undefined)
    const { lab } = running.demo
    const record = { id: lab.id, slug: lab.slug, usesAnnouncedRoutes: false }
    const entry = demoEntry({ id: LAB_ID, name: lab.name, color: 'green', provider: 'hubify', lab: record })
    watch(running, entry, providers.demoLab(lab, running.clock))
    return ok(undefined)
  }

  function removeLab(): Result<void, string> {
    const lab = find(LAB_ID)
    if (lab !== null) endWatch(lab)
    return ok(undefined)
  }

  function setFactor({ demo, clock }: RunningDemo, factor: number): void {
    demo.setTimeFactor(factor)
    clock.onFactorChange()
    onViewChange()
  }

  return {
    isRunning: () => running !== null,
    async start() {
      // Loaded on demand, to keep startup fast.
      const { createDemo, demoSettingsAt, TOUR_POD } = await import('../../../simulator/demo')
      const { demoJobs } = await import('../../../simulator/demo-jobs')
      const startedAt = session.clock.now()
      // The demo's time never goes back, whatever the wall clock does.
      const nowMs = (): number => startedAt.wallMs + elapsedMs(startedAt, session.clock.now())
      const demo = await createDemo(nowMs, { hasLab: true, behindMs: DEMO_PAST_MS })
      const clock = createVirtualClock(demo.time, session.clock)
      const own: RunningDemo = {
        demo,
        clock,
        pollSpread: createPollSpread(clock),
        settings: () => ({ ...session.store.settings(), ...demoSettingsAt(demo.time.factor) }),
        tour: createDemoTour({
          podName: TOUR_POD,
          demo,
          monitor: () => find(DEMO_ID)?.monitor,
          setFactor: (factor) => setFactor(own, factor),
        }),
        queue: queueOf(demo, clock),
        isBehind: true,
      }
      running = own
      recordEarlierUsage(demo, session.folderHost.usageHistories.of(DEMO_ID, false))
      for (const id of DEMO_IDS) session.accountKeys.set(id, demo.sshKey)
      const provider = providers.runpod(`${demo.simulator.url}/v2`, demo.key, 'loopback-only', clock)
      const monitor = watch(own, demoEntry({ id: DEMO_ID, name: sessionText.demo, color: 'blue' }), provider)
      await catchUp({ demo, monitor, clock, realClock: session.clock, isRunning: () => running === own })
      own.isBehind = false
      if (running !== own) return
      monitor.refresh()
      onChange()
      // Only now is the activity log that of the demo.
      if (own.queue !== null) monitor.subscribe(addDemoJobs(own.queue, demoJobs))
    },
    async end() {
      if (running === null) return
      const { demo, queue } = running
      running = null
      for (const id of DEMO_IDS) session.accountKeys.delete(id)
      queue?.dispose()
      watched.forEach(endWatch)
      // Whatever fails here, the accounts are to be watched again.
      for (const id of DEMO_IDS)
        await session.folderHost.usageHistories
          .remove(id)
          .catch((cause: unknown) => session.log.warn('The history of the demo could not be removed', cause))
      await demo.simulator.close()
    },
    monitors: () => watched.map(({ monitor }) => monitor),
    monitor: (accountId) => find(accountId)?.monitor ?? null,
    provider: (accountId) => find(accountId)?.provider ?? null,
    accountSnapshots: () => watched.map(accountSnapshotOf),
    view() {
      if (running === null) return null
      const { time } = running.demo
      const clock = { realMs: session.clock.now().wallMs, demoMs: time.nowMs(), factor: time.factor }
      return { clock, ...running.tour.view() }
    },
    queue: () => running?.queue ?? null,
    runCommand(command) {
      if (running === null) return fail(sessionText.noDemo)
      if (command === 'add-lab') return addLab()
      if (command === 'remove-lab') return removeLab()
      const { tour } = running
      if (isTourCommand(command)) tour[tourActions[command]]()
      else if (isSpeedCommand(command)) {
        tour.keepSpeed()
        setFactor(running, factorOf(command))
      } else runSimulatorCommand(running.demo, command)
      for (const { monitor } of watched) monitor.refresh()
      tour.observe()
      onViewChange()
      return ok(undefined)
    },
  }
}

function accountSnapshotOf({ entry, monitor, provider }: WatchedDemo): AccountSnapshot {
  const webFeatures = provider.webFallback?.().features
  return {
    entry: { ...entry, ...(webFeatures !== undefined && { webFeatures }) },
    snapshot: monitor.snapshot(),
  }
}
