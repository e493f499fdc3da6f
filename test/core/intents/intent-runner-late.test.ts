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

/** A stop that was asked for; then the machine slept for an hour within the 5 seconds. */
function asleep(): Rig {
  const provider = createScriptedProvider([pod()])
  const rig = createDeskRig(provider)
  const scheduled = rig.desk.schedule(pod(), 'stop')
  if (!scheduled.ok) throw new Error(scheduled.error)
  rig.clock.advance(1_000)
  rig.clock.moveWall(HOUR_MS)
  return { ...rig, provider, intentId: scheduled.value.id }
}
const requests = (rig: DeskRig) => rig.log.filter((line) => !line.startsWith('write'))

describe('a stop that comes late', () => {
  test('looks first, and is sent when the pod is as it was', async () => {
    const rig = asleep()
    await rig.clock.pass(5_000)
    expect(requests(rig)).toEqual(['get pod-1', 'stop pod-1'])
  })

  test.each<[string, readonly Pod[]]>([
    ['was stopped', [stoppedPod()]],
    ['was started again', [pod({ startedAtMs: 1 })]],
    ['is gone', []],
  ])('is not sent when the pod %s meanwhile, and says so', async (_, pods) => {
    const rig = asleep()
    rig.provider.pods = pods
    await rig.clock.pass(HOUR_MS)
    expect(requests(rig)).toEqual(['get pod-1'])
    expect(rig.changes.at(-1)).toMatchObject({
      phase: 'cancelled',
      message: expect.stringContaining('trainer') as string,
    })
  })

  test('waits until the pod can be read, without asking all the time', async () => {
    const rig = asleep()
    rig.provider.script.gets.push(
      () => failure('unreachable'),
      () => failure('rate-limited', { retryAfterMs: 2 * MINUTE_MS }),
    )
    await rig.clock.pass(4_000)
    expect(requests(rig)).toEqual(['get pod-1'])
    await rig.clock.pass(30_000)
    expect(requests(rig)).toEqual(['get pod-1', 'get pod-1'])
    await rig.clock.pass(2 * MINUTE_MS - 1)
    expect(requests(rig)).toHaveLength(2)
    await rig.clock.pass(1)
    expect(requests(rig)).toEqual(['get pod-1', 'get pod-1', 'get pod-1', 'stop pod-1'])
  })

  test('can be undone while it looks', async () => {
    const rig = asleep()
    const answer = deferred<Result<Pod, ProviderError>>()
    rig.provider.script.gets.push(() => answer.promise)
    await rig.clock.pass(5_000)
    expect(rig.desk.undo(rig.intentId).ok).toBe(true)
    answer.resolve(ok(pod()))
    await rig.clock.pass(HOUR_MS)
    expect(requests(rig)).toEqual(['get pod-1'])
  })

  test('is sent once, however often it was woken while it looked', async () => {
    const rig = asleep()
    const answers = [deferred<Result<Pod, ProviderError>>(), deferred<Result<Pod, ProviderError>>()]
    for (const answer of answers) rig.provider.script.gets.push(() => answer.promise)
    await rig.clock.pass(5_000)
    rig.desk.resume()
    await rig.clock.pass(5_000)
    for (const answer of answers) answer.resolve(ok(pod()))
    await rig.clock.pass(HOUR_MS)
    expect(requests(rig).filter((line) => line === 'stop pod-1')).toHaveLength(1)
  })

  test('is due by the wall clock’s hour no earlier than by its five seconds', async () => {
    const rig = asleep()
    await rig.clock.pass(3_999)
    expect(requests(rig)).toEqual([])
  })
})

describe('a desk that is closed', () => {
  test('sends nothing any more', async () => {
    const rig = asleep()
    rig.desk.dispose()
    expect(rig.clock.pending()).toEqual([])
    await rig.clock.pass(HOUR_MS)
    expect(requests(rig)).toEqual([])
  })

  test('leaves the answer to what it sent to the looks of the next', async () => {
    const provider = createScriptedProvider([pod()])
    const rig = createDeskRig(provider)
    const answer = deferred<Result<Pod | null, ProviderError>>()
    provider.script.actions.push(() => answer.promise)
    rig.desk.schedule(pod(), 'stop')
    await rig.clock.pass(5_000)
    rig.desk.dispose()
    answer.resolve(ok(null))
    await settle()
    expect(rig.journal.open()).toMatchObject([{ phase: 'sent' }])
    const next = createDeskRig(provider, rig)
    next.desk.start()
    next.desk.look('pod-1', stoppedPod(), next.clock.now())
    expect(next.desk.intentOf('pod-1')?.phase).toBe('observed')
    expect(requests(next)).toEqual(['stop pod-1'])
  })

  test('does not send again what is put off', async () => {
    const provider = createScriptedProvider([pod()])
    const rig = createDeskRig(provider)
    const answer = deferred<Result<Pod | null, ProviderError>>()
    provider.script.actions.push(() => answer.promise)
    rig.desk.schedule(pod(), 'stop')
    await rig.clock.pass(5_000)
    rig.desk.dispose()
    answer.resolve(failure('rate-limited', { retryAfterMs: 1_000 }))
    await rig.clock.pass(HOUR_MS)
    expect(requests(rig)).toEqual(['stop pod-1'])
  })

  test('sends nothing when the look before a late sending is answered', async () => {
    const rig = asleep()
    const answer = deferred<Result<Pod, ProviderError>>()
    rig.provider.script.gets.push(() => answer.promise)
    await rig.clock.pass(5_000)
    rig.desk.dispose()
    answer.resolve(ok(pod()))
    await rig.clock.pass(HOUR_MS)
    expect(requests(rig)).toEqual(['get pod-1'])
  })

  test('sets no timer when the look before a late sending fails', async () => {
    const rig = asleep()
    const answer = deferred<Result<Pod, ProviderError>>()
    rig.provider.script.gets.push(() => answer.promise)
    await rig.clock.pass(5_000)
    rig.desk.dispose()
    answer.resolve(failure('unreachable'))
    await settle()
    expect(rig.clock.pending()).toEqual([])
  })
})
