import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import {
  createIntentRunnerFixture,
  type IntentRunnerFixture,
} from '../../harness/monitor/intent-runner-fixture'
import { pod, stoppedPod } from '../../harness/samples/pods'
import { createScriptedProvider, failure } from '../../harness/monitor/scripted-provider'

/** Podkeeper is killed, and restarted `laterMs` later on the same journal. */
async function crash(
  fixture: IntentRunnerFixture,
  laterMs: number,
  provider = createScriptedProvider([pod()]),
) {
  fixture.clock.restart('run-2')
  fixture.clock.advance(laterMs)
  const next = createIntentRunnerFixture(provider, fixture)
  next.intentRunner.start()
  await next.clock.advanceAsync(0)
  return next
}
const sends = (fixture: IntentRunnerFixture) => fixture.log.filter((line) => /^(stop|start) /.test(line))
const last = (fixture: IntentRunnerFixture) => fixture.journal.records.at(-1)

describe('after a crash', () => {
  test('in the 5 seconds of undo, a stop is canceled and says so', async () => {
    const fixture = createIntentRunnerFixture(createScriptedProvider([pod()]))
    fixture.intentRunner.schedule(pod(), 'stop')
    await fixture.clock.advanceAsync(2_000)
    const next = await crash(fixture, 1_000)
    await next.clock.advanceAsync(DAY_MS)
    expect(sends(next)).toEqual([])
    expect(last(next)).toMatchObject({
      phase: 'cancelled',
      message: expect.stringContaining('Podkeeper quit before the stop of trainer was sent') as string,
    })
    expect(next.changes).toHaveLength(1)
  })

  test('between recording and sending, or before the reply, reads decide and nothing is sent', async () => {
    for (const [seen, end] of [
      [stoppedPod(), 'observed'],
      [pod(), 'did-not-happen'],
    ] as const) {
      const provider = createScriptedProvider([pod()])
      provider.script.actions.push(() => new Promise(() => {}))
      const fixture = createIntentRunnerFixture(provider)
      fixture.intentRunner.schedule(pod(), 'stop')
      await fixture.clock.advanceAsync(5_000)
      const next = await crash(fixture, 3 * MINUTE_MS)
      await next.clock.advanceAsync(MINUTE_MS)
      expect(next.intentRunner.currentIntent('pod-1')?.phase).toBe('sent')
      next.intentRunner.observe('pod-1', seen, next.clock.now())
      expect(last(next)?.phase).toBe(end)
      expect(sends(next)).toEqual([])
    }
  })

  test('with an accepted action, reads decide', async () => {
    const fixture = createIntentRunnerFixture(createScriptedProvider([pod()]))
    fixture.intentRunner.schedule(pod(), 'stop')
    await fixture.clock.advanceAsync(6_000)
    const next = await crash(fixture, 10_000)
    next.intentRunner.observe('pod-1', pod(), next.clock.now())
    expect(next.intentRunner.currentIntent('pod-1')?.phase).toBe('accepted')
    next.intentRunner.observe('pod-1', stoppedPod(), next.clock.now())
    expect(last(next)?.phase).toBe('observed')
  })

  test('an open action still blocks others on its pod', async () => {
    const fixture = createIntentRunnerFixture(createScriptedProvider([pod()]))
    fixture.intentRunner.schedule(pod(), 'stop')
    await fixture.clock.advanceAsync(6_000)
    expect((await crash(fixture, 10_000)).intentRunner.schedule(pod(), 'stop').ok).toBe(false)
  })

  test('of the account only (another key, other settings), a stop within its 5 seconds continues', async () => {
    const fixture = createIntentRunnerFixture(createScriptedProvider([pod()]))
    fixture.intentRunner.schedule(pod(), 'stop')
    await fixture.clock.advanceAsync(2_000)
    fixture.intentRunner.dispose()
    const next = createIntentRunnerFixture(createScriptedProvider([pod()]), fixture)
    next.intentRunner.start()
    await next.clock.advanceAsync(2_999)
    expect(sends(next)).toEqual([])
    await next.clock.advanceAsync(1)
    expect(sends(next)).toEqual(['stop pod-1'])
  })

  test('of the account only, a stop whose time passed long ago is canceled', async () => {
    const fixture = createIntentRunnerFixture(createScriptedProvider([pod()]))
    fixture.intentRunner.schedule(pod(), 'stop')
    fixture.intentRunner.dispose()
    await fixture.clock.advanceAsync(MINUTE_MS)
    const next = createIntentRunnerFixture(createScriptedProvider([pod()]), fixture)
    next.intentRunner.start()
    await next.clock.advanceAsync(DAY_MS)
    expect(sends(next)).toEqual([])
    expect(last(next)?.phase).toBe('cancelled')
  })

  async function putOff(): Promise<IntentRunnerFixture> {
    const provider = createScriptedProvider([pod()])
    provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: MINUTE_MS }))
    const fixture = createIntentRunnerFixture(provider)
    fixture.intentRunner.schedule(pod(), 'stop')
    await fixture.clock.advanceAsync(6_000)
    return fixture
  }

  test('an action that got a 429 is sent once more, after its delay and a read', async () => {
    const next = await crash(await putOff(), 10_000)
    expect(sends(next)).toEqual([])
    await next.clock.advanceAsync(10 * MINUTE_MS)
    expect(next.log.filter((line) => !line.startsWith('write'))).toEqual(['get pod-1', 'stop pod-1'])
  })

  test('an action that got a 429 is not sent when its pod changed', async () => {
    const next = await crash(await putOff(), 10_000, createScriptedProvider([stoppedPod()]))
    await next.clock.advanceAsync(10 * MINUTE_MS)
    expect(sends(next)).toEqual([])
    expect(last(next)?.phase).toBe('cancelled')
  })

  test('an action that got a 429 is not sent a day later, and says so', async () => {
    const next = await crash(await putOff(), DAY_MS)
    await next.clock.advanceAsync(DAY_MS)
    expect(sends(next)).toEqual([])
    expect(last(next)).toMatchObject({
      phase: 'cancelled',
      message: expect.stringContaining('was not carried out') as string,
    })
  })
})

