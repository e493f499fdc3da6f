import type { Monitor } from '../../src/core/monitor'
import { fail, ok, type Result } from '../../src/core/base/result'
import { defaultSettings, type Settings } from '../../src/core/settings/settings'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import type { AccountScript, Event } from './account-script'
import { createChance } from '../chance'
import { createCloud } from './cloud'
import { createJudge, type Tally, type Violation } from './judge'
import { type Order, type Told, withOrder } from './orders'
import { newDisk, type Program, startProgram } from './program'
import { createVirtualClock } from './virtual-clock'
import { createVirtualProvider, type Weather } from './virtual-provider'

/** One line of what happened, for those who read about a violation. */
export interface Note {
  readonly atMs: number
  readonly podId: string | null
  readonly words: string
}

export interface Life {
  readonly violations: readonly Violation[]
  readonly tally: Tally
  /** Empty unless it was asked for. */
  readonly story: readonly Note[]
}

/** How often the program's watchdog looks. */
const LOOK_EVERY_MS = MINUTE_MS

/** Lives an account's script through core, with the clocks, the cloud and the disk in memory, up to the first violation. */
export async function live(script: AccountScript, isTold = false): Promise<Life> {
  const clock = createVirtualClock(script.fromMs)
  // Apart, so that what the program asks does not change what befalls it.
  const [ofCloud, ofProgram] = [createChance(script.seed + 1), createChance(script.seed + 2)]
  let settings: Settings = { ...defaultSettings, ...script.settings }
  let told: Told = {
    mode: script.guard.autoStop,
    rules: new Map(Object.entries(script.guard.pods)),
    keptOn: new Map(),
    pausedUntil: null,
  }
  const now = () => ({ trueMs: clock.trueMs(), wallMs: clock.now().wallMs })
  const story: Note[] = []
  const note = (podId: string | null, words: string): void => {
    if (isTold) story.push({ atMs: clock.trueMs(), podId, words })
  }
  const spentAtMostUsd = (podId: string, sinceMs: number): number => cloud.spentAtMostUsd(podId, sinceMs)
  const judge = createJudge({ settings: () => settings, told: () => told, now, note, spentAtMostUsd })
  const cloud = createCloud({
    plans: script.pods,
    fromMs: script.fromMs,
    bootMs: settings.bootMin * MINUTE_MS,
    chance: ofCloud,
    nowMs: () => clock.trueMs(),
    at: (trueMs, run) => clock.at(trueMs, run),
  })
  const until = { outageMs: -Infinity, partialMs: -Infinity, muteMs: -Infinity }
  let failure: Weather['failure'] = null
  const provider = createVirtualProvider({
    cloud,
    clock,
    chance: ofCloud,
    weather: () => ({
      failure: clock.trueMs() < until.outageMs ? failure : null,
      isPartial: clock.trueMs() < until.partialMs,
    }),
    onSeen: (seen, isList) => judge.observed(seen, isList),
    onSending: (podId, action, how) => judge.sending(podId, action, how),
    onAction: (podId, action) => judge.acted(podId, action),
  })
  const disk = newDisk(script.guard)
  let downMs = 0
  let program: Program

  function begin(): void {
    clock.beginRun()
    judge.restarted()
    note(null, 'the program starts')
    program = startProgram({
      clock,
      disk,
      provider,
      chance: ofProgram,
      settings: () => settings,
      show(alert) {
        const delivery = clock.trueMs() < until.muteMs || ofCloud.is(0.01) ? 'failed' : 'shown'
        judge.shown(alert, delivery)
        return delivery
      },
      onRecord: ({ kind, podId, text }) =>
        kind === 'decision' && podId !== null && judge.decided(podId, text),
      alertsPausedUntilMs() {
        const leftMs = (told.pausedUntil?.untilWallMs ?? 0) - clock.now().wallMs
        // As the app's own pause, which does not outlast a clock that was set back.
        return leftMs > 0 && leftMs <= 2 * HOUR_MS ? (told.pausedUntil?.untilWallMs ?? null) : null
      },
      onDeath(isAmidAlerts) {
        note(null, 'the program is killed')
        judge.died(isAmidAlerts)
        provider.abortReads()
        clock.at(clock.trueMs() + downMs, begin)
      },
      report: (what, cause) =>
        note(null, `reports: ${what}${cause instanceof Error ? ` (${cause.message})` : ''}`),
    })
  }

  /** A person can tell nothing to a program that is not there, or not for long. */
  function order(one: Order): void {
    if (!program.isAlive() || program.isDoomed() || clock.isAsleep()) return
    if (one.does === 'change-settings') settings = { ...settings, ...one.changes }
    const answer = give(program.monitor, one)
    note(
      'podId' in one ? one.podId : null,
      `ordered: ${JSON.stringify(one)}${answer.ok ? '' : `: ${answer.error}`}`,
    )
    if (!answer.ok) {
      judge.refused(one)
      return
    }
    told = withOrder(told, one, now())
    judge.ordered(one)
  }

  function befall(event: Event): void {
    if (event.kind === 'order') {
      order(event.order)
      return
    }
    const endMs = clock.trueMs() + ('forMs' in event ? event.forMs : 0)
    note(event.kind === 'pod' ? event.podId : null, inWords(event))
    if (event.kind !== 'pod') judge.troubled()
    switch (event.kind) {
      case 'sleep':
        if (clock.isAsleep()) return
        if (event.isAnnounced && program.isAlive()) program.monitor.suspend()
        clock.sleep()
        clock.at(endMs, () => {
          clock.wake()
          judge.troubled()
          note(null, 'the computer wakes')
          if (program.isAlive()) program.monitor.resume()
        })
        return
      case 'outage':
        failure = event.how
        until.outageMs = endMs
        clock.at(endMs, () => judge.troubled())
        return
      case 'partial-lists':
        until.partialMs = endMs
        clock.at(endMs, () => judge.troubled())
        return
      case 'clock-jump':
        clock.setWall(event.byMs)
        return
      case 'mute':
        until.muteMs = endMs
        clock.at(endMs, () => judge.troubled())
        return
      case 'kill':
        downMs = event.downMs
        if (program.isAlive()) program.doom(event.afterCalls, event.isBefore)
        return
      case 'pod':
        if (event.does === 'crash' || event.does === 'vanish') cloud.befall(event.podId, event.does)
        else cloud.act(event.podId, event.does)
    }
  }

  for (const event of script.events) clock.at(event.atMs, () => befall(event))
  const watch = (): void => {
    if (program.isAlive() && !clock.isAsleep()) program.monitor.look()
    clock.at(clock.trueMs() + LOOK_EVERY_MS, watch)
  }
  begin()
  clock.at(script.fromMs + SECOND_MS, watch)
  while (judge.violations.length === 0 && clock.step(script.toMs)) await settled()
  return { violations: judge.violations, tally: judge.tally, story }
}

function give(monitor: Monitor, order: Order): Result<void, string> {
  switch (order.does) {
    case 'keep-on':
      return monitor.keepOn(order.podId, order.choice)
    case 'end-keep-on':
      return monitor.endKeepOn(order.podId)
    case 'change-rules':
      return monitor.changePodRules(order.podId, order.changes)
    case 'set-mode':
      return monitor.setAutoStop(order.mode)
    case 'act':
      return monitor.act(order.podId, order.action)
    case 'undo': {
      const intent = monitor.snapshot().pods.find(({ id }) => id === order.podId)?.intent ?? null
      return intent === null ? fail('There is nothing to undo.') : monitor.undo(intent.id)
    }
    case 'pause-alerts':
    case 'change-settings':
      return ok(undefined)
  }
}

/** Lets promises that wait for nothing but each other settle. */
const settled = (): Promise<void> => new Promise((settle) => setImmediate(settle))

function inWords(event: Event): string {
  const { atMs: _at, kind, ...details } = event
  return `${kind} ${Object.entries(details)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? Math.round(value) : String(value)}`)
    .join(', ')}`
}
