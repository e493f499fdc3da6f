import { describe, expect, test } from 'vitest'
import type { Intent, IntentAction } from '../../../src/core/intents/intent'
import type { Pod } from '../../../src/core/pods/pod'
import type { ProviderError } from '../../../src/core/pods/provider'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { createFakeClock, flushPromises } from '../../harness/base/fake-clock'
import {
  createIntentRunnerFixture,
  createMemoryJournal,
  type IntentRunnerFixture,
} from '../../harness/monitor/intent-runner-fixture'
import { pod, stoppedPod } from '../../harness/samples/pods'
import {
  createScriptedProvider,
  deferred,
  failure,
  type ScriptedProvider,
} from '../../harness/monitor/scripted-provider'

type Answer = Result<Pod | null, ProviderError>

function fixtureWith(): IntentRunnerFixture & { readonly provider: ScriptedProvider } {
  const provider = createScriptedProvider([pod()])
  return { ...createIntentRunnerFixture(provider), provider }
}
function scheduled(fixture: IntentRunnerFixture, action: IntentAction = 'stop', id = 'pod-1'): Intent {
  const scheduled = fixture.intentRunner.schedule(pod({ id }), action)
  if (!scheduled.ok) throw new Error(scheduled.error)
  return scheduled.value
}
const sends = ({ log }: IntentRunnerFixture) => log.filter((line) => /^(stop|restart|terminate) /.test(line))
const last = ({ journal }: IntentRunnerFixture) => journal.records.at(-1)

describe('an action of a rule', () => {
  test('is recorded and sent before anything else can happen', () => {
    const fixture = fixtureWith()
    expect(fixture.intentRunner.sendImmediately(pod(), 'stop', 'quiet')).toEqual(ok(undefined))
    expect(fixture.log).toEqual(['write scheduled', 'write sent', 'stop pod-1'])
    expect(last(fixture)).toMatchObject({ action: 'stop', origin: 'quiet' })
  })

  test('is rejected while an action of the user is in progress', async () => {
    const fixture = fixtureWith()
    scheduled(fixture)
    expect(fixture.intentRunner.sendImmediately(pod(), 'terminate', 'max-hours')).toEqual(
      fail('trainer: a stop is already under way.'),
    )
    await fixture.clock.advanceAsync(5_000)
    expect(sends(fixture)).toEqual(['stop pod-1'])
  })

  test('is rejected while Podkeeper shuts down', async () => {
    const fixture = fixtureWith()
    await fixture.intentRunner.shutDown()
    expect(fixture.intentRunner.sendImmediately(pod(), 'stop', 'quiet')).toEqual(
      fail('Podkeeper is quitting.'),
    )
    expect(fixture.log).toEqual([])
  })
})

describe('the shutdown of Podkeeper', () => {
  test.each<[string, (fixture: IntentRunnerFixture) => Promise<void>]>([
    [
      'a person',
      async (fixture) => {
        scheduled(fixture)
        await fixture.clock.advanceAsync(5_000)
      },
    ],
    ['a rule', async (fixture) => void fixture.intentRunner.sendImmediately(pod(), 'stop', 'quiet')],
  ])('waits for the reply to a request of %s, and records it', async (_, ask) => {
    const fixture = fixtureWith()
    const answer = deferred<Answer>()
    fixture.provider.script.actions.push(() => answer.promise)
    await ask(fixture)
    let hasEnded = false
    const ending = fixture.intentRunner.shutDown().then(() => (hasEnded = true))
    await flushPromises()
    expect([hasEnded, last(fixture)?.phase]).toEqual([false, 'sent'])
    answer.resolve(ok(null))
    await ending
    expect(last(fixture)?.phase).toBe('accepted')
  })

  test('after the system announced its own sends a stop that waits for its undo, and waits for the reply', async () => {
    const fixture = fixtureWith()
    scheduled(fixture)
    fixture.intentRunner.suspend()
    await fixture.intentRunner.shutDown()
    expect(sends(fixture)).toEqual(['stop pod-1'])
    expect(last(fixture)?.phase).toBe('accepted')
  })

  test('leaves scheduled actions in the journal, and sends them no more', async () => {
    const fixture = fixtureWith()
    scheduled(fixture)
    await fixture.intentRunner.shutDown()
    expect(fixture.clock.pendingDelaysMs()).toEqual([])
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual([])
    expect(fixture.journal.openIntents()).toMatchObject([{ phase: 'scheduled' }])
  })

  test('does not resend an action that gets a 429 meanwhile', async () => {
    const fixture = fixtureWith()
    const answer = deferred<Answer>()
    fixture.provider.script.actions.push(() => answer.promise)
    scheduled(fixture)
    await fixture.clock.advanceAsync(5_000)
    const ending = fixture.intentRunner.shutDown()
    answer.resolve(failure('rate-limited', { retryAfterMs: 1_000 }))
    await ending
    expect(fixture.clock.pendingDelaysMs()).toEqual([])
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual(['stop pod-1'])
    expect(last(fixture)?.phase).toBe('scheduled')
  })
})

