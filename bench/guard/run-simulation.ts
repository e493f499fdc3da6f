import type { Monitor } from '../../src/core/monitor-types'
import { fail, ok, type Result } from '../../src/core/base/result'
import { defaultSettings, type Settings } from '../../src/core/settings/settings'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import { type AccountScript, pollSecondsOf, type ScriptEvent } from './account-script'
import { activityLimitsOf } from './activity-limits'
import { createSeededRandom } from '../seeded-random'
import { createVirtualCloud } from './virtual-cloud'
import { createOracle, type Tally, type Violation } from './oracle'
import type { LivenessFigures } from './stop-counts'
import { createTelemetryDelivery } from './telemetry-faults'
import { applyCommand, type UserCommand, type UserState } from './user-commands'
import { createDisk } from './program'
import { createProgramRuns } from './program-runs'
import { createVirtualClock } from './virtual-clock'
import { createVirtualInside } from './virtual-inside'
import { createVirtualProvider, type NetworkConditions } from './virtual-provider'

/** One log line, for reading about a violation. */
export interface LogEntry {
  readonly atMs: number
  readonly podId: string | null
  readonly text: string
}

export interface SimulationResult {
  readonly violations: readonly Violation[]
  readonly tally: Tally
  readonly liveness: LivenessFigures
  /** Empty unless requested. */
  readonly entries: readonly LogEntry[]
}

/** How often the program's watchdog runs. */
const WATCHDOG_EVERY_MS = MINUTE_MS

/** Timers that run within a second, until they count as a hot loop. */
const MOST_STEPS_PER_SECOND = 2_000

