import { DAY_MS } from '../../src/core/base/time'
import type { Figure } from '../figure'
import { type Length, writeAccountScript } from './account-script'
import type { Tally } from './judge'
import { live } from './live'

const PODS_PER_ACCOUNT = 5
const LIVES = 10_000
/** Lines of a story that are told: what led to a violation lies near it. */
const STORY_LINES = 80

export interface Lived extends Tally {
  readonly podLives: number
  readonly simulatedMs: number
}

/** A life in which a rule was broken: its message tells the seed and the story. */
export class RuleBroken extends Error {}

/** Lives the accounts of `count` seeds from `firstSeed` on; throws a `RuleBroken` at the first violation. */
export async function liveMany(firstSeed: number, count: number, length: Length = 'whole'): Promise<Lived> {
  let total: Lived | null = null
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const script = writeAccountScript(seed, PODS_PER_ACCOUNT, length)
    const { violations, tally } = await live(script)
    if (violations.length > 0) throw new RuleBroken(await storyOf(seed, length))
    const lived = {
      ...tally,
      podLives: PODS_PER_ACCOUNT,
      simulatedMs: (script.toMs - script.fromMs) * PODS_PER_ACCOUNT,
    }
    total = total === null ? lived : sum(total, lived)
  }
  if (total === null) throw new Error('no life was lived')
  return total
}

function sum(one: Lived, other: Lived): Lived {
  const names = Object.keys(one) as (keyof Lived)[]
  const longestDelayPolls = Math.max(one.longestDelayPolls, other.longestDelayPolls)
  const added = Object.fromEntries(names.map((name) => [name, one[name] + other[name]]))
  return { ...one, ...added, longestDelayPolls }
}

/** What happened to the account of a seed, up to its first violation, as lines for people. */
export async function storyOf(seed: number, length: Length = 'whole'): Promise<string> {
  const { violations, story } = await live(writeAccountScript(seed, PODS_PER_ACCOUNT, length), true)
  const [violation] = violations
  const about = violation?.podId ?? null
  const lines = story
    .filter(({ podId }) => podId === null || about === null || podId === about)
    .slice(-STORY_LINES)
    .map(
      ({ atMs, podId, words }) =>
        `  ${new Date(atMs).toISOString()}  ${podId === null ? '' : `${podId} `}${words}`,
    )
  const headline =
    violation === undefined
      ? `Seed ${seed}: nothing went wrong.`
      : `Seed ${seed}: the rule "${violation.rule}" was broken. See it again by: npm run bench -- guard/lives --seed ${seed}`
  return [headline, ...lines].join('\n')
}

/** What 300 short lives must contain, or they prove nothing. */
const SHORT_ACCOUNTS = 60
const LEAST_OF_SHORT: Partial<Record<keyof Lived, number>> = {
  idleAlertsDue: 101,
  automaticStopsDue: 6,
  idleAlertsHeldBack: 1,
  stopsAtBudgetDue: 1,
  wishesSent: 1,
  wishesUndone: 1,
}

/** 10,000 pod lives through core, and 300 short ones. */
export async function lifeFigures(): Promise<readonly Figure[]> {
  const short = await liveMany(1_000_001, SHORT_ACCOUNTS, 'short')
  const missing = Object.entries(LEAST_OF_SHORT).filter(([name, least]) => short[name as keyof Lived] < least)
  const startedAtMs = performance.now()
  const lived = await liveMany(1, LIVES / PODS_PER_ACCOUNT)
  const tookS = (performance.now() - startedAtMs) / 1_000
  const years = lived.simulatedMs / DAY_MS / 365.25
  const figure = (name: string, unit: string, value: number, goal: Figure['goal'] = null): Figure => ({
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
    figure('pod lives without a broken rule', '', lived.podLives),
    figure('simulated time', 'years', years),
    figure('looks at a pod', '', lived.looks),
    figure('idle alerts that had to come', '', lived.idleAlertsDue),
    figure('idle alerts that came', '', lived.idleAlerts),
    figure('idle alerts that had to come after quiet hours', '', lived.idleAlertsHeldBack),
    figure('latest idle alert', 'polls', lived.longestDelayPolls, { kind: 'value', atMost: 1 }),
    figure('automatic stops of quiet pods that had to come', '', lived.automaticStopsDue),
    figure('automatic stops that came', '', lived.automaticStops),
    figure('automatic stops that came in quiet hours', '', lived.stopsInQuietHours),
    figure('stops at maximum hours that had to come', '', lived.stopsAtMaxHoursDue),
    figure('stops at maximum hours that came', '', lived.stopsAtMaxHours),
    figure('of them terminates, which were chosen', '', lived.terminated),
    figure('stops at a budget that had to come', '', lived.stopsAtBudgetDue),
    figure('stops at a budget that came', '', lived.stopsAtBudget),
    figure('stops and restarts that a person asked for', '', lived.wishesSent),
    figure('such that were undone in their seconds', '', lived.wishesUndone),
    figure('such that a death in their seconds took back', '', lived.wishesLostToDeath),
    figure('rehearsals of automatic stops', '', lived.rehearsals),
    figure('kinds of events that 300 short lives lack', '', missing.length, { kind: 'value', atMost: 0 }),
    figure('latest idle alert of 300 short lives', 'polls', short.longestDelayPolls, {
      kind: 'value',
      atMost: 1,
    }),
    figure('time that it took', 's', tookS),
  ]
}
