import { describe, expect, test } from 'vitest'
import type { Intent } from '../../../src/core/intents/intent'
import type { Pod } from '../../../src/core/pods/pod'
import type { ProviderError, ProviderErrorKind } from '../../../src/core/pods/provider'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import { settle } from '../../harness/clock'
import { createDeskRig, type DeskRig } from '../../harness/desk'
import { pod, stoppedPod } from '../../harness/pods'
import { createScriptedProvider, deferred, failure, type ScriptedProvider } from '../../harness/provider'

function rigOf(...pods: readonly Pod[]): DeskRig & { readonly provider: ScriptedProvider } {
  const provider = createScriptedProvider(pods.length > 0 ? pods : [pod()])
  return { ...createDeskRig(provider), provider }
}
function asked(rig: DeskRig, one = pod(), action: 'start' | 'stop' = 'stop'): Intent {
  const scheduled = rig.desk.schedule(one, action)
  if (!scheduled.ok) throw new Error(scheduled.error)
  return scheduled.value
}
const phase = (rig: DeskRig) => rig.desk.intentOf('pod-1')?.phase
const sends = (rig: DeskRig) => rig.log.filter((line) => /^(stop|start) /.test(line))

describe('an action', () => {
  test('is written down before it is sent, and at every step', async () => {
    const rig = rigOf()
    asked(rig)
    await rig.clock.pass(5_000)
    expect(rig.log).toEqual(['write scheduled', 'write sent', 'stop pod-1', 'write accepted'])
    rig.desk.look('pod-1', stoppedPod(), rig.clock.now())
    expect(rig.log.at(-1)).toBe('write observed')
    expect(rig.changes.map((change) => change.phase)).toEqual(['scheduled', 'sent', 'accepted', 'observed'])
  })

  test('that stops waits 5 seconds; one that starts does not wait', async () => {
    const rig = rigOf()
    asked(rig)
    asked(rig, stoppedPod({ id: 'pod-2' }), 'start')
    await rig.clock.pass(0)
    expect(sends(rig)).toEqual(['start pod-2'])
    await rig.clock.pass(4_999)
    expect(sends(rig)).toEqual(['start pod-2'])
    await rig.clock.pass(1)
    expect(sends(rig)).toEqual(['start pod-2', 'stop pod-1'])
  })

  test('is not sent early when its timer is', async () => {
    const rig = rigOf()
    const hasty = {
      ...rig.clock,
      schedule: (ms: number, run: () => void) => rig.clock.schedule(Math.max(1, ms - 100), run),
    }
    const { desk } = createDeskRig(rig.provider, { clock: hasty, journal: rig.journal })
    desk.schedule(pod(), 'stop')
    await rig.clock.pass(4_999)
    expect(sends(rig)).toEqual([])
    await rig.clock.pass(1)
    expect(sends(rig)).toEqual(['stop pod-1'])
  })

  test('that cannot be written down is refused, and nothing is sent', async () => {
    const rig = rigOf()
    rig.journal.isFull = true
    expect(rig.desk.schedule(pod(), 'stop')).toEqual({
      ok: false,
      error: expect.stringContaining('the disk is full') as string,
    })
    await rig.clock.pass(HOUR_MS)
    expect(sends(rig)).toEqual([])
    expect(rig.desk.openPods()).toEqual([])
  })

  test('whose sending cannot be written down is not sent, and says so', async () => {
    const rig = rigOf()
    asked(rig)
    rig.journal.isFull = true
    await rig.clock.pass(HOUR_MS)
    expect(sends(rig)).toEqual([])
    expect(rig.changes.at(-1)).toMatchObject({
      phase: 'cancelled',
      message: expect.stringContaining('the disk is full') as string,
    })
  })

  test('that was answered while its pod was seen done stays observed', async () => {
    const rig = rigOf()
    const answer = deferred<Result<Pod | null, ProviderError>>()
    rig.provider.script.actions.push(() => answer.promise)
    asked(rig)
    await rig.clock.pass(6_000)
    rig.desk.look('pod-1', stoppedPod(), rig.clock.now())
    answer.resolve(failure('unreachable'))
    await settle()
    expect(phase(rig)).toBe('observed')
  })

  test('that ended stays beside its pod for 10 minutes', async () => {
    const rig = rigOf()
    asked(rig)
    await rig.clock.pass(5_000)
    rig.desk.look('pod-1', stoppedPod(), rig.clock.now())
    await rig.clock.pass(10 * MINUTE_MS - 1)
    expect(phase(rig)).toBe('observed')
    await rig.clock.pass(1)
    expect(rig.desk.intentOf('pod-1')).toBeNull()
  })
})

describe('undo', () => {
  test('within 5 seconds cancels, and nothing is sent', async () => {
    const rig = rigOf()
    const { id } = asked(rig)
    await rig.clock.pass(4_999)
    expect(rig.desk.undo(id)).toEqual(ok(undefined))
    await rig.clock.pass(HOUR_MS)
    expect(rig.log).toEqual(['write scheduled', 'write cancelled'])
    expect(rig.changes.at(-1)?.phase).toBe('cancelled')
  })

  test('comes too late once it was sent, and says so', async () => {
    const rig = rigOf()
    const { id } = asked(rig)
    await rig.clock.pass(5_000)
    expect(rig.desk.undo(id)).toEqual(fail('Too late to undo: it was sent already.'))
    expect(phase(rig)).toBe('accepted')
    expect(rig.desk.undo('another')).toEqual(fail('That action is not known any more.'))
  })

  test('stands even when it cannot be written down', async () => {
    const rig = rigOf()
    const { id } = asked(rig)
    rig.journal.isFull = true
    expect(rig.desk.undo(id)).toEqual(fail('It is undone, but could not be written down: the disk is full.'))
    await rig.clock.pass(HOUR_MS)
    expect(sends(rig)).toEqual([])
  })
})

