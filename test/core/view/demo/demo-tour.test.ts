import { expect, test } from 'vitest'
import { intentPhases } from '../../../../src/core/intents/intent'
import {
  tourAfter,
  type TourPod,
  tourSkipped,
  type TourStep,
  tourSteps,
} from '../../../../src/core/view/demo/demo-tour'
import { demoNowMs } from '../../../../src/core/view/demo/demo-view'

const running: TourPod = { phase: 'running', intent: null, guard: { isAutoStopEnabled: false } }
const stopping = (
  phase: (typeof intentPhases)[number],
  action: 'stop' | 'restart' = 'stop',
  origin: 'person' | 'quiet' = 'person',
): TourPod => ({ ...running, intent: { action, phase, origin } })
const switchedOn = (pod: TourPod): TourPod => ({ ...pod, guard: { isAutoStopEnabled: true } })
const stopped: TourPod = { ...running, phase: 'stopped' }

test('the time of the demo runs from where it was', () => {
  expect(demoNowMs({ realMs: 1_000, demoMs: 50_000, factor: 60 }, 3_000)).toBe(170_000)
})

test('the first step waits for a stop, and the second until that was undone or sent', () => {
  expect(tourAfter('stop', running)).toBe('stop')
  expect(tourAfter('stop', stopping('scheduled', 'restart'))).toBe('stop')
  expect(tourAfter('stop', stopping('scheduled'))).toBe('undo')
  expect(tourAfter('undo', stopping('scheduled'))).toBe('undo')
  expect(tourAfter('undo', stopping('cancelled'))).toBe('automatic')
  expect(tourAfter('undo', stopping('sent'))).toBe('automatic')
  expect(tourAfter('stop', stopped)).toBe('automatic')
  expect(tourAfter('undo', stopping('failed'))).toBe('stop')
})

test('the automatic stop waits for the switch and a pod that runs, and only its own stop ends it', () => {
  expect(tourAfter('automatic', running)).toBe('automatic')
  expect(tourAfter('automatic', switchedOn(running))).toBe('watch')
  expect(tourAfter('automatic', switchedOn(stopped))).toBe('start')
  expect(tourAfter('start', switchedOn(stopped))).toBe('start')
  expect(tourAfter('start', switchedOn(running))).toBe('watch')
  expect(tourAfter('watch', switchedOn(running))).toBe('watch')
  expect(tourAfter('watch', switchedOn(stopping('sent', 'stop', 'quiet')))).toBe('watch')
  expect(tourAfter('watch', switchedOn(stopped))).toBe('saved')
  // The person stops it, or turns the switch off.
  const byHand = switchedOn(stopping('scheduled'))
  expect([tourAfter('watch', byHand), tourAfter('start', byHand)]).toEqual(['start', 'start'])
  expect(tourAfter('start', switchedOn(stopping('cancelled')))).toBe('watch')
  expect(tourAfter('watch', { ...switchedOn(stopping('observed')), phase: 'stopped' })).toBe('start')
  for (const step of ['watch', 'start'] as const) expect(tourAfter(step, running)).toBe('automatic')
})

test('what was done or skipped is not asked for again', () => {
  const over: readonly TourStep[] = ['saved', 'done']
  for (const step of over)
    for (const pod of [running, stopped, ...intentPhases.map((phase) => stopping(phase))])
      expect(tourAfter(step, pod)).toBe(step)
  expect(tourSteps.map(tourSkipped)).toEqual([
    'automatic',
    'automatic',
    'done',
    'done',
    'done',
    'done',
    'done',
  ])
})
