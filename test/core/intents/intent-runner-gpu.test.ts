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

/** A start that waits for a GPU. The first `tries` attempts find none. */
function fixtureWaitingForGpu(tries = 10_000): Fixture {
  const provider = createScriptedProvider([stoppedPod()])
  for (let index = 0; index < tries; index++) provider.script.actions.push(() => failure('no-capacity'))
  const fixture = createIntentRunnerFixture(provider)
  const asked = fixture.intentRunner.waitForGpu(stoppedPod())
  if (!asked.ok) throw new Error(asked.error)
  return { ...fixture, provider, intentId: asked.value.id }
}
const requests = (fixture: IntentRunnerFixture) => fixture.log.filter((line) => !line.startsWith('write'))
const starts = (fixture: IntentRunnerFixture) => fixture.log.filter((line) => line === 'start pod-1').length
const last = (fixture: IntentRunnerFixture) => fixture.journal.records.at(-1)

describe('a start without a free GPU', () => {
  test('fails, and offers to wait for one', async () => {
    const provider = createScriptedProvider([stoppedPod()])
    provider.script.actions.push(() => failure('no-capacity'))
    const fixture = createIntentRunnerFixture(provider)
    fixture.intentRunner.schedule(stoppedPod(), 'start')
    await fixture.clock.advanceAsync(0)
    expect(last(fixture)).toMatchObject({ phase: 'failed', lacksGpu: true })
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(starts(fixture)).toBe(1)
  })
})

