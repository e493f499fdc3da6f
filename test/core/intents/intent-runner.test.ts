import { describe, expect, test } from 'vitest'
import type { Intent } from '../../../src/core/intents/intent'
import type { Pod } from '../../../src/core/pods/pod'
import type { ProviderError, ProviderErrorKind } from '../../../src/core/pods/provider'
import { fail, ok, type Result } from '../../../src/core/base/result'
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

function fixtureWith(...pods: readonly Pod[]): IntentRunnerFixture & { readonly provider: ScriptedProvider } {
  const provider = createScriptedProvider(pods.length > 0 ? pods : [pod()])
  return { ...createIntentRunnerFixture(provider), provider }
}
function scheduled(fixture: IntentRunnerFixture, one = pod(), action: 'start' | 'stop' = 'stop'): Intent {
  const scheduled = fixture.intentRunner.schedule(one, action)
  if (!scheduled.ok) throw new Error(scheduled.error)
  return scheduled.value
}
const phase = (fixture: IntentRunnerFixture) => fixture.intentRunner.currentIntent('pod-1')?.phase
const sends = (fixture: IntentRunnerFixture) => fixture.log.filter((line) => /^(stop|start) /.test(line))

describe('an action', () => {
  test('is recorded before it is sent, and at every step', async () => {
    const fixture = fixtureWith()
    scheduled(fixture)
    await fixture.clock.advanceAsync(5_000)
    expect(fixture.log).toEqual(['write scheduled', 'write sent', 'stop pod-1', 'write accepted'])
    fixture.intentRunner.observe('pod-1', stoppedPod(), fixture.clock.now())
    expect(fixture.log.at(-1)).toBe('write observed')
    expect(fixture.changes.map((change) => change.phase)).toEqual([
      'scheduled',
      'sent',
      'accepted',
      'observed',
    ])
  })

  test('waits 5 seconds if it is a stop, and not at all if it is a start', async () => {
    const fixture = fixtureWith()
    scheduled(fixture)
    scheduled(fixture, stoppedPod({ id: 'pod-2' }), 'start')
    await fixture.clock.advanceAsync(0)
    expect(sends(fixture)).toEqual(['start pod-2'])
    await fixture.clock.advanceAsync(4_999)
    expect(sends(fixture)).toEqual(['start pod-2'])
    await fixture.clock.advanceAsync(1)
    expect(sends(fixture)).toEqual(['start pod-2', 'stop pod-1'])
  })

  test('is not sent early when its timer fires early', async () => {
    const fixture = fixtureWith()
    const hasty = {
      ...fixture.clock,
      schedule: (ms: number, run: () => void) => fixture.clock.schedule(Math.max(1, ms - 100), run),
    }
    const { intentRunner } = createIntentRunnerFixture(fixture.provider, {
      clock: hasty,
      journal: fixture.journal,
    })
    intentRunner.schedule(pod(), 'stop')
    await fixture.clock.advanceAsync(4_999)
    expect(sends(fixture)).toEqual([])
    await fixture.clock.advanceAsync(1)
    expect(sends(fixture)).toEqual(['stop pod-1'])
  })

  test('that cannot be recorded is rejected, and nothing is sent', async () => {
    const fixture = fixtureWith()
    fixture.journal.isFull = true
    expect(fixture.intentRunner.schedule(pod(), 'stop')).toEqual({
      ok: false,
      error: expect.stringContaining('the disk is full') as string,
    })
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual([])
    expect(fixture.intentRunner.podsWithOpenIntent()).toEqual([])
  })

  test('whose sending cannot be recorded is not sent, and says so', async () => {
    const fixture = fixtureWith()
    scheduled(fixture)
    fixture.journal.isFull = true
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual([])
    expect(fixture.changes.at(-1)).toMatchObject({
      phase: 'cancelled',
      message: expect.stringContaining('the disk is full') as string,
    })
  })

  test('whose reply arrives after it was observed stays observed', async () => {
    const fixture = fixtureWith()
    const answer = deferred<Result<Pod | null, ProviderError>>()
    fixture.provider.script.actions.push(() => answer.promise)
    scheduled(fixture)
    await fixture.clock.advanceAsync(6_000)
    fixture.intentRunner.observe('pod-1', stoppedPod(), fixture.clock.now())
    answer.resolve(failure('unreachable'))
    await flushPromises()
    expect(phase(fixture)).toBe('observed')
  })

  test('remains visible on its pod for 10 minutes after it ended', async () => {
    const fixture = fixtureWith()
    scheduled(fixture)
    await fixture.clock.advanceAsync(5_000)
    fixture.intentRunner.observe('pod-1', stoppedPod(), fixture.clock.now())
    await fixture.clock.advanceAsync(10 * MINUTE_MS - 1)
    expect(phase(fixture)).toBe('observed')
    await fixture.clock.advanceAsync(1)
    expect(fixture.intentRunner.currentIntent('pod-1')).toBeNull()
  })
})

