import { expect, test } from 'vitest'
import { runTelemetryLives } from '../../bench/telemetry/measure-telemetry-lives'

// `npm run bench -- guard/telemetry` runs 300.
test('pods that the API reports little of are alerted of and stopped in time, and never wrongly', async () => {
  const verdicts = await runTelemetryLives(404, 8)
  expect(verdicts.flatMap(({ wrong }) => wrong)).toEqual([])
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
  // Proves that the lives contained enough.
  expect(sum(verdicts.map(({ stopsDue }) => stopsDue))).toBeGreaterThan(1)
  expect(sum(verdicts.map(({ idleAlertsDue }) => idleAlertsDue))).toBeGreaterThan(2)
  expect(sum(verdicts.map(({ unknownAlertsDue }) => unknownAlertsDue))).toBeGreaterThan(0)
  expect(sum(verdicts.map(({ missingContainersDue }) => missingContainersDue))).toBeGreaterThan(0)
  expect(sum(verdicts.map(({ deathsDue }) => deathsDue))).toBeGreaterThan(0)
}, 120_000)