describe('a start that waits for a GPU', () => {
  test('reads the pod before each attempt, tries every minute at first and then less often, up to 5 minutes', async () => {
    const fixture = fixtureWaitingForGpu()
    await fixture.clock.advanceAsync(0)
    expect(requests(fixture)).toEqual(['get pod-1', 'start pod-1'])
    await fixture.clock.advanceAsync(MINUTE_MS)
    expect(starts(fixture)).toBe(2)
    await fixture.clock.advanceAsync(HOUR_MS)
    const inTheFirstHour = starts(fixture)
    expect(inTheFirstHour).toBeGreaterThan(12)
    expect(inTheFirstHour).toBeLessThan(30)
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(starts(fixture) - inTheFirstHour).toBe(12)
    expect(requests(fixture).filter((line) => line === 'get pod-1')).toHaveLength(starts(fixture))
  })

  test('ends once Runpod accepts it and the pod runs', async () => {
    const fixture = fixtureWaitingForGpu(3)
    await fixture.clock.advanceAsync(5 * MINUTE_MS)
    expect(starts(fixture)).toBe(4)
    expect(last(fixture)?.phase).toBe('accepted')
    fixture.intentRunner.observe('pod-1', pod(), fixture.clock.now())
    expect(last(fixture)?.phase).toBe('observed')
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(starts(fixture)).toBe(4)
  })

  test('blocks its pod, and does not speed up polling', async () => {
    const fixture = fixtureWaitingForGpu()
    await fixture.clock.advanceAsync(MINUTE_MS / 2)
    expect(fixture.intentRunner.hasActiveIntent()).toBe(false)
    expect(fixture.intentRunner.schedule(stoppedPod(), 'start').ok).toBe(false)
  })

  test('is given up after 8 hours with a message', async () => {
    const fixture = fixtureWaitingForGpu()
    await fixture.clock.advanceAsync(8 * HOUR_MS + 5 * MINUTE_MS)
    expect(last(fixture)).toMatchObject({ phase: 'did-not-happen', message: 'No GPU was free for 8 h.' })
    const soFar = requests(fixture)
    expect(soFar.at(-1)).toBe('start pod-1')
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(requests(fixture)).toEqual(soFar)
  })

  test('is not sent when the read before it takes until the 8 hours are over', async () => {
    const fixture = fixtureWaitingForGpu(0)
    const answer = deferred<Result<Pod, ProviderError>>()
    fixture.provider.script.gets.push(() => answer.promise)
    await fixture.clock.advanceAsync(8 * HOUR_MS)
    answer.resolve(ok(stoppedPod()))
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(starts(fixture)).toBe(0)
    expect(last(fixture)?.phase).toBe('did-not-happen')
  })

  test('waits as long as Runpod demands (429)', async () => {
    const fixture = fixtureWaitingForGpu(0)
    fixture.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: 20 * MINUTE_MS }))
    await fixture.clock.advanceAsync(20 * MINUTE_MS - 1)
    expect(starts(fixture)).toBe(1)
    await fixture.clock.advanceAsync(1)
    expect(starts(fixture)).toBe(2)
  })

  test('can be undone at any time while it waits', async () => {
    const fixture = fixtureWaitingForGpu()
    await fixture.clock.advanceAsync(3 * HOUR_MS + MINUTE_MS / 2)
    const soFar = starts(fixture)
    expect(fixture.intentRunner.undo(fixture.intentId)).toEqual(ok(undefined))
    expect(last(fixture)).toMatchObject({ phase: 'cancelled', message: null })
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(starts(fixture)).toBe(soFar)
  })

  test('makes an attempt in flight its last one when it is undone', async () => {
    const fixture = fixtureWaitingForGpu(0)
    const answer = deferred<Result<Pod | null, ProviderError>>()
    fixture.provider.script.actions.push(() => answer.promise)
    await fixture.clock.advanceAsync(0)
    expect(fixture.intentRunner.undo(fixture.intentId)).toEqual(ok(undefined))
    expect(fixture.intentRunner.undo(fixture.intentId).ok).toBe(false)
    answer.resolve(failure('no-capacity'))
    await flushPromises()
    expect(last(fixture)).toMatchObject({ phase: 'cancelled', message: null })
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(starts(fixture)).toBe(1)
  })

  test.each<[string, readonly Pod[], RegExp]>([
    ['runs', [pod()], /started by someone else/],
    ['is being created', [stoppedPod({ phase: 'creating' })], /started by someone else/],
    ['is gone', [], /is gone/],
    ['is in error', [stoppedPod({ phase: 'error', statusReason: 'No such image.' })], /No such image/],
    ['allows no start any more', [stoppedPod({ actions: ['terminate'] })], /changed before the start/],
  ])('ends with a message when its pod %s', async (_, pods, words) => {
    const fixture = fixtureWaitingForGpu()
    await fixture.clock.advanceAsync(90_000)
    fixture.provider.pods = pods
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(starts(fixture)).toBe(2)
    expect(last(fixture)?.phase).toBe('cancelled')
    expect(last(fixture)?.message).toMatch(words)
  })

  test('is not ended by a read from before it started to wait', async () => {
    const fixture = fixtureWaitingForGpu()
    const before = fixture.clock.now()
    await fixture.clock.advanceAsync(MINUTE_MS)
    fixture.intentRunner.observe('pod-1', pod(), before)
    expect(last(fixture)?.phase).toBe('waiting')
  })

  test('sends nothing while its pod cannot be read, and continues afterwards', async () => {
    const fixture = fixtureWaitingForGpu()
    await fixture.clock.advanceAsync(0)
    for (let index = 0; index < 4; index++) fixture.provider.script.gets.push(() => failure('unreachable'))
    await fixture.clock.advanceAsync(2 * MINUTE_MS)
    expect(starts(fixture)).toBe(1)
    await fixture.clock.advanceAsync(2 * MINUTE_MS)
    expect(starts(fixture)).toBeGreaterThan(1)
  })

  test('is retried after an unclear reply only when a read after the deadline shows a stopped pod', async () => {
    const fixture = fixtureWaitingForGpu(0)
    fixture.provider.script.actions.push(() => failure('unreachable'))
    await fixture.clock.advanceAsync(14 * MINUTE_MS)
    fixture.intentRunner.observe('pod-1', stoppedPod(), fixture.clock.now())
    expect(last(fixture)?.phase).toBe('sent')
    await fixture.clock.advanceAsync(MINUTE_MS)
    fixture.intentRunner.observe('pod-1', stoppedPod(), fixture.clock.now())
    expect(last(fixture)?.phase).toBe('waiting')
    await fixture.clock.advanceAsync(2 * MINUTE_MS)
    expect(starts(fixture)).toBe(2)
  })

  test('survives a crash: the next run keeps waiting, reads first, and keeps the 8 hours', async () => {
    const fixture = fixtureWaitingForGpu()
    await fixture.clock.advanceAsync(HOUR_MS)
    fixture.clock.restart('run-2')
    fixture.clock.advance(MINUTE_MS)
    const provider = createScriptedProvider([stoppedPod()])
    for (let index = 0; index < 1_000; index++) provider.script.actions.push(() => failure('no-capacity'))
    const next = createIntentRunnerFixture(provider, fixture)
    next.intentRunner.start()
    await next.clock.advanceAsync(5 * MINUTE_MS)
    expect(requests(next).slice(0, 2)).toEqual(['get pod-1', 'start pod-1'])
    expect(next.intentRunner.currentIntent('pod-1')?.phase).toBe('waiting')
    await next.clock.advanceAsync(7 * HOUR_MS)
    expect(last(next)?.phase).toBe('did-not-happen')
  })
})
