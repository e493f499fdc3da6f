import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../../src/core/base/time'
import { createDeskRig, type DeskRig } from '../../harness/desk'
import { pod, stoppedPod } from '../../harness/pods'
import { createScriptedProvider, failure } from '../../harness/provider'

/** Podkeeper is killed, and started again `laterMs` later, on the same journal. */
async function crash(rig: DeskRig, laterMs: number, provider = createScriptedProvider([pod()])) {
  rig.clock.restart('run-2')
  rig.clock.advance(laterMs)
  const next = createDeskRig(provider, rig)
  next.desk.start()
  await next.clock.pass(0)
  return next
}
const sends = (rig: DeskRig) => rig.log.filter((line) => /^(stop|start) /.test(line))
const last = (rig: DeskRig) => rig.journal.records.at(-1)

describe('after a crash', () => {
  test('in the 5 seconds of undo, a stop is cancelled and says so', async () => {
    const rig = createDeskRig(createScriptedProvider([pod()]))
    rig.desk.schedule(pod(), 'stop')
    await rig.clock.pass(2_000)
    const next = await crash(rig, 1_000)
    await next.clock.pass(DAY_MS)
    expect(sends(next)).toEqual([])
    expect(last(next)).toMatchObject({
      phase: 'cancelled',
      message: expect.stringContaining('Podkeeper ended before the stop of trainer was sent') as string,
    })
    expect(next.changes).toHaveLength(1)
  })

  test('between the note and the request, or before the answer, looks decide and nothing is sent', async () => {
    for (const [seen, end] of [
      [stoppedPod(), 'observed'],
      [pod(), 'did-not-happen'],
    ] as const) {
      const provider = createScriptedProvider([pod()])
      provider.script.actions.push(() => new Promise(() => {}))
      const rig = createDeskRig(provider)
      rig.desk.schedule(pod(), 'stop')
      await rig.clock.pass(5_000)
      const next = await crash(rig, 3 * MINUTE_MS)
      await next.clock.pass(MINUTE_MS)
      expect(next.desk.intentOf('pod-1')?.phase).toBe('sent')
      next.desk.look('pod-1', seen, next.clock.now())
      expect(last(next)?.phase).toBe(end)
      expect(sends(next)).toEqual([])
    }
  })

  test('with an accepted action, looks decide', async () => {
    const rig = createDeskRig(createScriptedProvider([pod()]))
    rig.desk.schedule(pod(), 'stop')
    await rig.clock.pass(6_000)
    const next = await crash(rig, 10_000)
    next.desk.look('pod-1', pod(), next.clock.now())
    expect(next.desk.intentOf('pod-1')?.phase).toBe('accepted')
    next.desk.look('pod-1', stoppedPod(), next.clock.now())
    expect(last(next)?.phase).toBe('observed')
  })

  test('an open action still keeps others from its pod', async () => {
    const rig = createDeskRig(createScriptedProvider([pod()]))
    rig.desk.schedule(pod(), 'stop')
    await rig.clock.pass(6_000)
    expect((await crash(rig, 10_000)).desk.schedule(pod(), 'stop').ok).toBe(false)
  })

  test('of the account alone (another key, other settings), a stop within its 5 seconds goes on', async () => {
    const rig = createDeskRig(createScriptedProvider([pod()]))
    rig.desk.schedule(pod(), 'stop')
    await rig.clock.pass(2_000)
    rig.desk.dispose()
    const next = createDeskRig(createScriptedProvider([pod()]), rig)
    next.desk.start()
    await next.clock.pass(2_999)
    expect(sends(next)).toEqual([])
    await next.clock.pass(1)
    expect(sends(next)).toEqual(['stop pod-1'])
  })

  test('of the account alone, a stop whose time passed long ago is cancelled', async () => {
    const rig = createDeskRig(createScriptedProvider([pod()]))
    rig.desk.schedule(pod(), 'stop')
    rig.desk.dispose()
    await rig.clock.pass(MINUTE_MS)
    const next = createDeskRig(createScriptedProvider([pod()]), rig)
    next.desk.start()
    await next.clock.pass(DAY_MS)
    expect(sends(next)).toEqual([])
    expect(last(next)?.phase).toBe('cancelled')
  })

  async function putOff(): Promise<DeskRig> {
    const provider = createScriptedProvider([pod()])
    provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: MINUTE_MS }))
    const rig = createDeskRig(provider)
    rig.desk.schedule(pod(), 'stop')
    await rig.clock.pass(6_000)
    return rig
  }

  test('an action that was put off is sent once more, after its wait and a look', async () => {
    const next = await crash(await putOff(), 10_000)
    expect(sends(next)).toEqual([])
    await next.clock.pass(10 * MINUTE_MS)
    expect(next.log.filter((line) => !line.startsWith('write'))).toEqual(['get pod-1', 'stop pod-1'])
  })

  test('an action that was put off is not sent when its pod changed', async () => {
    const next = await crash(await putOff(), 10_000, createScriptedProvider([stoppedPod()]))
    await next.clock.pass(10 * MINUTE_MS)
    expect(sends(next)).toEqual([])
    expect(last(next)?.phase).toBe('cancelled')
  })

  test('an action that was put off is not sent a day later, and says so', async () => {
    const next = await crash(await putOff(), DAY_MS)
    await next.clock.pass(DAY_MS)
    expect(sends(next)).toEqual([])
    expect(last(next)).toMatchObject({
      phase: 'cancelled',
      message: expect.stringContaining('did not happen') as string,
    })
  })
})

describe('whenever it crashes, and whatever is answered', () => {
  const answers = fc.array(fc.constantFrom('accepted', 'rate-limited', 'unreachable', 'hang', 'forbidden'), {
    maxLength: 4,
  })

  test('no action is lost, and none is sent twice but for a 429', async () => {
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

          const rig = createDeskRig(firstWorld)
          rig.desk.schedule(pod(), 'stop')
          await rig.clock.pass(crashAfterMs)
          const next = await crash(rig, laterMs, secondWorld)
          await next.clock.pass(20 * MINUTE_MS)
          next.desk.look('pod-1', pod(), next.clock.now())

          // Every request but the last was put off by a 429.
          expect(sent.slice(0, -1).every((answer) => answer === 'rate-limited')).toBe(true)
          expect(next.desk.openPods()).toEqual([])
          const end = last(next)
          expect(end?.phase).not.toBe('scheduled')
          if (end?.phase === 'cancelled') expect(end.message).toBeTruthy()
        },
      ),
      { numRuns: 150 },
    )
  })
})