describe('undo', () => {
  test('within 5 seconds cancels the action, and nothing is sent', async () => {
    const fixture = fixtureWith()
    const { id } = scheduled(fixture)
    await fixture.clock.advanceAsync(4_999)
    expect(fixture.intentRunner.undo(id)).toEqual(ok(undefined))
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(fixture.log).toEqual(['write scheduled', 'write cancelled'])
    expect(fixture.changes.at(-1)?.phase).toBe('cancelled')
  })

  test('fails with a message once the action was sent', async () => {
    const fixture = fixtureWith()
    const { id } = scheduled(fixture)
    await fixture.clock.advanceAsync(5_000)
    expect(fixture.intentRunner.undo(id)).toEqual(fail('Too late to undo: it was already sent.'))
    expect(phase(fixture)).toBe('accepted')
    expect(fixture.intentRunner.undo('another')).toEqual(fail('That action is no longer known.'))
  })

  test('is effective even when it cannot be recorded', async () => {
    const fixture = fixtureWith()
    const { id } = scheduled(fixture)
    fixture.journal.isFull = true
    expect(fixture.intentRunner.undo(id)).toEqual(
      fail('It is undone, but could not be saved: the disk is full.'),
    )
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual([])
  })
})

describe('each pod has one action at a time', () => {
  test('however many are requested', async () => {
    const fixture = fixtureWith()
    scheduled(fixture)
    for (const action of ['stop', 'start'] as const)
      expect(fixture.intentRunner.schedule(pod(), action)).toEqual({
        ok: false,
        error: 'trainer: a stop is already under way.',
      })
    await fixture.clock.advanceAsync(5_000)
    expect(fixture.intentRunner.schedule(pod(), 'stop').ok).toBe(false)
    expect(sends(fixture)).toEqual(['stop pod-1'])
  })

  test('and other pods have their own, unaffected by reads of this one', async () => {
    const fixture = fixtureWith()
    const first = scheduled(fixture)
    const second = scheduled(fixture, pod({ id: 'pod-2' }))
    expect(fixture.intentRunner.intents()).toEqual([first, second])
    await fixture.clock.advanceAsync(5_000)
    fixture.intentRunner.observe('pod-1', stoppedPod(), fixture.clock.now())
    expect(phase(fixture)).toBe('observed')
    expect(fixture.intentRunner.podsWithOpenIntent()).toEqual(['pod-2'])
    fixture.intentRunner.observe('pod-2', stoppedPod(), fixture.clock.now())
    expect(fixture.intentRunner.currentIntent('pod-1')?.id).toBe(first.id)
    expect(fixture.intentRunner.currentIntent('pod-3')).toBeNull()
  })

  test('and a read without news records nothing', async () => {
    const fixture = fixtureWith()
    scheduled(fixture)
    await fixture.clock.advanceAsync(5_000)
    const soFar = fixture.log.length
    fixture.intentRunner.observe('pod-1', pod(), fixture.clock.now())
    expect(fixture.log).toHaveLength(soFar)
    expect(fixture.changes.at(-1)?.phase).toBe('accepted')
  })

  test('and the next may be requested when the last has ended', async () => {
    const fixture = fixtureWith()
    fixture.intentRunner.undo(scheduled(fixture).id)
    const again = scheduled(fixture)
    expect(fixture.intentRunner.currentIntent('pod-1')?.id).toBe(again.id)
    await fixture.clock.advanceAsync(5_000)
    expect(sends(fixture)).toEqual(['stop pod-1'])
  })
})

