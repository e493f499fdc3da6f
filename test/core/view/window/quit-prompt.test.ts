import { expect, test } from 'vitest'
import type { IntentView } from '../../../../src/core/intents/intent-view'
import { quitPrompt } from '../../../../src/core/view/window/quit-prompt'
import { emptySnapshot, type PodView } from '../../../../src/core/view/snapshot'
import { scheduleCreate, toCreatePhase } from '../../../../src/core/creation/create-intent'
import { plannedVariables } from '../../../../src/core/creation/create-plan'
import { toCreateView } from '../../../../src/core/creation/create-view'
import { createPlan } from '../../../harness/monitor/create-world'
import { podView, intentView } from '../../../harness/samples/pod-views'
import { instant } from '../../../harness/samples/pods'

function withIntent(name: string, phase: IntentView['phase'], changes: Partial<PodView> = {}): PodView {
  const intent = intentView({ id: name, podId: name, phase, undoUntilMs: 1, atMs: 0 })
  return podView({ id: name, name, intent, ...changes })
}
const ask = (...pods: PodView[]) => askWith([], ...pods)
const askWith = (shells: readonly string[], ...pods: PodView[]) =>
  quitPrompt({ ...emptySnapshot(0, []), pods }, shells)

test('there is no prompt while nothing would be lost, because sent actions are complete', () => {
  expect(ask()).toBeNull()
  expect(ask(podView())).toBeNull()
  for (const phase of ['sent', 'accepted', 'observed', 'cancelled', 'failed', 'did-not-happen'] as const)
    expect(ask(withIntent('a', phase))).toBeNull()
})

test('the prompt names a stop that waits, with the cost of not sending it', () => {
  expect(ask(withIntent('llama', 'scheduled', { costPerHourUsd: 10.76 }), withIntent('b', 'sent'))).toEqual({
    message: 'Quit before the stop of llama is sent?',
    detail:
      'If Podkeeper quits now, it is canceled, and the pod keeps running at $10.76/hr. ' +
      'If you wait, Podkeeper quits automatically once it is sent.',
    stayLabel: 'Wait',
    quitLabel: 'Quit anyway',
  })
  expect(ask(withIntent('llama', 'scheduled', { costPerHourUsd: null }))?.detail).toContain(
    'keeps running. If',
  )
})

test('the prompt names each of several', () => {
  const question = ask(withIntent('a', 'scheduled'), withIntent('b', 'scheduled'))
  expect(question?.message).toBe('Quit before 2 actions are sent?')
  expect(question?.detail).toMatch(/• stop a, and .*\n• stop b, and /)
})

test('the prompt names an open terminal with its pod, and what ends with it', () => {
  expect(askWith(['llama'], podView())).toEqual({
    message: 'Quit with a terminal open?',
    detail:
      'The terminal on llama will close, along with what runs in it unless tmux or a similar program keeps it running. The pods keep running.',
    stayLabel: 'Cancel',
    quitLabel: 'Quit',
  })
  expect(askWith(['a', 'b', 'a'])).toMatchObject({
    message: 'Quit with 3 terminals open?',
    detail: expect.stringContaining('The terminals on a, b will close, along with what runs in them'),
  })
  expect(askWith(['a', 'b', 'c', 'd', 'e'])?.detail).toContain('The terminals on 5 pods will close')
})

test('the prompt mentions terminals next to a waiting action, and offers to wait', () => {
  for (const pods of [
    [withIntent('a', 'scheduled')],
    [withIntent('a', 'scheduled'), withIntent('b', 'scheduled')],
  ]) {
    const question = askWith(['llama'], ...pods)
    expect(question?.detail).toMatch(/If you wait, .*\nThe terminal on llama will close/)
    expect(question?.stayLabel).toBe('Wait')
  }
})

test('the prompt names a pod that would not be created any more, and none that continues later', () => {
  const view = (environment: Record<string, string>) => {
    const plan = createPlan(['H100'], { waitsForMs: 1_000, variables: plannedVariables(environment) })
    const request = { id: 'i', accountId: 'a', runId: 'run-12345', plan, isFromCommandLine: false }
    return toCreateView(
      toCreatePhase(
        scheduleCreate({ ...request, listedPodIds: [] }, instant(0)),
        'waiting',
        instant(0),
        null,
      ),
      instant(0),
    )
  }
  const askAbout = (environment: Record<string, string>) =>
    quitPrompt({ ...emptySnapshot(0, []), creates: [view(environment)] }, [])
  expect(askAbout({ A: 'value' })).toMatchObject({
    message: 'Quit before night-train is created?',
    stayLabel: 'Cancel',
  })
  expect(askAbout({ A: '{{ RUNPOD_SECRET_a }}' })).toBeNull()
})

test('the prompt names transfers of files, and that they can be continued', () => {
  const whileCopying = (transfers: readonly string[], shells: readonly string[] = []) =>
    quitPrompt(emptySnapshot(0, []), shells, transfers)
  expect(whileCopying([])).toBeNull()
  expect(whileCopying(['llama'])).toEqual({
    message: 'Quit while files are copied (llama)?',
    detail: 'The transfer ends. Start it again later to continue from where it is.',
    stayLabel: 'Cancel',
    quitLabel: 'Quit anyway',
  })
  expect(whileCopying(['llama', 'llama'], ['anna'])).toMatchObject({
    message: 'Quit while 2 transfers of files run?',
    detail: expect.stringMatching(/^They end\.[^]*\nThe terminal on anna will close/),
  })
})