describe('a sleep', () => {
  test('cancels a terminate and a restart that are not sent yet, with a message', async () => {
    const fixture = fixtureWith()
    for (const _ of ['terminate', 'restart'])
      fixture.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: MINUTE_MS }))
    scheduled(fixture, 'terminate', 'pod-1')
    scheduled(fixture, 'restart', 'pod-2')
    await fixture.clock.advanceAsync(5_000)
    scheduled(fixture, 'restart', 'pod-3')
    fixture.intentRunner.suspend()
    expect(fixture.journal.records.slice(-3)).toMatchObject([
      {
        podId: 'pod-1',
        phase: 'cancelled',
        message: 'Terminating trainer was postponed and has to be confirmed again. Nothing more was sent.',
      },
      { podId: 'pod-2', phase: 'cancelled' },
      {
        podId: 'pod-3',
        phase: 'cancelled',
        message:
          'The restart of trainer could not be sent in time and has to be requested again. Nothing was done.',
      },
    ])
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual(['terminate pod-1', 'restart pod-2'])
  })

  test('sends a stop that waits for its undo before it, once', async () => {
    const fixture = fixtureWith()
    scheduled(fixture)
    fixture.intentRunner.suspend()
    expect(fixture.log).toEqual(['write scheduled', 'write sent', 'stop pod-1'])
    fixture.intentRunner.suspend()
    fixture.clock.shiftWallClock(9 * HOUR_MS)
    fixture.intentRunner.resume()
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual(['stop pod-1'])
    expect(last(fixture)?.phase).toBe('accepted')
  })

  test('sends nothing early that waits for a GPU or after a 429, nor a stop whose pod may have changed', async () => {
    const fixture = fixtureWith()
    fixture.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: MINUTE_MS }))
    scheduled(fixture, 'stop', 'pod-1')
    await fixture.clock.advanceAsync(5_000)
    fixture.intentRunner.waitForGpu(stoppedPod({ id: 'pod-2' }))
    scheduled(fixture, 'stop', 'pod-3')
    fixture.clock.shiftWallClock(MINUTE_MS)
    const before = [...fixture.log]
    fixture.intentRunner.suspend()
    await flushPromises()
    expect(fixture.log).toEqual(before)
  })

  test('that takes hours ends what waits for a 429, instead of sending it in the morning', async () => {
    const fixture = fixtureWith()
    fixture.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: MINUTE_MS }))
    scheduled(fixture, 'stop')
    await fixture.clock.advanceAsync(5_000)
    fixture.intentRunner.suspend()
    fixture.clock.shiftWallClock(9 * HOUR_MS)
    fixture.intentRunner.resume()
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual(['stop pod-1'])
    expect(last(fixture)).toMatchObject({
      phase: 'cancelled',
      message: expect.stringMatching(/requested again/),
    })
  })

  test('during which the network is away leaves it to reads whether the stop took effect', async () => {
    const fixture = fixtureWith()
    fixture.provider.script.actions.push(() => failure('unreachable'))
    scheduled(fixture)
    fixture.intentRunner.suspend()
    fixture.clock.shiftWallClock(9 * HOUR_MS)
    fixture.intentRunner.resume()
    await flushPromises()
    fixture.intentRunner.observe('pod-1', stoppedPod(), fixture.clock.now())
    expect(last(fixture)?.phase).toBe('observed')
    expect(sends(fixture)).toEqual(['stop pod-1'])
  })

  test('does not affect a terminate that was sent', async () => {
    const fixture = fixtureWith()
    scheduled(fixture, 'terminate')
    await fixture.clock.advanceAsync(0)
    fixture.intentRunner.suspend()
    expect(fixture.intentRunner.currentIntent('pod-1')?.phase).toBe('accepted')
  })

  test('that delays timers loses no action', async () => {
    const clock = createFakeClock()
    let isAsleep = true
    const drowsy = {
      ...clock,
      schedule: (ms: number, run: () => void) => (isAsleep ? () => {} : clock.schedule(ms, run)),
    }
    const provider = createScriptedProvider([pod()])
    const fixture = createIntentRunnerFixture(provider, {
      clock: drowsy,
      journal: createMemoryJournal(provider.calls),
    })
    scheduled(fixture)
    await clock.advanceAsync(10_000)
    expect(sends(fixture)).toEqual([])
    isAsleep = false
    fixture.intentRunner.resume()
    await clock.advanceAsync(0)
    expect(sends(fixture)).toEqual(['stop pod-1'])
  })

  test('does not resume intents that ended before', async () => {
    const fixture = fixtureWith()
    scheduled(fixture)
    await fixture.clock.advanceAsync(5_000)
    fixture.intentRunner.observe('pod-1', stoppedPod(), fixture.clock.now())
    fixture.intentRunner.resume()
    expect(fixture.clock.pendingDelaysMs()).toEqual([])
  })
})