describe('one action per pod', () => {
  test('however many ask', async () => {
    const rig = rigOf()
    asked(rig)
    for (const action of ['stop', 'start'] as const)
      expect(rig.desk.schedule(pod(), action)).toEqual({
        ok: false,
        error: 'trainer: a stop is already under way.',
      })
    await rig.clock.pass(5_000)
    expect(rig.desk.schedule(pod(), 'stop').ok).toBe(false)
    expect(sends(rig)).toEqual(['stop pod-1'])
  })

  test('another pod has its own, which no look at this one touches', async () => {
    const rig = rigOf()
    const first = asked(rig)
    const second = asked(rig, pod({ id: 'pod-2' }))
    expect(rig.desk.intents()).toEqual([first, second])
    await rig.clock.pass(5_000)
    rig.desk.look('pod-1', stoppedPod(), rig.clock.now())
    expect(phase(rig)).toBe('observed')
    expect(rig.desk.openPods()).toEqual(['pod-2'])
    rig.desk.look('pod-2', stoppedPod(), rig.clock.now())
    expect(rig.desk.intentOf('pod-1')?.id).toBe(first.id)
    expect(rig.desk.intentOf('pod-3')).toBeNull()
  })

  test('a look that shows nothing new writes nothing down', async () => {
    const rig = rigOf()
    asked(rig)
    await rig.clock.pass(5_000)
    const soFar = rig.log.length
    rig.desk.look('pod-1', pod(), rig.clock.now())
    expect(rig.log).toHaveLength(soFar)
    expect(rig.changes.at(-1)?.phase).toBe('accepted')
  })

  test('the next may come when the last has ended', async () => {
    const rig = rigOf()
    rig.desk.undo(asked(rig).id)
    const again = asked(rig)
    expect(rig.desk.intentOf('pod-1')?.id).toBe(again.id)
    await rig.clock.pass(5_000)
    expect(sends(rig)).toEqual(['stop pod-1'])
  })
})

describe('an action without a clear answer is never sent again', () => {
  const kinds: ProviderErrorKind[] = ['unreachable', 'unreadable', 'conflict']

  test.each(kinds)('%s: looks decide', async (kind) => {
    const rig = rigOf()
    rig.provider.script.actions.push(() => failure(kind))
    asked(rig)
    await rig.clock.pass(6_000)
    rig.desk.resume()
    await rig.clock.pass(HOUR_MS)
    expect(sends(rig)).toEqual(['stop pod-1'])
    expect(phase(rig)).toBe('sent')
    rig.desk.look('pod-1', pod(), rig.clock.now())
    expect(phase(rig)).toBe(kind === 'conflict' ? 'failed' : 'did-not-happen')
  })

  test('a request that hangs for ever: looks decide, and its pod is free again', async () => {
    const rig = rigOf()
    rig.provider.script.actions.push(() => new Promise(() => {}))
    asked(rig)
    await rig.clock.pass(2 * MINUTE_MS)
    rig.desk.look('pod-1', pod(), rig.clock.now())
    expect(phase(rig)).toBe('sent')
    await rig.clock.pass(5_000)
    rig.desk.look('pod-1', pod(), rig.clock.now())
    expect(phase(rig)).toBe('did-not-happen')
    expect(sends(rig)).toEqual(['stop pod-1'])
    expect(rig.desk.schedule(pod(), 'stop').ok).toBe(true)
  })
})

describe('an action that Runpod puts off (429)', () => {
  test('waits as long as it was told, then is sent again exactly once', async () => {
    const rig = rigOf()
    rig.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: 20_000 }))
    asked(rig)
    await rig.clock.pass(5_000)
    await rig.clock.pass(19_999)
    expect(sends(rig)).toEqual(['stop pod-1'])
    await rig.clock.pass(HOUR_MS)
    expect(sends(rig)).toEqual(['stop pod-1', 'stop pod-1'])
    expect(rig.log.slice(3)).toEqual(['write scheduled', 'write sent', 'stop pod-1', 'write accepted'])
  })

  test('can be undone while it waits', async () => {
    const rig = rigOf()
    rig.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: 20_000 }))
    const { id } = asked(rig)
    await rig.clock.pass(6_000)
    expect(rig.desk.undo(id).ok).toBe(true)
    await rig.clock.pass(HOUR_MS)
    expect(sends(rig)).toEqual(['stop pod-1'])
  })

  test('again and again is given up after 10 minutes', async () => {
    const rig = rigOf()
    for (let times = 0; times < 20; times++)
      rig.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: MINUTE_MS }))
    asked(rig)
    await rig.clock.pass(HOUR_MS)
    expect(sends(rig)).toHaveLength(10)
    expect(rig.changes.at(-1)?.phase).toBe('failed')
  })
})
