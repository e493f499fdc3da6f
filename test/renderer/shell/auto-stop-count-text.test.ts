import { expect, test } from 'vitest'
import { autoStopCountText } from '../../../src/renderer/shell/shell-text'
import { guardViewWith, podView, snapshotOf } from '../../harness/samples/pod-views'

const selected = podView({ guard: guardViewWith({ kind: 'watching', dueAtMs: null }) })
const guard = { autoStop: 'ticked', areAutoStopsPaused: false, isDryRun: false } as const

test('the rail says how many pods may be stopped automatically', () => {
  const text = (...pods: (typeof selected)[]) => autoStopCountText({ pods, guard })
  expect(text()).toBe('')
  expect(text(podView())).toBe('Auto-stop: no pods')
  expect(text(selected)).toBe('Auto-stop: 1 pod')
  expect(text(selected, podView())).toBe('Auto-stop: 1 of 2')
  // Those of a cluster are read-only.
  expect(text(selected, podView({ clusterId: 'c' }))).toBe('Auto-stop: 1 pod')
  expect(autoStopCountText(snapshotOf([selected], { guard: { ...guard, areAutoStopsPaused: true } }))).toBe(
    'Auto-stop paused',
  )
})
