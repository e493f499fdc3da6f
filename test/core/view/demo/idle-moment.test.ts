import { expect, test } from 'vitest'
import { intentPhases } from '../../../../src/core/intents/intent'
import {
  momentAfter,
  type MomentPod,
  momentSkipped,
  momentSteps,
} from '../../../../src/core/view/demo/idle-moment'

const running: MomentPod = { phase: 'running', intent: null }
const stopping = (phase: (typeof intentPhases)[number], action: 'stop' | 'restart' = 'stop'): MomentPod => ({
  phase: 'running',
  intent: { action, phase },
})

test('the first step waits for a stop, and the second until that was undone or sent', () => {
  expect(momentAfter('stop', running)).toBe('stop')
  expect(momentAfter('stop', stopping('scheduled', 'restart'))).toBe('stop')
  expect(momentAfter('stop', stopping('scheduled'))).toBe('undo')
  expect(momentAfter('undo', stopping('scheduled'))).toBe('undo')
  expect(momentAfter('undo', stopping('cancelled'))).toBe('automatic')
  expect(momentAfter('undo', stopping('sent'))).toBe('automatic')
  expect(momentAfter('stop', { phase: 'stopped', intent: null })).toBe('automatic')
  expect(momentAfter('undo', stopping('failed'))).toBe('stop')
})

test('what was done or skipped is not asked for again', () => {
  for (const step of ['automatic', 'done'] as const)
    for (const pod of [running, ...intentPhases.map((phase) => stopping(phase))])
      expect(momentAfter(step, pod)).toBe(step)
  expect(momentSteps.map(momentSkipped)).toEqual(['automatic', 'automatic', 'done', 'done'])
})
