import type { Monitor } from '../../src/core/monitor/monitor-types'
import { fail, ok, type Result } from '../../src/core/base/result'
import type { Settings } from '../../src/core/settings/settings'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { createSeededRandom } from '../seeded-random'
import { type AccountScript, pollSecondsOf, type ScriptEvent } from './account-script'
import { activityLimitsOf } from './activity-limits'
import { createOracle, type Oracle } from './oracle'
import type { ProgramAccount } from './program'
import { createTelemetryDelivery } from './telemetry-faults'
import { applyCommand, type UserCommand, type UserState } from './user-commands'
import type { RunClock, SettableClock } from './virtual-clock'
import { createVirtualCloud } from './virtual-cloud'
import { createVirtualInside } from './virtual-inside'
import { createVirtualProvider, type NetworkConditions } from './virtual-provider'

export interface AccountWorldOptions {
  readonly id: string
  readonly script: AccountScript
  readonly clock: SettableClock
  /** Of the program, the same for all accounts. */
  readonly settings: () => Settings
  /** The pause of alerts, the same for all accounts. */
  readonly pausedUntil: () => UserState['pausedUntil']
  /** Whether the system shows no notifications now. */
  readonly isMute: () => boolean
  readonly log: (podId: string | null, text: string) => void
}

/** One account: its cloud and network, what its owner wants, and the oracle that judges it. */
export interface AccountWorld {
  readonly id: string
  readonly oracle: Oracle
  /** Its part of a run of the program. */
  makeAccount(runClock: RunClock, isActive: () => boolean): ProgramAccount
  /** Gives a command to the account's monitor; false: it was refused. */
  command(monitor: Monitor, command: UserCommand): boolean
  /** What happens to the account alone; ignores other events. */
  applyEvent(event: ScriptEvent): void
}

export function createAccountWorld(options: AccountWorldOptions): AccountWorld {
  const { id, script, clock, settings, log } = options
  const cloudRandom = createSeededRandom(script.seed + 1)
  const lookRandom = createSeededRandom(script.seed + 3)
  const pollS = pollSecondsOf(script)
  const now = () => ({ trueMs: clock.trueMs(), wallMs: clock.wallMs() })
  let ownState: Omit<UserState, 'pausedUntil'> = {
    mode: script.guard.autoStop,
    rules: new Map(Object.entries(script.guard.pods)),
    keptOn: new Map(),
  }
  const userState = (): UserState => ({ ...ownState, pausedUntil: options.pausedUntil() })
  const until = { outageMs: -Infinity, partialMs: -Infinity }
  let outage: Pick<NetworkConditions, 'failure' | 'retryAfterMs'> = { failure: null, retryAfterMs: 0 }
  const delivery = createTelemetryDelivery(script.telemetry, pollS, settings().bootMin * 60)
  const refusals = new Map<string, number>()
  const oracle = createOracle({
    settings,
    userState,
    now,
    log,
    maxSpendUsd: (podId, sinceMs) => cloud.maxSpendUsd(podId, sinceMs),
    isHostKeyTrusted: (podId) => cloud.pod(podId)?.plan.isHostKeyTrusted === true,
    limits: activityLimitsOf(pollS),
    pollMs: pollS * SECOND_MS,
  })
  const cloud = createVirtualCloud({
    plans: script.pods,
    fromMs: script.fromMs,
    bootMs: settings().bootMin * MINUTE_MS,
    random: cloudRandom,
    nowMs: () => clock.trueMs(),
    at: (trueMs, run) => clock.at(trueMs, run),
  })

  return {
    id,
    oracle,
    makeAccount: (runClock, isActive) => ({
      id,
      provider: createVirtualProvider({
        cloud,
        clock,
        runClock,
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
        onSeen(seen, isList) {
          if (isActive()) oracle.onObserved(seen, isList)
          else oracle.onObservedByWaiting(seen)
        },
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
      show(alert) {
        const how = options.isMute() || cloudRandom.bool(0.01) ? 'failed' : 'shown'
        if (alert.key.accountId !== id) oracle.onForeign(`an alert about ${alert.key.accountId}`)
        oracle.onAlertShown(alert, how)
        return how
      },
      onRecord({ kind, accountId, podId, text }) {
        if (accountId !== id) oracle.onForeign(`an entry about ${accountId ?? 'no account'}: ${text}`)
        if (kind === 'decision' && podId !== null) oracle.onDecision(podId, text)
      },
    }),
    command(monitor, command) {
      const answer = sendCommand(monitor, command)
      log(
        'podId' in command ? command.podId : null,
        `ordered: ${JSON.stringify(command)}${answer.ok ? '' : `: ${answer.error}`}`,
      )
      if (!answer.ok) {
        oracle.onCommandRefused(command)
        return false
      }
      const { mode, rules, keptOn } = applyCommand(userState(), command, now())
      ownState = { mode, rules, keptOn }
      return true
    },
    applyEvent(event) {
      if (event.kind === 'pod') {
        log(event.podId, formatEvent(event))
        if (event.type === 'crash' || event.type === 'vanish') cloud.failPod(event.podId, event.type)
        else cloud.act(event.podId, event.type)
        return
      }
      if (event.kind !== 'outage' && event.kind !== 'partial-lists') return
      log(null, formatEvent(event))
      const endMs = clock.trueMs() + event.forMs
      if (event.kind === 'outage') {
        oracle.onOutage()
        outage = { failure: event.how, retryAfterMs: event.retryAfterMs }
        until.outageMs = endMs
        clock.at(endMs, () => oracle.onOutage())
      } else {
        oracle.onDisturbance()
        until.partialMs = endMs
        clock.at(endMs, () => oracle.onDisturbance())
      }
    },
  }
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

export function formatEvent(event: ScriptEvent): string {
  const { atMs: _at, kind, ...details } = event
  return `${kind} ${Object.entries(details)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? Math.round(value) : String(value)}`)
    .join(', ')}`
}
