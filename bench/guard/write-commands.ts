import {
  type AccountRules,
  type AutoStopMode,
  keepOnChoices,
  type PodRuleChanges,
  type PodRules,
} from '../../src/core/pod-rules/pod-rules'
import type { Settings } from '../../src/core/settings/settings'
import type { SeededRandom } from '../seeded-random'
import type { UserCommand } from './user-commands'

/** Generates the rules that the user sets before the simulation begins. */
export function writeGuard(podIds: readonly string[], random: SeededRandom): AccountRules {
  const autoStop = random.pick<AutoStopMode>(['all', 'all', 'all', 'ticked', 'ticked', 'off', 'undecided'])
  const pods = podIds.map((podId): [string, PodRules] => {
    const isTicked = random.bool(autoStop === 'ticked' ? 0.7 : 0.85)
    return [
      podId,
      {
        ...(isTicked === (autoStop === 'ticked') && { isAutoStopped: isTicked }),
        ...(random.bool(0.2) && { idleAlertAfterMin: random.integer(5, 40) }),
        ...(random.bool(0.3) && { autoStopAfterMin: random.integer(45, 300) }),
        ...(random.bool(0.12) && {
          maxHours: random.between(4, 20),
          ...(random.bool(0.3) && { atMaxHours: 'terminate' as const }),
        }),
        ...(random.bool(0.15) && { mayLoseData: true }),
        ...writeBudget(random),
      },
    ]
  })
  return { autoStop, pods: Object.fromEntries(pods) }
}

/** Generates guard settings. Most simulations stop pods sooner than the presets would, so that more happens. */
export function writeGuardSettings(random: SeededRandom): Partial<Settings> {
  return {
    autoStopAfterMin: random.pick([60, 90, 120, 240, 360]),
    areAutoStopsPaused: random.bool(0.05),
    isAutoStopDryRun: random.bool(0.1),
    mayStopUnheard: random.bool(0.15),
    ...writeQuietHours(random),
  }
}

/**
 * Budgets of some pods; most of these are stopped once it is spent. Enough for a few hours of a cheap pod or a day of
 * an expensive one.
 */
function writeBudget(random: SeededRandom): Pick<PodRules, 'monthlyBudgetUsd' | 'atBudget'> {
  if (!random.bool(0.2)) return {}
  return { monthlyBudgetUsd: random.between(2, 150), ...(random.bool(0.8) && { atBudget: 'stop' as const }) }
}

function writeQuietHours(random: SeededRandom): Pick<Settings, 'quietHoursFrom' | 'quietHoursTo'> {
  if (!random.bool(0.35)) return { quietHoursFrom: null, quietHoursTo: null }
  const from = random.integer(0, 47)
  const to = (from + random.integer(1, 24)) % 48
  return { quietHoursFrom: timeOf(from), quietHoursTo: timeOf(to) }
}

const timeOf = (halfHours: number): string =>
  `${String(Math.floor(halfHours / 2)).padStart(2, '0')}:${halfHours % 2 === 0 ? '00' : '30'}`

export function writeCommand(podIds: readonly [string, ...string[]], random: SeededRandom): UserCommand {
  const podId = random.pick(podIds)
  const command = random.next()
  if (command < 0.4) return { type: 'keep-on', podId, choice: random.pick(keepOnChoices) }
  if (command < 0.6) return { type: 'end-keep-on', podId }
  if (command < 0.8) return { type: 'change-rules', podId, changes: writeChanges(random) }
  if (command < 0.83) return { type: 'pause-alerts' }
  if (command < 0.89) return { type: 'set-mode', mode: random.pick(['off', 'ticked', 'all', 'all']) }
  return { type: 'change-settings', changes: writeGuardSettings(random) }
}

function writeChanges(random: SeededRandom): PodRuleChanges {
  const changes: readonly [PodRuleChanges, ...PodRuleChanges[]] = [
    { isAutoStopped: random.bool(0.5) },
    { isAutoStopped: null },
    { autoStopAfterMin: random.integer(45, 300) },
    { autoStopAfterMin: null },
    { idleAlertAfterMin: random.integer(5, 40) },
    { maxHours: random.between(2, 20) },
    { maxHours: null },
    { mayLoseData: random.bool(0.5) },
    { monthlyBudgetUsd: random.between(2, 150), atBudget: 'stop' },
    { atBudget: random.bool(0.5) ? 'stop' : null },
    { monthlyBudgetUsd: null },
  ]
  return random.pick(changes)
}
