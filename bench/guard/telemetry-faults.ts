import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { hashNoise, type SeededRandom } from '../seeded-random'
import { activityLimitsOf } from './activity-limits'
import type { TelemetrySample } from './pod-script'

/*
 * Imperfect telemetry: `runtime` is null now and then, singly and in runs, and replicas disagree by a second or two.
 * See docs/product-rules.md#24-imperfect-telemetry.
 */

/** The share of polls without telemetry. `longer`: also for longer than the gap, so only safety is judged. */
export const missingClasses = ['0%', '1%', '5%', '20%', 'longer'] as const
export type MissingClass = (typeof missingClasses)[number]

export interface TelemetryFaults {
  readonly missingClass: MissingClass
  readonly singleShare: number
  /** How many runs of missing telemetry begin in a minute, per pod. */
  readonly runsPerMinute: number
  readonly longestRunMs: number
}

const sharesOfClass: Readonly<Record<MissingClass, readonly [number, number]>> = {
  '0%': [0, 0],
  '1%': [0.007, 0.0015],
  '5%': [0.04, 0.004],
  '20%': [0.18, 0.008],
  longer: [0.03, 0.006],
}

export function writeTelemetryFaults(random: SeededRandom): TelemetryFaults {
  const missingClass = random.pick<MissingClass>(['0%', '0%', '1%', '1%', '5%', '5%', '20%', '20%', 'longer'])
  const [singleShare, runsPerMinute] = sharesOfClass[missingClass]
  const longestRunMs = (missingClass === 'longer' ? 25 : 4) * MINUTE_MS
  return { missingClass, singleShare, runsPerMinute, longestRunMs }
}

/** A poll is at most this much later than its spacing. */
const LATE_MS = 25 * SECOND_MS
/** Replicas are at most this far behind. */
export const REPLICA_LAG_S = 2

export interface TelemetryDelivery {
  /** What is delivered of the sample at `atMs`. */
  deliver(podSeed: number, sample: TelemetrySample, atMs: number): TelemetrySample
}

/**
 * `pollS`: the spacing of polls, which limits how many in a row may lack telemetry. `bootS`: the uptime below which
 * nothing is judged.
 */
export function createTelemetryDelivery(
  faults: TelemetryFaults,
  pollS: number,
  bootS: number,
): TelemetryDelivery {
  const { missingClass, singleShare, runsPerMinute, longestRunMs } = faults
  const { gapMs } = activityLimitsOf(pollS)
  const deliveredAtMs = new Map<number, number>()
  /** Replies so far, so that two at the same moment may come from different replicas. */
  let replies = 0

  function isInRun(podSeed: number, atMs: number): boolean {
    const minute = Math.floor(atMs / MINUTE_MS)
    for (let back = 0; back <= longestRunMs / MINUTE_MS; back += 1) {
      const start = minute - back
      if (hashNoise(podSeed + 11, start) >= runsPerMinute) continue
      const forMs = MINUTE_MS + hashNoise(podSeed + 13, start) * (longestRunMs - MINUTE_MS)
      if (atMs - start * MINUTE_MS < forMs) return true
    }
    return false
  }

  function isMissing(podSeed: number, atMs: number): boolean {
    const isDrawn =
      hashNoise(podSeed + 17, replies) < singleShare || (runsPerMinute > 0 && isInRun(podSeed, atMs))
    if (!isDrawn || missingClass === 'longer') return isDrawn
    // The next poll must not be the first one after the gap.
    const sinceMs = atMs - (deliveredAtMs.get(podSeed) ?? -Infinity)
    return sinceMs + pollS * SECOND_MS + LATE_MS <= gapMs
  }

  return {
    deliver(podSeed, sample, atMs) {
      replies += 1
      if (isMissing(podSeed, atMs)) return { ...sample, telemetry: null, truth: 'unknown', isText: false }
      const { telemetry } = sample
      if (sample.truth !== 'unknown') deliveredAtMs.set(podSeed, atMs)
      if (telemetry === null || telemetry.uptimeS === null || sample.isFrozen) return sample
      const lagS = Math.floor(hashNoise(podSeed + 19, replies) * (REPLICA_LAG_S + 1))
      const uptimeS = Math.max(0, telemetry.uptimeS - lagS)
      const isBooting = uptimeS < bootS && sample.truth !== 'busy'
      return { ...sample, telemetry: { ...telemetry, uptimeS }, truth: isBooting ? 'unknown' : sample.truth }
    },
  }
}
