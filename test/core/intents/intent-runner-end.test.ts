import { describe, expect, test } from 'vitest'
import type { Intent, IntentAction } from '../../../src/core/intents/intent'
import type { Pod } from '../../../src/core/pods/pod'
import type { ProviderError } from '../../../src/core/pods/provider'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import { createFakeClock, flushPromises } from '../../harness/clock'
import { createIntentRunnerFixture, createMemoryJournal, type IntentRunnerFixture } from '../../harness/desk'
import { pod, stoppedPod } from '../../harness/pods'
import { createScriptedProvider, deferred, failure, type ScriptedProvider } from '../../harness/provider'

type Answer = Result<Pod | null, ProviderError>

function rigOf(): IntentRunnerFixture & { readonly provider: ScriptedProvider } {
  const provider = createScriptedProvider([pod()])
  return { ...createIntentRunnerFixture(provider), provider }
}
function asked(rig: IntentRunnerFixture, action: IntentAction = 'stop', id = 'pod-1'): Intent {
  const scheduled = rig.intentRunner.schedule(pod({ id }), action)
  if (!scheduled.ok) throw new Error(scheduled.error)
  return scheduled.value
}
const sends = ({ log }: IntentRunnerFixture) => log.filter((line) => /^(stop|terminate) /.test(line))
const last = ({ journal }: IntentRunnerFixture) => journal.records.at(-1)

describe('what a rule asks for', () => {
  test('is written down and sent before anything else can happen', () => {
    const rig = rigOf()
    expect(rig.intentRunner.sendImmediately(pod(), 'stop', 'quiet')).toEqual(ok(undefined))
    expect(rig.log).toEqual(['write scheduled', 'write sent', 'stop pod-1'])
    expect(last(rig)).toMatchObject({ action: 'stop', origin: 'quiet' })
  })

  test('is refused while an action of a person is under way', async () => {
    const rig = rigOf()
    asked(rig)
    expect(rig.intentRunner.sendImmediately(pod(), 'terminate', 'max-hours')).toEqual(
      fail('trainer: a stop is already under way.'),
    )
    await rig.clock.advanceAsync(5_000)
    expect(sends(rig)).toEqual(['stop pod-1'])
  })

  test('is refused while Podkeeper ends', async () => {
    const rig = rigOf()
    await rig.intentRunner.shutDown()
    expect(rig.intentRunner.sendImmediately(pod(), 'stop', 'quiet')).toEqual(fail('Podkeeper is ending.'))
    expect(rig.log).toEqual([])
  })
})

describe('the end of Podkeeper', () => {
  test.each<[string, (rig: IntentRunnerFixture) => Promise<void>]>([
    [
      'a person',
      async (rig) => {
        asked(rig)
        await rig.clock.advanceAsync(5_000)
      },
    ],
    ['a rule', async (rig) => void rig.intentRunner.sendImmediately(pod(), 'stop', 'quiet')],
  ])('waits for the answer to what %s asked for, and writes it down', async (_, ask) => {
    const rig = rigOf()
    const answer = deferred<Answer>()
    rig.provider.script.actions.push(() => answer.promise)
    await ask(rig)
    let hasEnded = false
    const ending = rig.intentRunner.shutDown().then(() => (hasEnded = true))
    await flushPromises()
    expect([hasEnded, last(rig)?.phase]).toEqual([false, 'sent'])
    answer.resolve(ok(null))
    await ending
    expect(last(rig)?.phase).toBe('accepted')
  })

  test('leaves what is scheduled in the journal, and sends it no more', async () => {
    const rig = rigOf()
    asked(rig)
    await rig.intentRunner.shutDown()
    expect(rig.clock.pendingDelaysMs()).toEqual([])
    await rig.clock.advanceAsync(HOUR_MS)
    expect(sends(rig)).toEqual([])
    expect(rig.journal.openIntents()).toMatchObject([{ phase: 'scheduled' }])
  })

  test('does not send again what is put off meanwhile', async () => {
    const rig = rigOf()
    const answer = deferred<Answer>()
    rig.provider.script.actions.push(() => answer.promise)
    asked(rig)
    await rig.clock.advanceAsync(5_000)
    const ending = rig.intentRunner.shutDown()
    answer.resolve(failure('rate-limited', { retryAfterMs: 1_000 }))
    await ending
    expect(rig.clock.pendingDelaysMs()).toEqual([])
    await rig.clock.advanceAsync(HOUR_MS)
    expect(sends(rig)).toEqual(['stop pod-1'])
    expect(last(rig)?.phase).toBe('scheduled')
  })
})

describe('a sleep', () => {
  test('ends what was confirmed and not sent yet, in words, and nothing else', async () => {
    const rig = rigOf()
    rig.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: MINUTE_MS }))
    asked(rig, 'terminate')
    asked(rig, 'stop', 'pod-2')
    await rig.clock.advanceAsync(1_000)
    rig.intentRunner.suspend()
    expect(last(rig)).toMatchObject({
      podId: 'pod-1',
      phase: 'cancelled',
      message: 'The terminate of trainer was put off, and has to be confirmed again. Nothing more was sent.',
    })
    await rig.clock.advanceAsync(HOUR_MS)
    expect(sends(rig)).toEqual(['terminate pod-1', 'stop pod-2'])
  })

  test('does not touch a terminate that was sent', async () => {
    const rig = rigOf()
    asked(rig, 'terminate')
    await rig.clock.advanceAsync(0)
    rig.intentRunner.suspend()
    expect(rig.intentRunner.currentIntent('pod-1')?.phase).toBe('accepted')
  })

  test('in which timers slept as well loses no action', async () => {
    const clock = createFakeClock()
    let isAsleep = true
    const drowsy = {
      ...clock,
      schedule: (ms: number, run: () => void) => (isAsleep ? () => {} : clock.schedule(ms, run)),
    }
    const provider = createScriptedProvider([pod()])
    const rig = createIntentRunnerFixture(provider, { clock: drowsy, journal: createMemoryJournal(provider.calls) })
    asked(rig)
    await clock.advanceAsync(10_000)
    expect(sends(rig)).toEqual([])
    isAsleep = false
    rig.intentRunner.resume()
    await clock.advanceAsync(0)
    expect(sends(rig)).toEqual(['stop pod-1'])
  })

  test('wakes nothing that ended before', async () => {
    const rig = rigOf()
    asked(rig)
    await rig.clock.advanceAsync(5_000)
    rig.intentRunner.observe('pod-1', stoppedPod(), rig.clock.now())
    rig.intentRunner.resume()
    expect(rig.clock.pendingDelaysMs()).toEqual([])
  })
})
