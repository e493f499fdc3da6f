import { describe, expect, test } from 'vitest'
import type { Pod } from '../../../src/core/pods/pod'
import type { ProviderError } from '../../../src/core/pods/provider'
import { ok, type Result } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import { settle } from '../../harness/clock'
import { createDeskRig, type DeskRig } from '../../harness/desk'
import { pod, stoppedPod } from '../../harness/pods'
import { createScriptedProvider, deferred, failure, type ScriptedProvider } from '../../harness/provider'

type Rig = DeskRig & { readonly provider: ScriptedProvider; readonly intentId: string }

/** A start that waits for a GPU; the first `tries` find none. */
function waiting(tries = 10_000): Rig {
  const provider = createScriptedProvider([stoppedPod()])
  for (let index = 0; index < tries; index++) provider.script.actions.push(() => failure('no-capacity'))
  const rig = createDeskRig(provider)
  const asked = rig.desk.waitForGpu(stoppedPod())
  if (!asked.ok) throw new Error(asked.error)
  return { ...rig, provider, intentId: asked.value.id }
}
const requests = (rig: DeskRig) => rig.log.filter((line) => !line.startsWith('write'))
const starts = (rig: DeskRig) => rig.log.filter((line) => line === 'start pod-1').length
const last = (rig: DeskRig) => rig.journal.records.at(-1)

describe('a start for which no GPU is free', () => {
  test('fails, and says that it can wait for one', async () => {
    const provider = createScriptedProvider([stoppedPod()])
    provider.script.actions.push(() => failure('no-capacity'))
    const rig = createDeskRig(provider)
    rig.desk.schedule(stoppedPod(), 'start')
    await rig.clock.pass(0)
    expect(last(rig)).toMatchObject({ phase: 'failed', lacksGpu: true })
    await rig.clock.pass(HOUR_MS)
    expect(starts(rig)).toBe(1)
  })
})

