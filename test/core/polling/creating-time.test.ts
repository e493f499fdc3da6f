import { describe, expect, test } from 'vitest'
import type { Pod } from '../../../src/core/pods/pod'
import { createFleet } from '../../../src/core/polling/fleet'
import { defaultActivityRules } from '../../../src/core/idle/sample'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { createFakeClock, START_MS } from '../../harness/base/fake-clock'
import { pod, stoppedPod } from '../../harness/samples/pods'

const old = { createdAtMs: START_MS - 8 * DAY_MS, startedAtMs: START_MS - 8 * DAY_MS }
const creating = (over: Partial<Pod> = {}): Pod =>
  pod({ phase: 'creating', rawStatus: 'STARTING', telemetry: null, ...old, ...over })

/** Since when the pod is creating after each observation; one is `[minutes from the start, the pod]`. */
function creatingTimes(...seen: readonly (readonly [number, Pod])[]) {
  const clock = createFakeClock()
  const fleet = createFleet(
    () => defaultActivityRules,
    () => null,
  )
  return seen.map(([minute, one]) => {
    clock.advance(START_MS + minute * MINUTE_MS - clock.now().wallMs)
    fleet.applyList({ pods: [one], isComplete: true }, fleet.stampRequest(clock.now()))
    return fleet.observedPod(one.id, clock.now())?.creating ?? null
  })
}

describe('a pod that is started again', () => {
  test('counts from when it was first observed creating', () => {
    const since = { sinceMs: START_MS + MINUTE_MS, isAtLeast: false }
    expect(
      creatingTimes([0, stoppedPod(old)], [1, creating()], [2, creating({ rawStatus: 'PROVISIONING' })]),
    ).toEqual([null, since, since])
  })

  test('counts anew at each start', () => {
    const ran = { startedAtMs: START_MS + MINUTE_MS }
    expect(
      creatingTimes(
        [0, stoppedPod(old)],
        [1, creating()],
        [2, pod(ran)],
        [3, stoppedPod(ran)],
        [4, creating(ran)],
      ).at(-1),
    ).toEqual({ sinceMs: START_MS + 4 * MINUTE_MS, isAtLeast: false })
  })

  test('counts anew when it ran between two observations', () => {
    expect(
      creatingTimes([0, stoppedPod(old)], [1, creating()], [2, creating({ startedAtMs: START_MS })]).at(-1),
    ).toMatchObject({ sinceMs: START_MS + 2 * MINUTE_MS })
  })

  test('is creating for at least the observed time when nothing was observed before', () => {
    expect(creatingTimes([0, creating()], [10, creating()])).toEqual([
      { sinceMs: START_MS, isAtLeast: true },
      { sinceMs: START_MS, isAtLeast: true },
    ])
    expect(creatingTimes([0, stoppedPod(old)], [540, creating()]).at(-1)).toEqual({
      sinceMs: START_MS + 9 * HOUR_MS,
      isAtLeast: true,
    })
  })
})

describe('a pod that never ran', () => {
  const never = { createdAtMs: START_MS - 20 * MINUTE_MS, startedAtMs: null }

  test('counts from its creation, even when it is observed late', () => {
    expect(creatingTimes([0, creating(never)], [1, creating(never)])).toEqual([
      { sinceMs: never.createdAtMs, isAtLeast: false },
      { sinceMs: never.createdAtMs, isAtLeast: false },
    ])
  })

  test('counts from its start when it was observed stopped', () => {
    const eightDays = { createdAtMs: START_MS - 8 * DAY_MS, startedAtMs: null }
    expect(creatingTimes([0, stoppedPod(eightDays)], [1, creating(eightDays)]).at(-1)).toEqual({
      sinceMs: START_MS + MINUTE_MS,
      isAtLeast: false,
    })
  })

  test('counts from its first observation when no creation time is known', () => {
    expect(creatingTimes([0, creating({ createdAtMs: null, startedAtMs: null })])).toEqual([
      { sinceMs: START_MS, isAtLeast: true },
    ])
  })
})

test('a status that is unknown for a poll does not restart the count', () => {
  const odd = creating({ phase: 'unknown', rawStatus: '' })
  expect(creatingTimes([0, stoppedPod(old)], [1, creating()], [2, odd], [3, creating()]).at(-1)).toEqual({
    sinceMs: START_MS + MINUTE_MS,
    isAtLeast: false,
  })
})

test('a pod that runs, is stopped or has an error is not creating', () => {
  const others = [pod(old), stoppedPod(old), pod({ ...old, phase: 'error' })]
  for (const one of others) expect(creatingTimes([0, creating()], [1, one]).at(-1)).toBeNull()
})
