import { DAY_MS } from '../../src/core/base/time/time'
import type { Measurement } from '../measurement'
import type { Tally } from './oracle'
import { PODS_PER_ACCOUNT, runSimulations } from './run-simulations'
import type { LivenessFigures } from './stop-counts'
import { type MissingClass, missingClasses } from './telemetry-faults'

/** The minimum content of 300 short simulations; with less they prove nothing. */
const SIMULATIONS = 10_000
const SHORT_ACCOUNTS = 60
const LEAST_OF_SHORT: Partial<Record<keyof Tally, number>> = {
  idleAlertsDue: 101,
  automaticStopsDue: 3,
  idleAlertsDeferred: 1,
  stopsAtBudgetDue: 1,
  userActionsSent: 1,
  userActionsUndone: 1,
  stopsAfterLook: 1,
  failedStops: 1,
}

/** Simulates 10,000 pods through core, and 300 short accounts. */
export async function measureGuardSimulations(): Promise<readonly Measurement[]> {
  const short = await runSimulations(1_000_161, SHORT_ACCOUNTS, 'short')
  const missing = Object.entries(LEAST_OF_SHORT).filter(
    ([name, least]) => short.tally[name as keyof Tally] < least,
  )
  const startedAtMs = performance.now()
  const totals = await runSimulations(1, SIMULATIONS / PODS_PER_ACCOUNT)
  const tookS = (performance.now() - startedAtMs) / 1_000
  const { tally } = totals
  const years = totals.simulatedMs / DAY_MS / 365.25
  return [
    measurement('pod lives without a broken rule', '', totals.simulatedPods),
    measurement('simulated time', 'years', years),
    measurement('samples of pods', '', tally.samples),
    measurement('idle alerts that had to come', '', tally.idleAlertsDue),
    measurement('idle alerts that came', '', tally.idleAlerts),
    measurement('idle alerts that had to come after quiet hours', '', tally.idleAlertsDeferred),
    measurement('latest idle alert', 'polls', tally.longestDelayPolls, { kind: 'value', atMost: 1 }),
    measurement('automatic stops of quiet pods that had to come', '', tally.automaticStopsDue),
    measurement('automatic stops that came', '', tally.automaticStops),
    measurement('automatic stops that came in quiet hours', '', tally.stopsInQuietHours),
    measurement('stops at maximum hours that had to come', '', tally.stopsAtMaxHoursDue),
    measurement('stops at maximum hours that came', '', tally.stopsAtMaxHours),
    measurement('of them terminates, which were chosen', '', tally.terminated),
    measurement('stops at a budget that had to come', '', tally.stopsAtBudgetDue),
    measurement('stops at a budget that came', '', tally.stopsAtBudget),
    measurement('stops and restarts that a person asked for', '', tally.userActionsSent),
    measurement('such that were undone in their seconds', '', tally.userActionsUndone),
    measurement('such that a death in their seconds took back', '', tally.userActionsLostToCrash),
    measurement('dry runs of automatic stops', '', tally.dryRuns),
    measurement('stops that a look from inside decided', '', tally.stopsAfterLook),
    measurement('stops that the API refused or left open', '', tally.failedStops),
    ...missingClasses.flatMap((missingClass) => livenessOf(missingClass, totals.liveness[missingClass])),
    measurement('kinds of events that 300 short lives lack', '', missing.length, {
      kind: 'value',
      atMost: 0,
    }),
    measurement('latest idle alert of 300 short lives', 'polls', short.tally.longestDelayPolls, {
      kind: 'value',
      atMost: 1,
    }),
    measurement('time that it took', 's', tookS),
  ]
}

/** The figures of docs/product-rules.md#35-stops-must-happen for accounts that lack this share of polls. */
function livenessOf(missingClass: MissingClass, figures: LivenessFigures): readonly Measurement[] {
  const { due, made, refused, latestPolls, latestShare, latestShareSinceQuiet, warnings } = figures
  const name = `${missingClass === 'longer' ? 'telemetry missing for longer' : `${missingClass} of telemetry missing`}: `
  const [percent, perStop] = [(share: number): number => share * 100, made === 0 ? 0 : warnings / made]
  return [
    measurement(`${name}stops of quiet pods that were due`, '', due),
    measurement(`${name}of them made`, '', made),
    measurement(`${name}of them refused by the API`, '', refused),
    measurement(`${name}latest stop after pod and warnings required it`, 'polls', latestPolls, {
      kind: 'value',
      atMost: 1,
    }),
    measurement(
      `${name}latest stop after the time of its rule`,
      '% of that time',
      percent(latestShare),
      missingClass === '20%' ? { kind: 'value', atMost: 5 } : null,
    ),
    measurement(
      `${name}longest time beyond its rule since the pod was first quiet`,
      '% of that time',
      percent(latestShareSinceQuiet),
    ),
    measurement(`${name}warnings before a stop`, '', perStop, { kind: 'value', atMost: 2 }),
  ]
}

function measurement(
  name: string,
  unit: string,
  value: number,
  goal: Measurement['goal'] = null,
): Measurement {
  return { group: 'guard', name, unit, value, spread: null, baseline: null, beside: null, goal }
}
