import { describe, expect, test } from 'vitest'
import type { Pod } from '../../../src/core/pods/pod'
import type { ProviderError } from '../../../src/core/pods/provider'
import { ok, type Result } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { flushPromises } from '../../harness/base/fake-clock'
import {
  createIntentRunnerFixture,
  type IntentRunnerFixture,
} from '../../harness/monitor/intent-runner-fixture'
import { pod, stoppedPod } from '../../harness/samples/pods'
import {
  createScriptedProvider,
  deferred,
  failure,
  type ScriptedProvider,
} from '../../harness/monitor/scripted-provider'

type Fixture = IntentRunnerFixture & { readonly provider: ScriptedProvider; readonly intentId: string }

/** A stop was requested, and the machine slept unannounced for a minute, or for `ms`, within its 5 seconds. */
function asleep(ms = MINUTE_MS): Fixture {
  const provider = createScriptedProvider([pod()])
  const fixture = createIntentRunnerFixture(provider)
  const scheduled = fixture.intentRunner.schedule(pod(), 'stop')
  if (!scheduled.ok) throw new Error(scheduled.error)
  fixture.clock.advance(1_000)
  fixture.clock.shiftWallClock(ms)
  return { ...fixture, provider, intentId: scheduled.value.id }
}
const requests = (fixture: IntentRunnerFixture) => fixture.log.filter((line) => !line.startsWith('write'))

describe('a stop that is late', () => {
  test('reads the pod first, and is sent when the pod is unchanged', async () => {
    const fixture = asleep()
    await fixture.clock.advanceAsync(5_000)
    expect(requests(fixture)).toEqual(['get pod-1', 'stop pod-1'])
  })

  test.each<[string, readonly Pod[]]>([
    ['was stopped', [stoppedPod()]],
    ['was started again', [pod({ startedAtMs: 1 })]],
    ['is gone', []],
  ])('is not sent when the pod %s meanwhile, and says so', async (_, pods) => {
    const fixture = asleep()
    fixture.provider.pods = pods
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(requests(fixture)).toEqual(['get pod-1'])
    expect(fixture.changes.at(-1)).toMatchObject({
      phase: 'cancelled',
      message: expect.stringContaining('trainer') as string,
    })
  })

  test('waits until the pod can be read, with pauses between attempts', async () => {
    const fixture = asleep()
    fixture.provider.script.gets.push(
      () => failure('unreachable'),
      () => failure('rate-limited', { retryAfterMs: 20_000 }),
    )
    await fixture.clock.advanceAsync(4_000)
    expect(requests(fixture)).toEqual(['get pod-1'])
    await fixture.clock.advanceAsync(30_000)
    expect(requests(fixture)).toEqual(['get pod-1', 'get pod-1'])
    await fixture.clock.advanceAsync(30_000 - 1)
    expect(requests(fixture)).toHaveLength(2)
    await fixture.clock.advanceAsync(1)
    expect(requests(fixture)).toEqual(['get pod-1', 'get pod-1', 'get pod-1', 'stop pod-1'])
  })

  test.each([
    ['if its pod could not be read for two minutes', MINUTE_MS, () => failure('unreachable')],
    ['without being sent after a longer sleep', 3 * MINUTE_MS, () => ok(pod())],
  ])('is asked for again %s', async (_, sleptMs, read) => {
    const fixture = asleep(sleptMs)
    for (let count = 0; count < 10; count += 1) fixture.provider.script.gets.push(read)
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(requests(fixture)).not.toContain('stop pod-1')
    expect(fixture.changes.at(-1)).toMatchObject({
      phase: 'cancelled',
      message:
        'The stop of trainer could not be sent in time and has to be requested again. Nothing was done.',
    })
    expect(fixture.journal.openIntents()).toEqual([])
  })

  test('can be undone while the pod is read', async () => {
    const fixture = asleep()
    const answer = deferred<Result<Pod, ProviderError>>()
    fixture.provider.script.gets.push(() => answer.promise)
    await fixture.clock.advanceAsync(5_000)
    expect(fixture.intentRunner.undo(fixture.intentId).ok).toBe(true)
    answer.resolve(ok(pod()))
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(requests(fixture)).toEqual(['get pod-1'])
  })

  test('is sent once, however often the machine woke up while the pod was read', async () => {
    const fixture = asleep()
    const answers = [deferred<Result<Pod, ProviderError>>(), deferred<Result<Pod, ProviderError>>()]
    for (const answer of answers) fixture.provider.script.gets.push(() => answer.promise)
    await fixture.clock.advanceAsync(5_000)
    fixture.intentRunner.resume()
    await fixture.clock.advanceAsync(5_000)
    for (const answer of answers) answer.resolve(ok(pod()))
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(requests(fixture).filter((line) => line === 'stop pod-1')).toHaveLength(1)
  })

  test('is not due by the wall clock before its five seconds are over', async () => {
    const fixture = asleep()
    await fixture.clock.advanceAsync(3_999)
    expect(requests(fixture)).toEqual([])
  })
})

describe('a runner that is disposed', () => {
  test('sends nothing more', async () => {
    const fixture = asleep()
    fixture.intentRunner.dispose()
    expect(fixture.clock.pendingDelaysMs()).toEqual([])
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(requests(fixture)).toEqual([])
  })

  test('leaves the outcome of sent requests to the reads of the next runner', async () => {
    const provider = createScriptedProvider([pod()])
    const fixture = createIntentRunnerFixture(provider)
    const answer = deferred<Result<Pod | null, ProviderError>>()
    provider.script.actions.push(() => answer.promise)
    fixture.intentRunner.schedule(pod(), 'stop')
    await fixture.clock.advanceAsync(5_000)
    fixture.intentRunner.dispose()
    answer.resolve(ok(null))
    await flushPromises()
    expect(fixture.journal.openIntents()).toMatchObject([{ phase: 'sent' }])
    const next = createIntentRunnerFixture(provider, fixture)
    next.intentRunner.start()
    next.intentRunner.observe('pod-1', stoppedPod(), next.clock.now())
    expect(next.intentRunner.currentIntent('pod-1')?.phase).toBe('observed')
    expect(requests(next)).toEqual(['stop pod-1'])
  })

  test('does not resend an action that got a 429', async () => {
    const provider = createScriptedProvider([pod()])
    const fixture = createIntentRunnerFixture(provider)
    const answer = deferred<Result<Pod | null, ProviderError>>()
    provider.script.actions.push(() => answer.promise)
    fixture.intentRunner.schedule(pod(), 'stop')
    await fixture.clock.advanceAsync(5_000)
    fixture.intentRunner.dispose()
    answer.resolve(failure('rate-limited', { retryAfterMs: 1_000 }))
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(requests(fixture)).toEqual(['stop pod-1'])
  })

  test('sends nothing when the read before a late request is answered', async () => {
    const fixture = asleep()
    const answer = deferred<Result<Pod, ProviderError>>()
    fixture.provider.script.gets.push(() => answer.promise)
    await fixture.clock.advanceAsync(5_000)
    fixture.intentRunner.dispose()
    answer.resolve(ok(pod()))
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(requests(fixture)).toEqual(['get pod-1'])
  })

  test('sets no timer when the read before a late request fails', async () => {
    const fixture = asleep()
    const answer = deferred<Result<Pod, ProviderError>>()
    fixture.provider.script.gets.push(() => answer.promise)
    await fixture.clock.advanceAsync(5_000)
    fixture.intentRunner.dispose()
    answer.resolve(failure('unreachable'))
    await flushPromises()
    expect(fixture.clock.pendingDelaysMs()).toEqual([])
  })
})
