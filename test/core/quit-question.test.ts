import { expect, test } from 'vitest'
import type { IntentView } from '../../src/core/intents'
import { quitQuestion } from '../../src/core/quit-question'
import type { PodView } from '../../src/core/snapshot'
import { emptySnapshot } from '../../src/core/snapshot'
import { podView } from '../renderer/pod-views'

function withIntent(name: string, phase: IntentView['phase'], changes: Partial<PodView> = {}): PodView {
  const intent = {
    id: name,
    podId: name,
    action: 'stop',
    phase,
    origin: 'person',
    waitsForGpu: false,
    nextTryAtMs: null,
    canWaitForGpu: false,
    undoUntilMs: 1,
    message: null,
    atMs: 0,
  } as const
  return podView({ id: name, name, intent, ...changes })
}
const ask = (...pods: PodView[]) => quitQuestion({ ...emptySnapshot(0, []), pods })

test('nobody is asked while nothing would be lost: what was sent is sent', () => {
  expect(ask()).toBeNull()
  expect(ask(podView())).toBeNull()
  for (const phase of ['sent', 'accepted', 'observed', 'cancelled', 'failed', 'did-not-happen'] as const)
    expect(ask(withIntent('a', phase))).toBeNull()
})

test('a stop that waits is named, with what it costs not to send it', () => {
  expect(ask(withIntent('llama', 'scheduled', { costPerHourUsd: 10.76 }), withIntent('b', 'sent'))).toEqual({
    message: 'Quit before the stop of llama is sent?',
    detail:
      'If Podkeeper quits now, it is cancelled, and the pod goes on running at $10.76/h. ' +
      'If you wait, Podkeeper quits by itself once it is sent.',
  })
  expect(ask(withIntent('llama', 'scheduled', { costPerHourUsd: null }))?.detail).toContain(
    'goes on running. If',
  )
})

test('of several each is named', () => {
  const question = ask(withIntent('a', 'scheduled'), withIntent('b', 'scheduled'))
  expect(question?.message).toBe('Quit before 2 actions are sent?')
  expect(question?.detail).toMatch(/• stop a, and .*\n• stop b, and /)
})
