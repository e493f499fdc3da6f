import { countsOf, type Measurement } from '../measurement'
import { judgeTelemetryLife, type TelemetryVerdict } from './judge-telemetry-life'
import { runTelemetryLife } from './run-telemetry-life'
import { writeTelemetryLife } from './telemetry-life'

const LIVES = 300

/** Runs the lives of these seeds; what is wrong in one says its seed. */
export async function runTelemetryLives(
  firstSeed: number,
  count: number,
): Promise<readonly TelemetryVerdict[]> {
  const verdicts: TelemetryVerdict[] = []
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const life = writeTelemetryLife(seed)
    const verdict = judgeTelemetryLife(life, await runTelemetryLife(life))
    verdicts.push({ ...verdict, wrong: verdict.wrong.map((what) => `life ${seed}: ${what}`) })
  }
  return verdicts
}

/** Pods of which the API reports what its clients describe. See docs/product-rules.md#28-what-the-api-reports. */
export async function measureTelemetryLives(): Promise<readonly Measurement[]> {
  const verdicts = await runTelemetryLives(1, LIVES)
  const sum = (of: (verdict: TelemetryVerdict) => number): number =>
    verdicts.reduce((total, verdict) => total + of(verdict), 0)
  const wrong = verdicts.flatMap((verdict) => verdict.wrong)
  for (const what of wrong) console.error(what)
  const counts = countsOf('guard')
  return [
    counts('lives of pods that the API reports little of', LIVES),
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
