import { countsOf, type Measurement } from '../measurement'
import { judgeToldLife, type ToldVerdict } from './judge-told-life'
import { runToldLife } from './run-told-life'
import { writeToldLife } from './told-life'

const LIVES = 300

/** Runs the lives of these seeds; what is wrong in one says its seed. */
export async function runToldLives(firstSeed: number, count: number): Promise<readonly ToldVerdict[]> {
  const verdicts: ToldVerdict[] = []
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const life = writeToldLife(seed)
    const verdict = judgeToldLife(life, await runToldLife(life))
    verdicts.push({ ...verdict, wrong: verdict.wrong.map((what) => `life ${seed}: ${what}`) })
  }
  return verdicts
}

/** Pods of which the API tells what its clients describe. See docs/product-rules.md#28-what-the-api-tells. */
export async function measureToldLives(): Promise<readonly Measurement[]> {
  const verdicts = await runToldLives(1, LIVES)
  const sum = (of: (verdict: ToldVerdict) => number): number =>
    verdicts.reduce((total, verdict) => total + of(verdict), 0)
  const wrong = verdicts.flatMap((verdict) => verdict.wrong)
  for (const what of wrong) console.error(what)
  const counts = countsOf('guard')
  return [
    counts('lives of pods that the API tells little of', LIVES),
    counts(
      'stops in them that had to come',
      sum(({ stopsDue }) => stopsDue),
    ),
    counts(
      'idle alerts in them that had to come',
      sum(({ idleAlertsDue }) => idleAlertsDue),
    ),
    counts(
      'alerts of unknown activity in them that had to come',
      sum(({ unknownAlertsDue }) => unknownAlertsDue),
    ),
    counts(
      'containers in them that did not come for long',
      sum(({ missingContainersDue }) => missingContainersDue),
    ),
    counts(
      'containers in them that died',
      sum(({ deathsDue }) => deathsDue),
    ),
    counts('stops or alerts in them that were wrong, late or missing', wrong.length, 0),
  ]
}
