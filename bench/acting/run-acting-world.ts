import type { AlertKey, AlertOutlet } from '../../src/core/alerts/alert'
import { alertName } from '../../src/core/alerts/alert-history'
import { ok } from '../../src/core/base/result'
import { MINUTE_MS } from '../../src/core/base/time/time'
import { createLedger } from '../../src/core/money/ledger/ledger'
import type { LedgerFiles } from '../../src/core/money/ledger/ledger-files'
import type { PodRules } from '../../src/core/pod-rules/pod-rules'
import type { GuardReply, PodGuardHost } from '../../src/core/pod-guard/pod-guard-host'
import type { Pod } from '../../src/core/pods/pod'
import { guardReport, guardStatus, laptop } from '../../test/harness/guard/guard-report'
import { createFakeClock, type FakeClock } from '../../test/harness/base/fake-clock'
import { memoryFiles, recordPoll } from '../../test/harness/money/ledger-fixture'
import { createMonitorFixture } from '../../test/harness/monitor/monitor-fixture'
import { failure } from '../../test/harness/monitor/scripted-provider'
import { pod, stoppedPod, telemetry } from '../../test/harness/samples/pods'
import { type ActingWorld, failsAt, WORLD_MIN } from './acting-world'

/** What was seen at the end of a minute. */
export interface SeenMinute {
  readonly isStopped: boolean
  /** The rule has a time in the windows. */
  readonly hasTime: boolean
  /** What keeps rules from being carried out, as tray, window and `watch` say. */
  readonly said: readonly string[]
  /** Critical alerts that a desktop or phone accepted so far. */
  readonly alerts: readonly AcceptedAlert[]
  /** The last lease on the guard in the pod; null: none was asked for. */
  readonly lease: boolean | null
}

export interface AcceptedAlert {
  readonly kind: string
  /** What it is about, and the name of its episode. */
  readonly episode: string
  /** Null: all pods. */
  readonly podId: string | null
  readonly minute: number
}

/** Runs the real monitor through the world, minute by minute. */
export async function runActingWorld(world: ActingWorld): Promise<readonly SeenMinute[]> {
  const { rule, choice, guard, hasChannel } = world
  const leases: boolean[] = []
  const taken: AlertKey[] = []
  const accepted: AcceptedAlert[] = []
  const phone = createPhone(taken)
  const clock = createFakeClock()
  const rig = createMonitorFixture({
    clock,
    guard: { autoStop: 'ticked', pods: { 'pod-1': rulesOf(world) } },
    settings: {
      autoStopAfterMin: 60,
      pollActiveS: 60,
      areAutoStopsPaused: choice === 'paused',
      isAutoStopDryRun: choice === 'dry-run',
    },
    ...(hasChannel && { outlet: phone }),
    // Another program listed the pod before.
    ...(failsAt(world, 'network', 0) && { ledgerFiles: earlierLedger(clock) }),
    ...(guard !== 'none' && { podGuardHost: hostOf(world, leases, () => minuteNow()) }),
  })
  const { provider, system, monitor } = rig
  const startMs = clock.now().monotonicMs
  const minuteNow = (): number => (clock.now().monotonicMs - startMs) / MINUTE_MS
  let isStopped = false
  const podNow = (): Pod => {
    if (isStopped) return stoppedPod({ id: 'pod-1' })
    const own = pod({ telemetry: telemetry({ uptimeS: Math.floor(3_600 + minuteNow() * 60) }) })
    if (failsAt(world, 'status', minuteNow()))
      return { ...own, phase: 'unknown', rawStatus: 'MIGRATING', actions: [] }
    return {
      ...own,
      ...(failsAt(world, 'actions', minuteNow()) && { actions: [] }),
      ...(failsAt(world, 'figures', minuteNow()) && { telemetry: null }),
    }
  }
  const isCut = (): boolean => failsAt(world, 'network', minuteNow())
  provider.listPods = async () => {
    provider.pods = [podNow()]
    return isCut() ? failure('unreachable') : ok({ pods: [podNow()], isComplete: true })
  }
  provider.getPod = async () => (isCut() ? failure('unreachable') : ok(podNow()))
  provider.act = async () => {
    if (isCut()) return failure('unreachable')
    if (failsAt(world, 'read-only', minuteNow())) return failure('forbidden')
    isStopped = true
    return ok(podNow())
  }
  monitor.start()
  const minutes: SeenMinute[] = []
  for (let minute = 0; minute < WORLD_MIN; minute += 1) {
    system.delivery = failsAt(world, 'desktop', minute) ? 'failed' : 'shown'
    system.isLogFull = failsAt(world, 'disk', minute)
    await clock.advanceAsync(MINUTE_MS)
    monitor.checkWatchdog()
    await clock.advanceAsync(0)
    const { pods, obstacles } = monitor.snapshot()
    const view = pods[0]?.guard.autoStop
    const cause = view !== undefined && view.kind !== 'off' ? view.cause : undefined
    const timed = view?.kind === 'planned' || (view?.kind === 'watching' && view.dueAtMs !== null)
    const shown = rig.alerts.splice(0).filter(({ isCritical }) => isCritical)
    for (const { kind, episode, podId } of [...shown.map(({ key }) => key), ...taken.splice(0)])
      accepted.push({ kind, episode, podId, minute })
    minutes.push({
      isStopped,
      hasTime: timed && cause === rule,
      said: obstacles.map(({ code }) => code),
      alerts: [...accepted],
      lease: leases.at(-1) ?? null,
    })
  }
  monitor.dispose()
  return minutes
}

function rulesOf({ rule, choice, guard }: ActingWorld): PodRules {
  const isOn = choice !== 'off'
  return {
    isAutoStopped: isOn && rule === 'quiet',
    ...(isOn && rule === 'max-hours' && { maxHours: 2 }),
    ...(choice === 'kept' && { keepOn: { sinceMs: 0, untilMs: null } }),
    ...(guard !== 'none' && { podGuard: guard === 'reports' ? ('report' as const) : ('stop' as const) }),
  }
}

function earlierLedger(clock: FakeClock): LedgerFiles {
  const files = memoryFiles()
  const ledger = createLedger(files)
  recordPoll(ledger, clock.now().wallMs - MINUTE_MS, [pod()])
  ledger.save()
  return files
}

function createPhone(taken: AlertKey[]): AlertOutlet {
  const names = new Map<string, number>()
  return {
    take({ key, isCritical }) {
      if (!names.has(alertName(key)) && isCritical) taken.push(key)
      names.set(alertName(key), names.size + 1)
    },
    acceptedAtMs: (key) => names.get(alertName(key)) ?? null,
    onHolding: () => {},
  }
}

/** A guard that does as it is told, and measured nothing. */
function hostOf(world: ActingWorld, leases: boolean[], minuteNow: () => number): PodGuardHost {
  const { guard } = world
  let settings: string | null = null
  const reply = (): Promise<GuardReply> => {
    const status = guardStatus({
      seen: guard === 'blind' ? 'unknown' : 'rest',
      // Runpod doesn't show it as running to the guard either.
      isArmed: guard !== 'unarmed' && !failsAt(world, 'status', minuteNow()),
      idleS: 0,
      deadlineS: 100_000,
    })
    return Promise.resolve(ok(guardReport({ settings, status })))
  }
  return {
    read: (_, takesLease) => {
      leases.push(takesLease)
      return reply()
    },
    install: (_, plan) => {
      settings = plan.settings
      return reply()
    },
    computerId: laptop.id,
    change: reply,
    forget: reply,
    remove: () => Promise.resolve(ok(undefined)),
  }
}
