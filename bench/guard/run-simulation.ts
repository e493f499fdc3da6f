import { defaultSettings, type Settings } from '../../src/core/settings/settings'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import type { AccountScript, ScriptEvent } from './account-script'
import { type AccountWorld, createAccountWorld, formatEvent } from './account-world'
import { createSeededRandom } from '../seeded-random'
import type { Oracle, Tally, Violation } from './oracle'
import type { LivenessFigures } from './stop-counts'
import { applyCommand, type UserCommand, type UserState } from './user-commands'
import { createDisk } from './program'
import { createProgramRuns } from './program-runs'
import { createVirtualClock } from './virtual-clock'

/** One log line, for reading about a violation. */
export interface LogEntry {
  readonly atMs: number
  readonly accountId: string
  readonly podId: string | null
  readonly text: string
}

export interface AccountResult {
  readonly tally: Tally
  readonly liveness: LivenessFigures
}

export interface SimulationResult {
  readonly violations: readonly (Violation & { readonly accountId: string })[]
  /** In the order of the scripts. */
  readonly accounts: readonly AccountResult[]
  /** Empty unless requested. */
  readonly entries: readonly LogEntry[]
}

/** How often the program's watchdog runs. */
const WATCHDOG_EVERY_MS = MINUTE_MS

/** Timers that run within a second, until they count as a hot loop. */
const MOST_STEPS_PER_SECOND = 2_000

/**
 * Runs accounts through core in one program, with clocks, clouds and disk in memory, up to the first violation. The
 * first script decides about times, settings, the computer and the program; the others have its `ScriptFrame`, and of
 * them counts what happens to their pods, their network and their rules.
 */
export async function runSimulation(
  scripts: readonly [AccountScript, ...AccountScript[]],
  hasLog = false,
): Promise<SimulationResult> {
  const [script] = scripts
  const clock = createVirtualClock(script.fromMs)
  let settings: Settings = { ...defaultSettings, ...script.settings }
  let pausedUntil: UserState['pausedUntil'] = null
  let muteUntilMs = -Infinity
  const entries: LogEntry[] = []
  const logFor =
    (accountId: string) =>
    (podId: string | null, text: string): void => {
      if (hasLog) entries.push({ atMs: clock.trueMs(), accountId, podId, text })
    }
  const log = logFor('')
  const worlds = scripts.map((own, at): AccountWorld => {
    const id = `account-${at + 1}`
    return createAccountWorld({
      id,
      script: own,
      clock,
      settings: () => settings,
      pausedUntil: () => pausedUntil,
      isMute: () => clock.trueMs() < muteUntilMs,
      log: logFor(id),
    })
  })
  const tell = (event: (oracle: Oracle) => void): void => {
    for (const { oracle } of worlds) event(oracle)
  }
  const runs = createProgramRuns({
    clock,
    oracles: worlds.map(({ oracle }) => oracle),
    log,
    disk: createDisk(Object.fromEntries(worlds.map(({ id }, at) => [id, (scripts[at] ?? script).guard]))),
    random: createSeededRandom(script.seed + 2),
    settings: () => settings,
    makeAccounts: (runClock, isActive) => worlds.map((world) => world.makeAccount(runClock, isActive)),
    alertsPausedUntilMs() {
      const leftMs = (pausedUntil?.untilWallMs ?? 0) - clock.wallMs()
      // The same pause as in the app, which doesn't survive setting the clock back.
      return leftMs > 0 && leftMs <= 2 * HOUR_MS ? (pausedUntil?.untilWallMs ?? null) : null
    },
    report(what, cause) {
      log(null, `reports: ${what}${cause instanceof Error ? ` (${cause.message})` : ''}`)
      if (cause instanceof Error)
        tell((oracle) => oracle.onException(`${what}: ${cause.stack ?? cause.message}`))
    },
  })

  /** Users cannot send commands to a program that is not running or is about to stop. */
  function command(world: AccountWorld, one: UserCommand): void {
    const program = runs.active()
    if (program === null || program.isCrashScheduled() || clock.isAsleep()) return
    if (one.type === 'change-settings') settings = { ...settings, ...one.changes }
    if (!world.command(program.monitor(world.id), one)) return
    if (one.type === 'pause-alerts') {
      const now = { trueMs: clock.trueMs(), wallMs: clock.wallMs() }
      const before = { mode: 'off', rules: new Map(), keptOn: new Map(), pausedUntil } as const
      pausedUntil = applyCommand(before, one, now).pausedUntil
    }
    // Settings and pauses are those of the program.
    const isShared = one.type === 'change-settings' || one.type === 'pause-alerts'
    for (const { oracle } of isShared ? worlds : [world]) oracle.onCommand(one)
  }

  function applyEvent(world: AccountWorld, event: ScriptEvent): void {
    if (event.kind === 'order') return command(world, event.command)
    if (event.kind === 'pod' || event.kind === 'outage' || event.kind === 'partial-lists')
      return world.applyEvent(event)
    if (world === worlds[0]) applySharedEvent(event)
  }

  /** What happens to the computer or the program. */
  function applySharedEvent(event: ScriptEvent): void {
    const endMs = clock.trueMs() + ('forMs' in event ? event.forMs : 0)
    log(null, formatEvent(event))
    if (event.kind !== 'second-program') tell((oracle) => oracle.onDisturbance())
    const monitors = () => runs.alive().flatMap((program) => program.monitors)
    switch (event.kind) {
      case 'sleep':
        if (clock.isAsleep()) return
        if (event.isAnnounced) for (const monitor of monitors()) monitor.suspend()
        clock.sleep()
        clock.at(endMs, () => {
          clock.wake()
          tell((oracle) => oracle.onDisturbance())
          log(null, 'the computer wakes')
          for (const monitor of monitors()) monitor.resume()
        })
        return
      case 'clock-jump':
        clock.setWall(event.byMs)
        return
      case 'mute':
        muteUntilMs = endMs
        clock.at(endMs, () => tell((oracle) => oracle.onDisturbance()))
        return
      case 'kill':
        runs.scheduleCrash(event.afterCalls, event.isBefore, event.downMs)
        return
      case 'second-program':
        runs.startWaiting()
        clock.at(endMs, () => runs.handOver())
        return
      default:
    }
  }

  for (const [at, world] of worlds.entries()) {
    const own = scripts[at] ?? script
    for (const event of own.events) clock.at(event.atMs, () => applyEvent(world, event))
  }
  const watch = (): void => {
    if (!clock.isAsleep())
      for (const { monitors } of runs.alive()) for (const monitor of monitors) monitor.checkWatchdog()
    clock.at(clock.trueMs() + WATCHDOG_EVERY_MS, watch)
  }
  clock.at(script.fromMs + SECOND_MS, watch)
  let [lastMs, steps] = [0, 0]
  const isBroken = (): boolean => worlds.some(({ oracle }) => oracle.violations.length > 0)
  while (!isBroken() && clock.step(script.toMs)) {
    await settled()
    steps = clock.trueMs() - lastMs < SECOND_MS ? steps + 1 : 0
    if (steps === 0) lastMs = clock.trueMs()
    if (steps > MOST_STEPS_PER_SECOND * worlds.length) tell((oracle) => oracle.onHotLoop())
  }
  return {
    violations: worlds.flatMap(({ id, oracle }) =>
      oracle.violations.map((violation) => ({ ...violation, accountId: id })),
    ),
    accounts: worlds.map(({ oracle: { tally, liveness } }) => ({ tally, liveness })),
    entries,
  }
}

/** Lets promises settle that only depend on each other. */
const settled = (): Promise<void> => new Promise((settle) => setImmediate(settle))
