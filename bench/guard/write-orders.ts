import type { AccountGuard, AutoStopMode, PodRuleChanges, PodRules } from '../../src/core/guard'
import { keepOnChoices } from '../../src/core/guard'
import type { Settings } from '../../src/core/settings'
import type { Chance } from '../chance'
import type { Order } from './orders'

/** What a person told the guard before the life begins. */
export function writeGuard(podIds: readonly string[], chance: Chance): AccountGuard {
  const autoStop = chance.pick<AutoStopMode>(['all', 'all', 'all', 'ticked', 'ticked', 'off', 'undecided'])
  const pods = podIds.map((podId): [string, PodRules] => {
    const isTicked = chance.is(autoStop === 'ticked' ? 0.7 : 0.85)
    return [
      podId,
      {
        ...(isTicked === (autoStop === 'ticked') && { isAutoStopped: isTicked }),
        ...(chance.is(0.2) && { idleAlertAfterMin: chance.whole(5, 40) }),
        ...(chance.is(0.3) && { autoStopAfterMin: chance.whole(45, 300) }),
        ...(chance.is(0.12) && { maxHours: chance.between(4, 20) }),
        ...(chance.is(0.15) && {
          monthlyBudgetUsd: chance.between(5, 250),
          ...(chance.is(0.7) && { atBudget: 'stop' as const }),
        }),
        ...(chance.is(0.15) && { mayLoseData: true }),
      },
    ]
  })
  return { autoStop, pods: Object.fromEntries(pods) }
}

/** Settings of the guard; most lives stop sooner than the presets would, so that more happens in them. */
export function writeGuardSettings(chance: Chance): Partial<Settings> {
  return {
    autoStopAfterMin: chance.pick([60, 90, 120, 240, 360]),
    areAutoStopsPaused: chance.is(0.05),
    isAutoStopDryRun: chance.is(0.1),
    mayStopUnheard: chance.is(0.15),
  }
}

export function writeOrder(podIds: readonly [string, ...string[]], chance: Chance): Order {
  const podId = chance.pick(podIds)
  const order = chance.next()
  if (order < 0.4) return { does: 'keep-on', podId, choice: chance.pick(keepOnChoices) }
  if (order < 0.6) return { does: 'end-keep-on', podId }
  if (order < 0.8) return { does: 'change-rules', podId, changes: writeChanges(chance) }
  if (order < 0.83) return { does: 'pause-alerts' }
  if (order < 0.89) return { does: 'set-mode', mode: chance.pick(['off', 'ticked', 'all', 'all']) }
  return { does: 'change-settings', changes: writeGuardSettings(chance) }
}

function writeChanges(chance: Chance): PodRuleChanges {
  const changes: readonly [PodRuleChanges, ...PodRuleChanges[]] = [
    { isAutoStopped: chance.is(0.5) },
    { isAutoStopped: null },
    { autoStopAfterMin: chance.whole(45, 300) },
    { autoStopAfterMin: null },
    { idleAlertAfterMin: chance.whole(5, 40) },
    { maxHours: chance.between(2, 20) },
    { maxHours: null },
    { monthlyBudgetUsd: chance.between(5, 250), atBudget: 'stop' },
    { monthlyBudgetUsd: null },
    { mayLoseData: chance.is(0.5) },
  ]
  return chance.pick(changes)
}