describe('a start when a GPU is free', () => {
  test('looks before each try, asks each minute at first and ever more slowly, up to 5 minutes', async () => {
    const rig = waiting()
    await rig.clock.pass(0)
    expect(requests(rig)).toEqual(['get pod-1', 'start pod-1'])
    await rig.clock.pass(MINUTE_MS)
    expect(starts(rig)).toBe(2)
    await rig.clock.pass(HOUR_MS)
    const inTheFirstHour = starts(rig)
    expect(inTheFirstHour).toBeGreaterThan(12)
    expect(inTheFirstHour).toBeLessThan(30)
    await rig.clock.pass(HOUR_MS)
    expect(starts(rig) - inTheFirstHour).toBe(12)
    expect(requests(rig).filter((line) => line === 'get pod-1')).toHaveLength(starts(rig))
  })

  test('is done once Runpod accepts it and the pod runs, and asks no more', async () => {
    const rig = waiting(3)
    await rig.clock.pass(5 * MINUTE_MS)
    expect(starts(rig)).toBe(4)
    expect(last(rig)?.phase).toBe('accepted')
    rig.desk.look('pod-1', pod(), rig.clock.now())
    expect(last(rig)?.phase).toBe('observed')
    await rig.clock.pass(HOUR_MS)
    expect(starts(rig)).toBe(4)
  })

  test('occupies its pod, and does not hurry the looks', async () => {
    const rig = waiting()
    await rig.clock.pass(MINUTE_MS / 2)
    expect(rig.desk.isBusy()).toBe(false)
    expect(rig.desk.schedule(stoppedPod(), 'start').ok).toBe(false)
  })

  test('is given up after 8 hours, in words', async () => {
    const rig = waiting()
    await rig.clock.pass(8 * HOUR_MS + 5 * MINUTE_MS)
    expect(last(rig)).toMatchObject({ phase: 'did-not-happen', message: 'No GPU was free for 8 h 00 m.' })
    const soFar = requests(rig)
    expect(soFar.at(-1)).toBe('start pod-1')
    await rig.clock.pass(HOUR_MS)
    expect(requests(rig)).toEqual(soFar)
  })

  test('is not sent when the look before it takes until the 8 hours are over', async () => {
    const rig = waiting(0)
    const answer = deferred<Result<Pod, ProviderError>>()
    rig.provider.script.gets.push(() => answer.promise)
    await rig.clock.pass(8 * HOUR_MS)
    answer.resolve(ok(stoppedPod()))
    await rig.clock.pass(HOUR_MS)
    expect(starts(rig)).toBe(0)
    expect(last(rig)?.phase).toBe('did-not-happen')
  })

  test('waits as long as Runpod asks (429)', async () => {
    const rig = waiting(0)
    rig.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: 20 * MINUTE_MS }))
    await rig.clock.pass(20 * MINUTE_MS - 1)
    expect(starts(rig)).toBe(1)
    await rig.clock.pass(1)
    expect(starts(rig)).toBe(2)
  })

  test('can be undone at any time while it waits', async () => {
    const rig = waiting()
    await rig.clock.pass(3 * HOUR_MS + MINUTE_MS / 2)
    const soFar = starts(rig)
    expect(rig.desk.undo(rig.intentId)).toEqual(ok(undefined))
    expect(last(rig)).toMatchObject({ phase: 'cancelled', message: null })
    await rig.clock.pass(HOUR_MS)
    expect(starts(rig)).toBe(soFar)
  })

  test('undone while a try is on its way makes that try the last', async () => {
    const rig = waiting(0)
    const answer = deferred<Result<Pod | null, ProviderError>>()
    rig.provider.script.actions.push(() => answer.promise)
    await rig.clock.pass(0)
    expect(rig.desk.undo(rig.intentId)).toEqual(ok(undefined))
    expect(rig.desk.undo(rig.intentId).ok).toBe(false)
    answer.resolve(failure('no-capacity'))
    await settle()
    expect(last(rig)).toMatchObject({ phase: 'cancelled', message: null })
    await rig.clock.pass(HOUR_MS)
    expect(starts(rig)).toBe(1)
  })

  test.each<[string, readonly Pod[], RegExp]>([
    ['runs', [pod()], /started by someone else/],
    ['is being created', [stoppedPod({ phase: 'creating' })], /started by someone else/],
    ['is gone', [], /is gone/],
    ['is in error', [stoppedPod({ phase: 'error', statusReason: 'No such image.' })], /No such image/],
    ['allows no start any more', [stoppedPod({ actions: ['terminate'] })], /changed before the start/],
  ])('ends by itself, in words, when its pod %s', async (_, pods, words) => {
    const rig = waiting()
    await rig.clock.pass(90_000)
    rig.provider.pods = pods
    await rig.clock.pass(HOUR_MS)
    expect(starts(rig)).toBe(2)
    expect(last(rig)?.phase).toBe('cancelled')
    expect(last(rig)?.message).toMatch(words)
  })

  test('a look from before it began to wait does not end it', async () => {
    const rig = waiting()
    const before = rig.clock.now()
    await rig.clock.pass(MINUTE_MS)
    rig.desk.look('pod-1', pod(), before)
    expect(last(rig)?.phase).toBe('waiting')
  })

  test('asks nothing while its pod cannot be read, and goes on afterwards', async () => {
    const rig = waiting()
    await rig.clock.pass(0)
    for (let index = 0; index < 4; index++) rig.provider.script.gets.push(() => failure('unreachable'))
    await rig.clock.pass(2 * MINUTE_MS)
    expect(starts(rig)).toBe(1)
    await rig.clock.pass(2 * MINUTE_MS)
    expect(starts(rig)).toBeGreaterThan(1)
  })

  test('after a try without a clear answer looks decide, and only a pod seen stopped past the deadline is tried again', async () => {
    const rig = waiting(0)
    rig.provider.script.actions.push(() => failure('unreachable'))
    await rig.clock.pass(14 * MINUTE_MS)
    rig.desk.look('pod-1', stoppedPod(), rig.clock.now())
    expect(last(rig)?.phase).toBe('sent')
    await rig.clock.pass(MINUTE_MS)
    rig.desk.look('pod-1', stoppedPod(), rig.clock.now())
    expect(last(rig)?.phase).toBe('waiting')
    await rig.clock.pass(2 * MINUTE_MS)
    expect(starts(rig)).toBe(2)
  })

  test('survives a crash: the next run waits on, looks first, and keeps the 8 hours', async () => {
    const rig = waiting()
    await rig.clock.pass(HOUR_MS)
    rig.clock.restart('run-2')
    rig.clock.advance(MINUTE_MS)
    const provider = createScriptedProvider([stoppedPod()])
    for (let index = 0; index < 1_000; index++) provider.script.actions.push(() => failure('no-capacity'))
    const next = createDeskRig(provider, rig)
    next.desk.start()
    await next.clock.pass(5 * MINUTE_MS)
    expect(requests(next).slice(0, 2)).toEqual(['get pod-1', 'start pod-1'])
    expect(next.desk.intentOf('pod-1')?.phase).toBe('waiting')
    await next.clock.pass(7 * HOUR_MS)
    expect(last(next)?.phase).toBe('did-not-happen')
  })
})
