import { expect, test } from 'vitest'
import type { IntentPhase } from '../../../src/core/intents/intent'
import { DAY_MS, MINUTE_MS } from '../../../src/core/base/time'
import { createDeskRig, createMemoryJournal } from '../../harness/desk'
import { pod, stoppedPod } from '../../harness/pods'
import { createScriptedProvider } from '../../harness/provider'

/** A process that looked on takes over from one that was killed after it had asked for a stop `agoMs` ago. */
async function takeOver(agoMs: number) {
  const killed = createDeskRig(createScriptedProvider([pod()]))
  killed.desk.schedule(pod(), 'stop')
  await killed.clock.pass(agoMs)
  killed.clock.restart('run-2')
  const next = createDeskRig(createScriptedProvider([pod()]), {
    clock: killed.clock,
    journal: createMemoryJournal([]),
  })
  next.desk.start()
  next.desk.adopt(killed.journal.open())
  await next.clock.pass(0)
  const phase = (): IntentPhase | undefined => next.desk.intentOf('pod-1')?.phase
  return { ...next, phase, sends: () => next.log.filter((line) => /^(stop|start) /.test(line)) }
}

test('what another process had not sent is cancelled, says so, and is never sent', async () => {
  const next = await takeOver(2_000)
  expect(next.phase()).toBe('cancelled')
  expect(next.changes).toEqual([
    expect.objectContaining({ message: expect.stringContaining('nothing was sent') as string }),
  ])
  await next.clock.pass(DAY_MS)
  expect(next.sends()).toEqual([])
})

test('what it had sent occupies its pod until looks decide, and is never sent again', async () => {
  const next = await takeOver(6_000)
  expect(next.phase()).toBe('accepted')
  expect(next.desk.schedule(pod(), 'stop').ok).toBe(false)
  await next.clock.pass(MINUTE_MS)
  next.desk.look('pod-1', stoppedPod(), next.clock.now())
  expect(next.phase()).toBe('observed')
  expect(next.sends()).toEqual([])
})

test('an intent that is known already stays as this process knows it', async () => {
  const rig = createDeskRig(createScriptedProvider([pod()]))
  rig.desk.schedule(pod(), 'stop')
  const asScheduled = rig.journal.open()
  await rig.clock.pass(6_000)
  rig.desk.adopt(asScheduled)
  expect(rig.desk.intentOf('pod-1')?.phase).toBe('accepted')
  expect(rig.log.filter((line) => line.startsWith('stop '))).toHaveLength(1)
})