describe('an action without a clear reply is never sent again', () => {
  const kinds: ProviderErrorKind[] = ['unreachable', 'unreadable', 'conflict']

  test.each(kinds)('after %s: reads decide', async (kind) => {
    const fixture = fixtureWith()
    fixture.provider.script.actions.push(() => failure(kind))
    scheduled(fixture)
    await fixture.clock.advanceAsync(6_000)
    fixture.intentRunner.resume()
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual(['stop pod-1'])
    expect(phase(fixture)).toBe('sent')
    fixture.intentRunner.observe('pod-1', pod(), fixture.clock.now())
    expect(phase(fixture)).toBe(kind === 'conflict' ? 'failed' : 'did-not-happen')
  })

  test('after a request that hangs forever: reads decide, and its pod is free again', async () => {
    const fixture = fixtureWith()
    fixture.provider.script.actions.push(() => new Promise(() => {}))
    scheduled(fixture)
    await fixture.clock.advanceAsync(2 * MINUTE_MS)
    fixture.intentRunner.observe('pod-1', pod(), fixture.clock.now())
    expect(phase(fixture)).toBe('sent')
    await fixture.clock.advanceAsync(5_000)
    fixture.intentRunner.observe('pod-1', pod(), fixture.clock.now())
    expect(phase(fixture)).toBe('did-not-happen')
    expect(sends(fixture)).toEqual(['stop pod-1'])
    expect(fixture.intentRunner.schedule(pod(), 'stop').ok).toBe(true)
  })
})

describe('an action that gets a 429', () => {
  test('waits as long as demanded, then is sent again exactly once', async () => {
    const fixture = fixtureWith()
    fixture.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: 20_000 }))
    scheduled(fixture)
    await fixture.clock.advanceAsync(5_000)
    await fixture.clock.advanceAsync(19_999)
    expect(sends(fixture)).toEqual(['stop pod-1'])
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual(['stop pod-1', 'stop pod-1'])
    expect(fixture.log.slice(3)).toEqual(['write scheduled', 'write sent', 'stop pod-1', 'write accepted'])
  })

  test('can be undone while it waits', async () => {
    const fixture = fixtureWith()
    fixture.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: 20_000 }))
    const { id } = scheduled(fixture)
    await fixture.clock.advanceAsync(6_000)
    expect(fixture.intentRunner.undo(id).ok).toBe(true)
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual(['stop pod-1'])
  })

  test('that asks for no wait is sent again more and more rarely, and written down as rarely', async () => {
    const fixture = fixtureWith()
    for (let times = 0; times < 5_000; times++)
      fixture.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: 0 }))
    scheduled(fixture)
    await fixture.clock.advanceAsync(5_000 + 10_000)
    expect(sends(fixture)).toHaveLength(4)
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toHaveLength(15)
    expect(fixture.log.filter((line) => line.startsWith('write'))).toHaveLength(1 + 2 * 15)
    expect(fixture.changes.at(-1)?.phase).toBe('failed')
  })

  test('repeatedly is given up after 10 minutes', async () => {
    const fixture = fixtureWith()
    for (let times = 0; times < 20; times++)
      fixture.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: MINUTE_MS }))
    scheduled(fixture)
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toHaveLength(10)
    expect(fixture.changes.at(-1)?.phase).toBe('failed')
  })
})

test('an immediate stop is sent without time to undo it, and any other one with', async () => {
  for (const isImmediate of [true, false]) {
    const fixture = fixtureWith()
    fixture.intentRunner.schedule(pod(), 'stop', { isImmediate })
    await fixture.clock.advanceAsync(0)
    expect(sends(fixture)).toEqual(isImmediate ? ['stop pod-1'] : [])
    await fixture.clock.advanceAsync(5_000)
    expect(sends(fixture)).toEqual(['stop pod-1'])
  }
})
