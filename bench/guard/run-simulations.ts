import { type AccountScript, pollSecondsOf, type ScriptLength, writeAccountScript } from './account-script'
import type { Tally } from './oracle'
import { addLiveness, type LivenessFigures, noLiveness } from './stop-counts'
import { type MissingClass, missingClasses } from './telemetry-faults'
import { runSimulation } from './run-simulation'

export const PODS_PER_ACCOUNT = 5
/** Between the seeds of the accounts of one program. */
const SEEDS_APART = 5_000_000
/** How many log lines are shown. The cause of a violation is near the end. */
const LOG_LINES = 80

export interface SimulationTotals {
  readonly tally: Tally
  readonly simulatedPods: number
  readonly simulatedMs: number
  /** How reliably stops came, by the share of polls without telemetry. */
  readonly liveness: Readonly<Record<MissingClass, LivenessFigures>>
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
  accountCount = 1,
): Promise<SimulationTotals> {
  let total: SimulationTotals | null = null
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const scripts = writeScripts(seed, length, accountCount)
    const [{ fromMs, toMs, telemetry }] = scripts
    const { violations, accounts } = await runSimulation(scripts)
    if (violations.length > 0) throw new RuleViolationError(await formatStory(seed, length, accountCount))
    for (const { tally, liveness } of accounts) {
      const totals: SimulationTotals = {
        tally,
        simulatedPods: PODS_PER_ACCOUNT,
        simulatedMs: (toMs - fromMs) * PODS_PER_ACCOUNT,
        liveness: { ...noLivenessByClass, [telemetry.missingClass]: liveness },
      }
      total = total === null ? totals : addTotals(total, totals)
    }
  }
  if (total === null) throw new Error('no life was lived')
  return total
}

/** How many accounts pass until the number of those that were judged is said. */
const PROGRESS_EVERY = 50

/** Simulates the accounts of `count` seeds, and says the log of each that broke a rule. Returns how many did. */
export async function judgeSeeds(
  firstSeed: number,
  count: number,
  accountCount: number,
  say: (text: string) => void,
): Promise<number> {
  let broken = 0
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    try {
      await runSimulations(seed, 1, 'whole', accountCount)
    } catch (cause) {
      if (!(cause instanceof RuleViolationError)) throw cause
      broken += 1
      say(cause.message)
    }
    const judged = seed - firstSeed + 1
    if (judged % PROGRESS_EVERY === 0 || judged === count)
      say(`${judged} of ${count} judged, to seed ${seed}: ${broken} broken`)
  }
  return broken
}

/** The accounts of one program. Their pods have the same ids and names. */
function writeScripts(
  seed: number,
  length: ScriptLength,
  accountCount: number,
): readonly [AccountScript, ...AccountScript[]] {
  const first = writeAccountScript(seed, PODS_PER_ACCOUNT, length)
  const others = Array.from({ length: accountCount - 1 }, (_, at) =>
    writeAccountScript(seed + (at + 1) * SEEDS_APART, PODS_PER_ACCOUNT, length, first),
  )
  return [first, ...others]
}

const noLivenessByClass = Object.fromEntries(
  missingClasses.map((missingClass) => [missingClass, noLiveness]),
) as Record<MissingClass, LivenessFigures>

export function addTotals(one: SimulationTotals, other: SimulationTotals): SimulationTotals {
  const names = Object.keys(one.tally) as (keyof Tally)[]
  const longestDelayPolls = Math.max(one.tally.longestDelayPolls, other.tally.longestDelayPolls)
  const added = Object.fromEntries(names.map((name) => [name, one.tally[name] + other.tally[name]]))
  const liveness = Object.fromEntries(
    missingClasses.map((name) => [name, addLiveness(one.liveness[name], other.liveness[name])]),
  ) as SimulationTotals['liveness']
  return {
    tally: { ...one.tally, ...added, longestDelayPolls },
    simulatedPods: one.simulatedPods + other.simulatedPods,
    simulatedMs: one.simulatedMs + other.simulatedMs,
    liveness,
  }
}

/** The log of a seed's account up to its first violation, as readable lines. */
export async function formatStory(
  seed: number,
  length: ScriptLength = 'whole',
  accountCount = 1,
): Promise<string> {
  const scripts = writeScripts(seed, length, accountCount)
  const [script] = scripts
  const { violations, entries } = await runSimulation(scripts, true)
  const world = `telemetry missing: ${script.telemetry.missingClass}, polls every ${pollSecondsOf(script)} s`
  const [violation] = violations
  const about = violation?.podId ?? null
  const lines = entries
    .filter(({ accountId }) => accountId === '' || accountId === (violation?.accountId ?? accountId))
    .filter(({ podId }) => podId === null || about === null || podId === about)
    .slice(-LOG_LINES)
    .map(
      ({ atMs, podId, text }) =>
        `  ${new Date(atMs).toISOString()}  ${podId === null ? '' : `${podId} `}${text}`,
    )
  const headline =
    violation === undefined
      ? `Seed ${seed} (${world}): nothing went wrong.`
      : `Seed ${seed} (${world}): the rule "${violation.rule}" was broken. See it again by: npm run bench -- guard/simulations --seed ${seed}${accountCount === 1 ? '' : ` --accounts ${accountCount}`}`
  return [headline, ...lines].join('\n')
}
