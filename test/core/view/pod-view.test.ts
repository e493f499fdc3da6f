import { describe, expect, test } from 'vitest'
import type { Activity } from '../../../src/core/idle/activity'
import { noGuard } from '../../../src/core/guard/guard-view'
import type { Pod } from '../../../src/core/pods/pod'
import { HOUR_MS } from '../../../src/core/base/time/time'
import { toPodView } from '../../../src/core/view/pod-view'
import { isActionAllowed } from '../../../src/core/pods/pod-capabilities'
import { START_MS } from '../../harness/base/fake-clock'
import { intentsByState } from '../../harness/samples/intents'
import { pod, stoppedPod } from '../../harness/samples/pods'

const idle: Activity = {
  kind: 'idle',
  sinceMs: START_MS - HOUR_MS,
  idleForMs: HOUR_MS,
  quietForMs: HOUR_MS,
  evidence: {
    gpuUtil: { min: 0, max: 0 },
    cpuUtil: { min: 0, max: 0 },
    isMemoryStill: true,
    samples: 2,
    idleSamples: 2,
  },
}
const seen = {
  creating: null,
  utilPercent: 3,
  telemetry: null,
  uptimeMs: null,
  isBetweenRefreshes: false,
  lacksFiguresForMs: null,
  reportedMetrics: null,
  unjudged: null,
  isUptimeReported: false,
}
const state = {
  guarded: { guard: noGuard, insideLook: null, alertAfterMs: 900_000 },
  intent: null,
  money: null,
}
const view = (one: Pod, activity: Activity = idle) =>
  toPodView('account', { ...seen, pod: one, activity }, state, START_MS)

describe('the buttons follow the pod’s own actions:', () => {
  test('only known actions are offered', () => {
    expect(view(pod()).actions).toEqual(['stop', 'restart', 'terminate'])
    expect(view(stoppedPod()).actions).toEqual(['start', 'terminate'])
    expect(view(pod({ actions: [] })).actions).toEqual([])
    expect(view(pod({ actions: ['defrost', 'stop'] })).actions).toEqual(['stop'])
  })

  test('a stop that the pod does not allow is not offered, whatever its status', () => {
    expect(isActionAllowed(pod({ actions: ['restart'] }), 'stop')).toBe(false)
    expect(isActionAllowed(stoppedPod({ actions: ['stop'] }), 'stop')).toBe(true)
  })

  test('a member of a cluster is read-only', () => {
    expect(view(pod({ clusterId: 'cluster-1' })).actions).toEqual([])
  })

  test('a locked pod cannot be stopped, and one with an unknown lock can be stopped by the user', () => {
    expect(isActionAllowed(pod({ isLocked: true }), 'stop')).toBe(false)
    expect(isActionAllowed(pod({ isLocked: true }), 'terminate')).toBe(false)
    expect(isActionAllowed(stoppedPod({ isLocked: true }), 'start')).toBe(true)
    expect(isActionAllowed(pod({ isLocked: null }), 'stop')).toBe(true)
  })
})

describe('a pod with an unknown status', () => {
  const odd = view(pod({ phase: 'unknown', rawStatus: 'MIGRATING', statusReason: 'Moving host.' }))

  test('is shown with the raw status and the API’s reason', () => {
    expect(odd).toMatchObject({ phase: 'unknown', rawStatus: 'MIGRATING', statusReason: 'Moving host.' })
  })

  test('has no activity, no load and no idle cost', () => {
    expect(odd).toMatchObject({
      activity: { kind: 'unknown', reason: 'not-running' },
      utilPercent: null,
      idleCostUsd: null,
    })
  })
})

describe('the cost on a card:', () => {
  test('an idle pod shows its idle cost', () => {
    expect(view(pod()).idleCostUsd).toBe(2)
    expect(view(pod({ costPerHourUsd: null })).idleCostUsd).toBeNull()
    expect(view(pod(), { kind: 'busy', by: 'gpu', partlyIdle: null }).idleCostUsd).toBeNull()
  })

  test('a running pod shows its cost since its start, where both are known', () => {
    expect(view(pod()).costSinceStartUsd).toBe(2)
    expect(view(pod({ startedAtMs: null })).costSinceStartUsd).toBeNull()
    expect(view(pod({ costPerHourUsd: null })).costSinceStartUsd).toBeNull()
    expect(view(pod({ startedAtMs: START_MS + HOUR_MS })).costSinceStartUsd).toBe(0)
  })

  test('a pod that is creating again shows no cost since the start of its last run', () => {
    const again = pod({ phase: 'creating', rawStatus: 'STARTING', telemetry: null })
    expect(view(again).costSinceStartUsd).toBeNull()
  })

  test('a stopped pod shows the cost of its disk, and only a stopped one does', () => {
    expect(view(stoppedPod()).stoppedDiskPerHourUsd).toBeCloseTo((100 * 0.2) / 720, 12)
    expect(view(stoppedPod()).costSinceStartUsd).toBeNull()
    expect(view(pod()).stoppedDiskPerHourUsd).toBeNull()
  })

  test('the cost of a pod with an error counts, if there is any', () => {
    expect(view(pod({ phase: 'error', statusReason: 'No such image.' }))).toMatchObject({
      costPerHourUsd: 2,
      costSinceStartUsd: 2,
      statusReason: 'No such image.',
    })
  })
})

test.each<[Partial<Pod>, string | null, number]>([
  [{ gpu: { name: 'H100 SXM', count: 4 } }, '4 × H100 SXM', 4],
  [{ gpu: null, cpu: { name: 'EPYC' }, vcpuCount: 8 }, 'EPYC · 8 vCPU', 0],
  [{ gpu: { name: 'none', count: 0 }, cpu: { name: null }, vcpuCount: 8 }, '8 vCPU', 0],
  [{ gpu: null, cpu: null, vcpuCount: null }, null, 0],
])('the hardware of %o is shown as %s', (overrides, hardware, gpuCount) => {
  expect(view(pod(overrides))).toMatchObject({ hardware, gpuCount })
})

test('a pod includes its action, and what a stop would keep and lose', () => {
  const shown = toPodView(
    'account',
    { ...seen, pod: pod(), activity: idle },
    { ...state, intent: intentsByState('stop').scheduled },
    START_MS,
  )
  expect(shown.intent).toMatchObject({ phase: 'scheduled', undoUntilMs: START_MS + 5_000 })
  expect(shown.stopImpact.map(({ storage }) => storage)).toEqual(['volume', 'container-disk'])
  expect(shown.alertAfterMs).toBe(900_000)
  expect(shown.utilPercent).toBe(3)
})
