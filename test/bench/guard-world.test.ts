import { describe, expect, test } from 'vitest'
import { activityLimitsOf } from '../../bench/guard/activity-limits'
import { knownFactsOf, malformations, toWirePod, type WireFacts } from '../../bench/guard/malformations'
import { missedText, notDue, updateLiveness } from '../../bench/guard/oracle-liveness'
import { createTelemetryDelivery, type TelemetryFaults } from '../../bench/guard/telemetry-faults'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { dataImpact } from '../../src/core/pods/data-impact'
import { parsePod } from '../../src/providers/runpod/parse/parse-pod'

const facts: WireFacts = {
  id: 'pod-1',
  name: 'trainer',
  status: 'RUNNING',
  actions: ['stop', 'restart', 'terminate'],
  gpus: 1,
  cores: 64,
  volume: 'own',
  isLocked: false,
  clusterId: null,
  costPerHourUsd: 2,
  startedAtMs: Date.UTC(2026, 10, 24),
}

describe('a description with one malformed field', () => {
  test.each([null, ...malformations])(
    'says what is known of the pod to its parser, too: %s',
    (malformation) => {
      const pod = parsePod(toWirePod(facts, malformation))
      if (pod === null) throw new Error('it is a pod')
      const known = knownFactsOf(facts, malformation)
      const survives = pod.areMountsKnown && dataImpact(pod, 'stop').some(({ impact }) => impact === 'kept')
      expect({
        hasVolume: survives,
        isUnlocked: pod.isLocked === false,
        isStopOffered: pod.actions.includes('stop'),
        hasStartTime: pod.startedAtMs !== null,
        hasCost: pod.costPerHourUsd !== null,
        gpus: pod.gpu?.count ?? null,
        // Cores are part of the GPU's description.
        cores: pod.gpu === null ? null : pod.vcpuCount,
      }).toEqual({
        hasVolume: known.hasVolume,
        isUnlocked: known.isUnlocked,
        isStopOffered: known.isActionOffered('stop'),
        hasStartTime: known.hasStartTime,
        hasCost: known.hasCost,
        gpus: known.hasGpuCount ? 1 : null,
        cores: known.hasGpuCount ? known.cores : null,
      })
    },
  )
})

describe('telemetry that is missing now and then', () => {
  const sample = {
    telemetry: { gpus: [], cpuUtilPercent: 0, memoryUtilPercent: 10, uptimeS: 100_000 },
    truth: 'calm',
    isWorking: false,
    isFrozen: false,
    isText: false,
    memory: [10],
  } as const

  /** The share of polls without telemetry, and the longest time between two with it, ms. */
  function pollFor(faults: TelemetryFaults, pollS: number, polls: number) {
    const delivery = createTelemetryDelivery(faults, pollS, 0)
    let [missing, lastMs, longestMs] = [0, 0, 0]
    for (let poll = 0; poll < polls; poll += 1) {
      const atMs = poll * pollS * SECOND_MS
      if (delivery.deliver(7, sample, atMs).telemetry === null) missing += 1
      else {
        longestMs = Math.max(longestMs, atMs - lastMs)
        lastMs = atMs
      }
    }
    return { share: missing / polls, longestMs }
  }

  test.each([15, 60, 90, 120])('leaves no gap where stops must happen, with polls every %i s', (pollS) => {
    const often = {
      missingClass: '20%',
      singleShare: 0.5,
      runsPerMinute: 0.1,
      longestRunMs: 4 * MINUTE_MS,
    } as const
    const { share, longestMs } = pollFor(often, pollS, 5_000)
    expect(share).toBeGreaterThan(0.2)
    expect(longestMs).toBeLessThanOrEqual(activityLimitsOf(pollS).gapMs)
  })

  test('is missing for longer than the gap where only safety is judged', () => {
    const longer = {
      missingClass: 'longer',
      singleShare: 0,
      runsPerMinute: 0.01,
      longestRunMs: 25 * MINUTE_MS,
    } as const
    expect(pollFor(longer, 15, 20_000).longestMs).toBeGreaterThan(10 * MINUTE_MS)
  })
})

describe('a stop that is due', () => {
  const settings = { autoStopFirstWarningMin: 30, autoStopLastWarningMin: 5 }
  const warning = (atMin: number) =>
    ({
      atMs: atMin * MINUTE_MS,
      knownAtMs: atMin * MINUTE_MS,
      cause: 'quiet',
      delivery: 'shown',
    }) as const

  /** What is missed after `lists` lists, one a minute from `fromMin` on, of a stop that is due at 60 min. */
  function missedAfter(lists: number, fromMin: number, warnings: readonly ReturnType<typeof warning>[]) {
    let liveness = notDue
    for (let list = 0; list < lists; list += 1) {
      const trueMs = (fromMin + list) * MINUTE_MS
      const leftMs = 60 * MINUTE_MS - trueMs
      const rest = { settings, pollMs: MINUTE_MS, isSure: false, trueMs }
      liveness = updateLiveness(liveness, { leftMs, warnings, ...rest })
    }
    return missedText(liveness)
  }

  test('is missed at the third list, and not at the second', () => {
    const warnings = [warning(30), warning(55)]
    expect(missedAfter(2, 60, warnings)).toBeNull()
    expect(missedAfter(3, 60, warnings)).toBe('its stop was due for 3 lists')
  })

  test('waits for its warnings, which are missed in the same way', () => {
    expect(missedAfter(3, 60, [warning(32), warning(58)])).toBeNull()
    expect(missedAfter(2, 30, [])).toBeNull()
    expect(missedAfter(3, 30, [])).toBe('its first warning was due for 3 lists')
    expect(missedAfter(3, 55, [warning(30)])).toBe('its last warning was due for 3 lists')
  })
})
