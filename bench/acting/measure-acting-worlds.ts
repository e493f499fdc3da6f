import { countsOf, type Measurement } from '../measurement'
import { couldStopAt, WORLD_MIN, writeActingWorld } from './acting-world'
import { judgeActingWorld } from './judge-acting-world'
import { runActingWorld } from './run-acting-world'

const WORLDS = 10_000

export interface ActingVerdict {
  readonly wrong: readonly string[]
  /** Whether the rule could not be carried out for an hour, although nobody chose that. */
  readonly wasUnable: boolean
  readonly isStopped: boolean
  readonly wasHandedOver: boolean
}

/** Runs the worlds of these seeds; what is wrong in one says its seed. */
export async function runActingWorlds(firstSeed: number, count: number): Promise<readonly ActingVerdict[]> {
  const verdicts: ActingVerdict[] = []
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const world = writeActingWorld(seed)
    const minutes = await runActingWorld(world)
    const unable = Array.from({ length: WORLD_MIN }, (_, min) => min).filter(
      (min) => !couldStopAt(world, min),
    )
    verdicts.push({
      wrong: judgeActingWorld(world, minutes).map((what) => `world ${seed}: ${what}`),
      wasUnable: world.choice === 'none' && unable.length >= 60,
      isStopped: minutes.at(-1)?.isStopped === true,
      wasHandedOver: minutes.some(({ lease }) => lease === false),
    })
  }
  return verdicts
}

/** Parts that fail in every way: each due rule is carried out, chosen, or explained. */
export async function measureActingWorlds(): Promise<readonly Measurement[]> {
  const verdicts = await runActingWorlds(1, WORLDS)
  const count = (of: (verdict: ActingVerdict) => boolean): number => verdicts.filter(of).length
  const wrong = verdicts.flatMap((verdict) => verdict.wrong)
  for (const what of wrong) console.error(what)
  const counts = countsOf('guard')
  return [
    counts('worlds in which parts fail', WORLDS),
    counts(
      'of them with a rule that nobody could carry out for an hour',
      count(({ wasUnable }) => wasUnable),
    ),
    counts(
      'of them with a pod that was stopped in the end',
      count(({ isStopped }) => isStopped),
    ),
    counts(
      'of them with a rule that was left to the guard in the pod',
      count(({ wasHandedOver }) => wasHandedOver),
    ),
    counts('rules in them that nobody carried out and nobody was told of', wrong.length, 0),
  ]
}

/** A world, what changed in it from minute to minute, and what is wrong. */
export async function formatActingWorld(seed: number): Promise<string> {
  const world = writeActingWorld(seed)
  const minutes = await runActingWorld(world)
  let before = ''
  const changes = minutes.flatMap(({ alerts, ...seen }, minute) => {
    const now = JSON.stringify({ ...seen, alerts: alerts.map(({ kind, episode }) => `${kind} ${episode}`) })
    if (now === before) return []
    before = now
    return [`${minute}  ${now}`]
  })
  return [JSON.stringify(world), ...changes, ...judgeActingWorld(world, minutes)].join('\n')
}
