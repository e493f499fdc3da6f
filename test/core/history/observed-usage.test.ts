import { expect, test } from 'vitest'
import { createUsageObserver } from '../../../src/core/history/observed-usage'
import type { UsageSample } from '../../../src/core/history/usage'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import type { Pod } from '../../../src/core/pods/pod'
import { createFleet } from '../../../src/core/polling/fleet'
import { defaultActivityRules } from '../../../src/core/idle/sample'
import { instant, pod, stoppedPod, telemetry } from '../../harness/samples/pods'

function observing() {
  const recorded: UsageSample[][] = []
  const observe = createUsageObserver({ record: (samples) => recorded.push([...samples]) })
  const fleet = createFleet(
    () => ({ ...defaultActivityRules, bootMs: 0 }),
    () => null,
  )
  return {
    recorded,
    list: (seconds: number, ...pods: Pod[]) => {
      const request = fleet.stampRequest(instant(seconds * SECOND_MS))
      const listed = fleet.applyList({ pods, isComplete: true }, request)
      observe({ at: request.at, listed, observed: fleet.observedPods(request.at), isComplete: true })
      return recorded.at(-1)
    },
  }
}

test('a running pod is recorded with its figures at each poll', () => {
  const { list, recorded } = observing()
  const figures = telemetry({
    gpus: [{ utilPercent: 93.4, memoryUtilPercent: 41 }],
    cpuUtilPercent: Number.NaN,
  })
  expect(list(0, pod({ telemetry: figures }))).toMatchObject([
    { podId: 'pod-1', gpus: [{ util: 93.5, memory: 41 }], cpu: null, memory: 20, isNewRun: false },
  ])
  list(15, pod({ telemetry: telemetry({ uptimeS: 3_700 }) }))
  expect(recorded).toHaveLength(2)
  expect(recorded[1]?.[0]?.state).toBe('idle')
})

test('figures that are none are unknown, and so is what the pod did', () => {
  const { list } = observing()
  const figures = telemetry({ gpus: [{ utilPercent: 250, memoryUtilPercent: -1 }] })
  expect(list(0, pod({ telemetry: figures }))).toMatchObject([
    { state: 'unknown', gpus: [{ util: null, memory: null }] },
  ])
  expect(list(15, pod({ telemetry: null }))).toMatchObject([{ state: 'unknown', gpus: [], cpu: null }])
})

test('a stopped pod is recorded once a minute, and at once when it runs again', () => {
  const { list, recorded } = observing()
  for (let second = 0; second < 120; second += 15) list(second, stoppedPod())
  expect(recorded.map(([sample]) => sample?.state)).toEqual(['off', 'off'])
  expect(list(120, pod())?.[0]?.state).not.toBe('off')
})

test('a start that was seen is marked once, and the first sight of a pod is none', () => {
  const { list } = observing()
  const started = pod().startedAtMs ?? 0
  expect(list(0, pod())?.[0]?.isNewRun).toBe(false)
  const again = pod({ startedAtMs: started + 30 * MINUTE_MS })
  expect(list(15, again)?.[0]?.isNewRun).toBe(true)
  expect(list(30, again)?.[0]?.isNewRun).toBe(false)
})

test('a pod that the list does not show is not recorded, even while it is not known to be gone', () => {
  const { list, recorded } = observing()
  list(0, pod(), pod({ id: 'pod-2' }))
  expect(list(15, pod({ id: 'pod-2' }))?.map(({ podId }) => podId)).toEqual(['pod-2'])
  expect(recorded).toHaveLength(2)
})
