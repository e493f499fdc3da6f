import {
  type AccountGuard,
  type AutoStopMode,
  keepOnChoices,
  type PodRuleChanges,
  type PodRules,
} from '../../src/core/pod-rules/pod-rules'
import type { Settings } from '../../src/core/settings/settings'
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
        ...(chance.is(0.12) && {
          maxHours: chance.between(4, 20),
          ...(chance.is(0.3) && { atMaxHours: 'terminate' as const }),
        }),
        ...(chance.is(0.15) && { mayLoseData: true }),
        ...writeBudget(chance),
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
    ...writeQuietHours(chance),
  }
}

/** Of some pods; most of those are stopped once it is spent. A few hours of a cheap pod, or a day of a dear one. */
function writeBudget(chance: Chance): Pick<PodRules, 'monthlyBudgetUsd' | 'atBudget'> {
  if (!chance.is(0.2)) return {}
  return { monthlyBudgetUsd: chance.between(2, 150), ...(chance.is(0.8) && { atBudget: 'stop' as const }) }
}

function writeQuietHours(chance: Chance): Pick<Settings, 'quietHoursFrom' | 'quietHoursTo'> {
  if (!chance.is(0.35)) return { quietHoursFrom: null, quietHoursTo: null }
  const from = chance.whole(0, 47)
  const to = (from + chance.whole(1, 24)) % 48
  return { quietHoursFrom: timeOf(from), quietHoursTo: timeOf(to) }
}

const timeOf = (halfHours: number): string =>
  `${String(Math.floor(halfHours / 2)).padStart(2, '0')}:${halfHours % 2 === 0 ? '00' : '30'}`

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
    { mayLoseData: chance.is(0.5) },
    { monthlyBudgetUsd: chance.between(2, 150), atBudget: 'stop' },
    { atBudget: chance.is(0.5) ? 'stop' : null },
    { monthlyBudgetUsd: null },
  ]
  return chance.pick(changes)
}