/** Runs an account's script through core, with clocks, cloud and disk in memory, up to the first violation. */
export async function runSimulation(script: AccountScript, hasLog = false): Promise<SimulationResult> {
  const clock = createVirtualClock(script.fromMs)
  // Separate generators, so that the program's requests don't influence the events.
  const [cloudRandom, programRandom] = [
    createSeededRandom(script.seed + 1),
    createSeededRandom(script.seed + 2),
  ]
  let settings: Settings = { ...defaultSettings, ...script.settings }
  let userState: UserState = {
    mode: script.guard.autoStop,
    rules: new Map(Object.entries(script.guard.pods)),
    keptOn: new Map(),
    pausedUntil: null,
  }
  const now = () => ({ trueMs: clock.trueMs(), wallMs: clock.wallMs() })
  const entries: LogEntry[] = []
  const log = (podId: string | null, text: string): void => {
    if (hasLog) entries.push({ atMs: clock.trueMs(), podId, text })
  }
  const maxSpendUsd = (podId: string, sinceMs: number): number => cloud.maxSpendUsd(podId, sinceMs)
  const pollS = pollSecondsOf(script)
  const oracle = createOracle({
    settings: () => settings,
    userState: () => userState,
    now,
    log,
    maxSpendUsd,
    isHostKeyTrusted: (podId) => cloud.pod(podId)?.plan.isHostKeyTrusted === true,
    limits: activityLimitsOf(pollS),
    pollMs: pollS * SECOND_MS,
  })
  const cloud = createVirtualCloud({
    plans: script.pods,
    fromMs: script.fromMs,
    bootMs: settings.bootMin * MINUTE_MS,
    random: cloudRandom,
    nowMs: () => clock.trueMs(),
    at: (trueMs, run) => clock.at(trueMs, run),
  })
  const until = { outageMs: -Infinity, partialMs: -Infinity, muteMs: -Infinity }
  let outage: Pick<NetworkConditions, 'failure' | 'retryAfterMs'> = { failure: null, retryAfterMs: 0 }
  const delivery = createTelemetryDelivery(script.telemetry, pollS, settings.bootMin * 60)
  const refusals = new Map<string, number>()
  const lookRandom = createSeededRandom(script.seed + 3)
  const runs = createProgramRuns({
    clock,
    oracle,
    log,
    disk: createDisk(script.guard),
    random: programRandom,
    settings: () => settings,
    makeParts: (runClock, onSeen) => ({
      provider: createVirtualProvider({
        cloud,
        clock,
        random: cloudRandom,
        conditions: () => ({
          failure: clock.trueMs() < until.outageMs ? outage.failure : null,
          retryAfterMs: outage.retryAfterMs,
          isPartial: clock.trueMs() < until.partialMs,
        }),
        delivery,
        refusals,
        minPollIntervalMs: script.quotaPollS * SECOND_MS,
        onListing: () => oracle.onListing(runClock.now().runId),
        onSeen,
        onSending: (podId, action, answer) => oracle.onSending(podId, action, answer),
        onAction: (podId, action) => oracle.onAction(podId, action),
      }),
      lookInside: createVirtualInside({
        cloud,
        clock,
        runClock,
        random: lookRandom,
        onLook: (podId, verdict) => oracle.onLook(podId, verdict),
      }),
    }),
    show(alert) {
      const how = clock.trueMs() < until.muteMs || cloudRandom.bool(0.01) ? 'failed' : 'shown'
      oracle.onAlertShown(alert, how)
      return how
    },
    onRecord: ({ kind, podId, text }) =>
      kind === 'decision' && podId !== null && oracle.onDecision(podId, text),
    alertsPausedUntilMs() {
      const leftMs = (userState.pausedUntil?.untilWallMs ?? 0) - clock.wallMs()
      // The same pause as in the app, which doesn't survive setting the clock back.
      return leftMs > 0 && leftMs <= 2 * HOUR_MS ? (userState.pausedUntil?.untilWallMs ?? null) : null
    },
    report(what, cause) {
      log(null, `reports: ${what}${cause instanceof Error ? ` (${cause.message})` : ''}`)
      if (cause instanceof Error) oracle.onException(`${what}: ${cause.stack ?? cause.message}`)
    },
  })

  /** Users cannot send commands to a program that is not running or is about to stop. */
  function command(one: UserCommand): void {
    const program = runs.active()
    if (program === null || program.isCrashScheduled() || clock.isAsleep()) return
    if (one.type === 'change-settings') settings = { ...settings, ...one.changes }
    const answer = sendCommand(program.monitor, one)
    log(
      'podId' in one ? one.podId : null,
      `ordered: ${JSON.stringify(one)}${answer.ok ? '' : `: ${answer.error}`}`,
    )
    if (!answer.ok) {
      oracle.onCommandRefused(one)
      return
    }
    userState = applyCommand(userState, one, now())
    oracle.onCommand(one)
  }

  function applyEvent(event: ScriptEvent): void {
    if (event.kind === 'order') {
      command(event.command)
      return
    }
    const endMs = clock.trueMs() + ('forMs' in event ? event.forMs : 0)
    log(event.kind === 'pod' ? event.podId : null, formatEvent(event))
    if (event.kind === 'outage') oracle.onOutage()
    else if (event.kind !== 'pod' && event.kind !== 'second-program') oracle.onDisturbance()
    switch (event.kind) {
      case 'sleep':
        if (clock.isAsleep()) return
        if (event.isAnnounced) for (const { monitor } of runs.alive()) monitor.suspend()
        clock.sleep()
        clock.at(endMs, () => {
          clock.wake()
          oracle.onDisturbance()
          log(null, 'the computer wakes')
          for (const { monitor } of runs.alive()) monitor.resume()
        })
        return
      case 'outage':
        outage = { failure: event.how, retryAfterMs: event.retryAfterMs }
        until.outageMs = endMs
        clock.at(endMs, () => oracle.onOutage())
        return
      case 'partial-lists':
        until.partialMs = endMs
        clock.at(endMs, () => oracle.onDisturbance())
        return
      case 'clock-jump':
        clock.setWall(event.byMs)
        return
      case 'mute':
        until.muteMs = endMs
        clock.at(endMs, () => oracle.onDisturbance())
        return
      case 'kill':
        runs.scheduleCrash(event.afterCalls, event.isBefore, event.downMs)
        return
      case 'second-program':
        runs.startWaiting()
        clock.at(endMs, () => runs.handOver())
        return
      case 'pod':
        if (event.type === 'crash' || event.type === 'vanish') cloud.failPod(event.podId, event.type)
        else cloud.act(event.podId, event.type)
    }
  }

  for (const event of script.events) clock.at(event.atMs, () => applyEvent(event))
  const watch = (): void => {
    if (!clock.isAsleep()) for (const { monitor } of runs.alive()) monitor.checkWatchdog()
    clock.at(clock.trueMs() + WATCHDOG_EVERY_MS, watch)
  }
  clock.at(script.fromMs + SECOND_MS, watch)
  let [lastMs, steps] = [0, 0]
  while (oracle.violations.length === 0 && clock.step(script.toMs)) {
    await settled()
    steps = clock.trueMs() - lastMs < SECOND_MS ? steps + 1 : 0
    if (steps === 0) lastMs = clock.trueMs()
    if (steps > MOST_STEPS_PER_SECOND) oracle.onHotLoop()
  }
  return { violations: oracle.violations, tally: oracle.tally, liveness: oracle.liveness, entries }
}

function sendCommand(monitor: Monitor, command: UserCommand): Result<void, string> {
  switch (command.type) {
    case 'keep-on':
      return monitor.keepOn(command.podId, command.choice)
    case 'end-keep-on':
      return monitor.endKeepOn(command.podId)
    case 'change-rules':
      return monitor.changePodRules(command.podId, command.changes)
    case 'set-mode':
      return monitor.setAutoStop(command.mode)
    case 'act':
      return monitor.act(command.podId, command.action)
    case 'undo': {
      const intent = monitor.snapshot().pods.find(({ id }) => id === command.podId)?.intent ?? null
      return intent === null ? fail('There is nothing to undo.') : monitor.undo(intent.id)
    }
    case 'pause-alerts':
    case 'change-settings':
      return ok(undefined)
  }
}

/** Lets promises settle that only depend on each other. */
const settled = (): Promise<void> => new Promise((settle) => setImmediate(settle))

function formatEvent(event: ScriptEvent): string {
  const { atMs: _at, kind, ...details } = event
  return `${kind} ${Object.entries(details)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? Math.round(value) : String(value)}`)
    .join(', ')}`
}
