import { expect, test } from 'vitest'
import type { IntentPhase } from '../../../src/core/intents/intent'
import { DAY_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { createIntentRunnerFixture, createMemoryJournal } from '../../harness/monitor/intent-runner-fixture'
import { pod, stoppedPod } from '../../harness/samples/pods'
import { createScriptedProvider } from '../../harness/monitor/scripted-provider'

/** A waiting process takes over from one that was killed after a stop was requested `agoMs` ago. */
async function takeOver(agoMs: number) {
  const killed = createIntentRunnerFixture(createScriptedProvider([pod()]))
  killed.intentRunner.schedule(pod(), 'stop')
  await killed.clock.advanceAsync(agoMs)
  killed.clock.restart('run-2')
  const next = createIntentRunnerFixture(createScriptedProvider([pod()]), {
    clock: killed.clock,
    journal: createMemoryJournal([]),
  })
  next.intentRunner.start()
  next.intentRunner.adopt(killed.journal.openIntents())
  await next.clock.advanceAsync(0)
  const phase = (): IntentPhase | undefined => next.intentRunner.currentIntent('pod-1')?.phase
  return { ...next, phase, sends: () => next.log.filter((line) => /^(stop|start) /.test(line)) }
}

test('an unsent intent of another process is canceled with a message, and never sent', async () => {
  const next = await takeOver(2_000)
  expect(next.phase()).toBe('cancelled')
  expect(next.changes).toEqual([
    expect.objectContaining({ message: expect.stringContaining('nothing was sent') as string }),
  ])
  await next.clock.advanceAsync(DAY_MS)
  expect(next.sends()).toEqual([])
})

test('a sent intent of another process blocks its pod until reads decide, and is never sent again', async () => {
  const next = await takeOver(6_000)
  expect(next.phase()).toBe('accepted')
  expect(next.intentRunner.schedule(pod(), 'stop').ok).toBe(false)
  await next.clock.advanceAsync(MINUTE_MS)
  next.intentRunner.observe('pod-1', stoppedPod(), next.clock.now())
  expect(next.phase()).toBe('observed')
  expect(next.sends()).toEqual([])
})

test('an intent that is already known stays as this process knows it', async () => {
  const fixture = createIntentRunnerFixture(createScriptedProvider([pod()]))
  fixture.intentRunner.schedule(pod(), 'stop')
  const asScheduled = fixture.journal.openIntents()
  await fixture.clock.advanceAsync(6_000)
  fixture.intentRunner.adopt(asScheduled)
  expect(fixture.intentRunner.currentIntent('pod-1')?.phase).toBe('accepted')
  expect(fixture.log.filter((line) => line.startsWith('stop '))).toHaveLength(1)
})

test('an open intent that another process ended meanwhile is ended here too', async () => {
  const fixture = createIntentRunnerFixture(createScriptedProvider([pod()]))
  fixture.intentRunner.schedule(pod(), 'stop')
  await fixture.clock.advanceAsync(6_000)
  const later = { ...fixture.clock.now(), wallMs: fixture.clock.now().wallMs + 1, runId: 'other' }
  const ended = fixture.journal
    .openIntents()
    .map((one) => ({ ...one, phase: 'observed' as const, phaseAt: later }))
  fixture.intentRunner.adopt(ended)
  expect(fixture.intentRunner.currentIntent('pod-1')?.phase).toBe('observed')
})
