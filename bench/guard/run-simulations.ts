import { DAY_MS } from '../../src/core/base/time'
import type { Measurement } from '../measurement'
import { type ScriptLength, writeAccountScript } from './account-script'
import type { Tally } from './oracle'
import { addLiveness, type LivenessFigures, noLiveness } from './stop-counts'
import { type MissingClass, missingClasses } from './telemetry-faults'
import { runSimulation } from './run-simulation'

const PODS_PER_ACCOUNT = 5
const SIMULATIONS = 10_000
/** How many log lines are shown. The cause of a violation is near the end. */
const LOG_LINES = 80

export interface SimulationTotals extends Tally {
  readonly simulatedPods: number
  readonly simulatedMs: number
}

/** Thrown for a simulation in which a rule was broken. The message has the seed and the log. */
export class RuleViolationError extends Error {}

/**
 * Simulates the accounts of `count` seeds from `firstSeed` on. Throws a `RuleViolationError` at the first violation.
 */
export async function runSimulations(
  firstSeed: number,
  count: number,
  length: ScriptLength = 'whole',
): Promise<SimulationTotals> {
  let total: SimulationTotals | null = null
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const script = writeAccountScript(seed, PODS_PER_ACCOUNT, length)
    const { violations, tally } = await runSimulation(script)
    if (violations.length > 0) throw new RuleViolationError(await formatStory(seed, length))
    const totals = {
      ...tally,
      simulatedPods: PODS_PER_ACCOUNT,
      simulatedMs: (script.toMs - script.fromMs) * PODS_PER_ACCOUNT,
    }
    total = total === null ? totals : sum(total, totals)
  }
  if (total === null) throw new Error('no life was lived')
  return total
}

function sum(one: SimulationTotals, other: SimulationTotals): SimulationTotals {
  const names = Object.keys(one) as (keyof SimulationTotals)[]
  const longestDelayPolls = Math.max(one.longestDelayPolls, other.longestDelayPolls)
  const added = Object.fromEntries(names.map((name) => [name, one[name] + other[name]]))
  return { ...one, ...added, longestDelayPolls }
}

/** The log of a seed's account up to its first violation, as readable lines. */
export async function formatStory(seed: number, length: ScriptLength = 'whole'): Promise<string> {
  const { violations, entries } = await runSimulation(
    writeAccountScript(seed, PODS_PER_ACCOUNT, length),
    true,
  )
  const [violation] = violations
  const about = violation?.podId ?? null
  const lines = entries
    .filter(({ podId }) => podId === null || about === null || podId === about)
    .slice(-LOG_LINES)
    .map(
      ({ atMs, podId, text }) =>
        `  ${new Date(atMs).toISOString()}  ${podId === null ? '' : `${podId} `}${text}`,
    )
  const headline =
    violation === undefined
      ? `Seed ${seed}: nothing went wrong.`
      : `Seed ${seed}: the rule "${violation.rule}" was broken. See it again by: npm run bench -- guard/simulations --seed ${seed}`
  return [headline, ...lines].join('\n')
}

/** The minimum content of 300 short simulations; with less they prove nothing. */
const SHORT_ACCOUNTS = 60
const LEAST_OF_SHORT: Partial<Record<keyof SimulationTotals, number>> = {
  idleAlertsDue: 101,
  automaticStopsDue: 6,
  idleAlertsDeferred: 1,
  stopsAtBudgetDue: 1,
  userActionsSent: 1,
  userActionsUndone: 1,
}

/** Simulates 10,000 pods through core, and 300 short accounts. */
export async function measureGuardSimulations(): Promise<readonly Measurement[]> {
  const short = await runSimulations(1_000_001, SHORT_ACCOUNTS, 'short')
  const missing = Object.entries(LEAST_OF_SHORT).filter(
    ([name, least]) => short[name as keyof SimulationTotals] < least,
  )
  const startedAtMs = performance.now()
  const totals = await runSimulations(1, SIMULATIONS / PODS_PER_ACCOUNT)
  const tookS = (performance.now() - startedAtMs) / 1_000
  const years = totals.simulatedMs / DAY_MS / 365.25
  const measurement = (
    name: string,
    unit: string,
    value: number,
    goal: Measurement['goal'] = null,
  ): Measurement => ({
    group: 'guard',
    name,
    unit,
    value,
    spread: null,
    baseline: null,
    beside: null,
    goal,
  })
  return [
    measurement('pod lives without a broken rule', '', totals.simulatedPods),
    measurement('simulated time', 'years', years),
    measurement('looks at a pod', '', totals.samples),
    measurement('idle alerts that had to come', '', totals.idleAlertsDue),
    measurement('idle alerts that came', '', totals.idleAlerts),
    measurement('idle alerts that had to come after quiet hours', '', totals.idleAlertsDeferred),
    measurement('latest idle alert', 'polls', totals.longestDelayPolls, { kind: 'value', atMost: 1 }),
    measurement('automatic stops of quiet pods that had to come', '', totals.automaticStopsDue),
    measurement('automatic stops that came', '', totals.automaticStops),
    measurement('automatic stops that came in quiet hours', '', totals.stopsInQuietHours),
    measurement('stops at maximum hours that had to come', '', totals.stopsAtMaxHoursDue),
    measurement('stops at maximum hours that came', '', totals.stopsAtMaxHours),
    measurement('of them terminates, which were chosen', '', totals.terminated),
    measurement('stops at a budget that had to come', '', totals.stopsAtBudgetDue),
    measurement('stops at a budget that came', '', totals.stopsAtBudget),
    measurement('stops and restarts that a person asked for', '', totals.userActionsSent),
    measurement('such that were undone in their seconds', '', totals.userActionsUndone),
    measurement('such that a death in their seconds took back', '', totals.userActionsLostToCrash),
    measurement('rehearsals of automatic stops', '', totals.rehearsals),
    measurement('kinds of events that 300 short lives lack', '', missing.length, {
      kind: 'value',
      atMost: 0,
    }),
    measurement('latest idle alert of 300 short lives', 'polls', short.longestDelayPolls, {
      kind: 'value',
      atMost: 1,
    }),
    measurement('time that it took', 's', tookS),
  ]
}