describe('whenever the process crashes, and whatever the replies are,', () => {
  const answers = fc.array(fc.constantFrom('accepted', 'rate-limited', 'unreachable', 'hang', 'forbidden'), {
    maxLength: 4,
  })

  test('no action is lost, and none is sent twice except after a 429', async () => {
    await fc.assert(
      fc.asyncProperty(
        answers,
        fc.constantFrom(0, 4_999, 5_000, 6_000, 20_000, 90_000),
        fc.constantFrom(100, 10_000, 3 * MINUTE_MS, DAY_MS),
        async (planned, crashAfterMs, laterMs) => {
          const firstWorld = createScriptedProvider([pod()])
          const secondWorld = createScriptedProvider([pod()])
          const script = planned.map((answer) => () => {
            if (answer === 'hang') return new Promise<never>(() => {})
            if (answer === 'rate-limited') return failure('rate-limited', { retryAfterMs: 10_000 })
            return answer === 'accepted' ? ({ ok: true, value: null } as const) : failure(answer)
          })
          const sent: string[] = []
          const record = (index: number) => () => {
            sent.push(planned[index] ?? 'accepted')
            return script[index]?.() ?? ({ ok: true, value: null } as const)
          }
          for (const world of [firstWorld, secondWorld])
            for (let index = 0; index < 80; index++) world.script.actions.push(() => record(sent.length)())

          const fixture = createIntentRunnerFixture(firstWorld)
          fixture.intentRunner.schedule(pod(), 'stop')
          await fixture.clock.advanceAsync(crashAfterMs)
          const next = await crash(fixture, laterMs, secondWorld)
          await next.clock.advanceAsync(20 * MINUTE_MS)
          next.intentRunner.observe('pod-1', pod(), next.clock.now())

          // Every request except the last got a 429.
          expect(sent.slice(0, -1).every((answer) => answer === 'rate-limited')).toBe(true)
          expect(next.intentRunner.podsWithOpenIntent()).toEqual([])
          const end = last(next)
          expect(end?.phase).not.toBe('scheduled')
          if (end?.phase === 'cancelled') expect(end.message).toBeTruthy()
        },
      ),
      { numRuns: 150 },
    )
  })
})
