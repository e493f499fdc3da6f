import { describe, expect, test } from 'vitest'
import {
  type ConfirmationView,
  createConfirmationPrompt,
} from '../../../src/core/confirmation/confirmation-prompt'
import type { Pod } from '../../../src/core/pods/pod'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { createFakeClock, flushPromises } from '../../harness/base/fake-clock'
import { pod } from '../../harness/samples/pods'
import { deferred } from '../../harness/monitor/scripted-provider'

const other = pod({ id: 'pod-2', name: 'other' })

function rigOf(...first: Pod[]) {
  const clock = createFakeClock()
  const rig = {
    clock,
    pods: first.length > 0 ? first : [pod(), other],
    accountId: 'account-1' as string | null,
    /** Events in order. */
    log: [] as string[],
    refresh: (): Result<void, string> | Promise<Result<void, string>> => ok(undefined),
    carryOut: (): Result<void, string> => ok(undefined),
  }
  let tokens = 0
  const prompt = createConfirmationPrompt({
    clock,
    newToken: () => `token-${(tokens += 1)}`,
    accountPods: () => (rig.accountId === null ? null : { accountId: rig.accountId, pods: rig.pods }),
    refreshPod: async (podId) => {
      rig.log.push(`refresh ${podId}`)
      return rig.refresh()
    },
    execute: (purpose, { podId }) => {
      rig.log.push(`${purpose} ${podId}`)
      return rig.carryOut()
    },
    show: () => rig.log.push('show'),
    close: () => rig.log.push('close'),
  })
  const view = (): ConfirmationView => {
    const seen = prompt.view()
    if (seen === null) throw new Error('no question is open')
    return seen
  }
  return Object.assign(rig, { prompt, view })
}
const done = (rig: { log: readonly string[] }) => rig.log.filter((line) => line.startsWith('terminate'))

describe('a confirmation prompt', () => {
  test('opens after the pod was read, and is carried out after it was read again', async () => {
    const rig = rigOf()
    expect(await rig.prompt.request('pod-1', 'terminate')).toEqual(ok(undefined))
    expect(rig.log).toEqual(['refresh pod-1', 'show'])
    expect(await rig.prompt.answer(rig.view().token, 'trainer')).toEqual({ kind: 'done' })
    expect(rig.log).toEqual(['refresh pod-1', 'show', 'refresh pod-1', 'terminate pod-1', 'close'])
    expect(rig.prompt.view()).toBeNull()
  })

  test('does not open for a pod that cannot be read, is gone, or does not allow termination', async () => {
    const rig = rigOf(
      pod({ actions: ['stop'] }),
      pod({ id: 'locked', isLocked: true }),
      pod({ id: 'member', clusterId: 'c' }),
    )
    for (const podId of ['pod-1', 'locked', 'member', 'stranger'])
      expect((await rig.prompt.request(podId, 'terminate')).ok).toBe(false)
    rig.pods = [pod()]
    rig.refresh = () => fail('no answer')
    expect(await rig.prompt.request('pod-1', 'terminate')).toMatchObject({
      error: expect.stringContaining('no answer') as string,
    })
    expect(rig.log).not.toContain('show')
    expect(rig.prompt.view()).toBeNull()
  })

  test('is refused by an empty answer, and nothing is done', async () => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    expect(await rig.prompt.answer(rig.view().token, null)).toEqual({ kind: 'done' })
    expect(rig.log.at(-1)).toBe('close')
    expect(done(rig)).toEqual([])
  })

  test.each(['', 'Trainer', 'pod-1', 'other'])('is not confirmed by %j', async (typed) => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    expect((await rig.prompt.answer(rig.view().token, typed)).kind).toBe('refused')
    expect(done(rig)).toEqual([])
    expect((await rig.prompt.answer(rig.view().token, 'trainer')).kind).toBe('done')
  })

  test('that is requested again for the same pod is brought to the front unchanged', async () => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    const { token } = rig.view()
    await rig.prompt.request('pod-1', 'terminate')
    expect(rig.view().token).toBe(token)
    expect(rig.log).toEqual(['refresh pod-1', 'show', 'show'])
  })

  test('for another pod replaces it, and the old answer is no longer valid', async () => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    const { token } = rig.view()
    await rig.prompt.request('pod-2', 'terminate')
    expect(rig.view().title).toBe('Terminate other?')
    expect((await rig.prompt.answer(token, 'trainer')).kind).toBe('refused')
    expect(done(rig)).toEqual([])
  })

  test('that is requested while another pod is being read wins', async () => {
    const rig = rigOf()
    const first = deferred<Result<void, string>>()
    rig.refresh = () => first.promise
    const slow = rig.prompt.request('pod-1', 'terminate')
    rig.refresh = () => ok(undefined)
    await rig.prompt.request('pod-2', 'terminate')
    first.resolve(ok(undefined))
    await slow
    expect(rig.view().title).toBe('Terminate other?')
  })

  test('keeps its pod, whatever the order of the list', async () => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    const { token } = rig.view()
    rig.pods = [...rig.pods].reverse()
    expect(rig.view()).toMatchObject({ token, title: 'Terminate trainer?', changeNotice: null })
    await rig.prompt.answer(token, 'trainer')
    expect(done(rig)).toEqual(['terminate pod-1'])
  })

  test('about maximum hours passes its purpose to the action', async () => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate-at-max-hours')
    await rig.prompt.answer(rig.view().token, 'trainer')
    expect(done(rig)).toEqual(['terminate-at-max-hours pod-1'])
  })
})

describe('a token', () => {
  test('is valid once', async () => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    const { token } = rig.view()
    const answers = await Promise.all([
      rig.prompt.answer(token, 'trainer'),
      rig.prompt.answer(token, 'trainer'),
    ])
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['done', 'refused'])
    expect((await rig.prompt.answer(token, 'trainer')).kind).toBe('refused')
    expect(done(rig)).toEqual(['terminate pod-1'])
  })

  test('that was never issued is rejected', async () => {
    const rig = rigOf()
    expect((await rig.prompt.answer('token-1', 'trainer')).kind).toBe('refused')
    await rig.prompt.request('pod-1', 'terminate')
    for (const forged of ['', 'token-2', 'pod-1', 'undefined'])
      expect((await rig.prompt.answer(forged, 'trainer')).kind).toBe('refused')
    expect(done(rig)).toEqual([])
  })

  test('is not needed for a refusal', async () => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    expect(await rig.prompt.answer('stale', null)).toEqual({ kind: 'done' })
    expect(rig.prompt.view()).toBeNull()
    expect((await rig.prompt.answer('stale', null)).kind).toBe('refused')
    expect(done(rig)).toEqual([])
  })

  test('expires with its window', async () => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    const { token } = rig.view()
    rig.prompt.dismiss()
    expect((await rig.prompt.answer(token, 'trainer')).kind).toBe('refused')
    expect(done(rig)).toEqual([])
  })
})

describe('a pod that changes while its prompt is open', () => {
  test.each<[string, Partial<Pod>]>([
    ['was restarted', { startedAtMs: 1 }],
    ['has another volume', { persistentMount: { sizeGb: 500, path: '/workspace' } }],
    ['was given another name', { name: 'renamed' }],
  ])('because it %s causes a changed prompt', async (_, changes) => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    const before = rig.view()
    rig.pods = [pod(changes)]
    const after = rig.view()
    expect(after.changeNotice).toContain('changed while this was open')
    expect(after.revision).toBeGreaterThan(before.revision)
    expect((await rig.prompt.answer(before.token, 'trainer')).kind).toBe('refused')
    expect(done(rig)).toEqual([])
    await rig.prompt.answer(rig.view().token, changes.name ?? 'trainer')
    expect(done(rig)).toEqual(['terminate pod-1'])
  })

  test('between the last read and the answer is not terminated', async () => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    rig.refresh = () => {
      rig.pods = [pod({ startedAtMs: 1 })]
      return ok(undefined)
    }
    expect(await rig.prompt.answer(rig.view().token, 'trainer')).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('changed') as string,
    })
    expect(done(rig)).toEqual([])
  })

  test('by getting a namesake requires the id', async () => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    rig.pods = [pod(), pod({ id: 'pod-2' })]
    expect(rig.view().acceptedInputs).toEqual(['pod-1'])
  })

  test.each<[string, readonly Pod[], string | null]>([
    ['is gone', [other], 'account-1'],
    ['allows no terminate', [pod({ actions: ['stop'] })], 'account-1'],
    ['belongs to another account', [pod()], 'account-2'],
    ['belongs to no account that is connected', [pod()], null],
  ])('so that it %s closes the prompt', async (_, pods, accountId) => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    const { token } = rig.view()
    Object.assign(rig, { pods, accountId })
    expect((await rig.prompt.answer(token, 'trainer')).kind).toBe('refused')
    expect(rig.prompt.view()).toBeNull()
    expect(done(rig)).toEqual([])
  })
})

describe('nothing is done', () => {
  test('when the pod cannot be read right before', async () => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    rig.refresh = () => fail('no answer')
    expect(await rig.prompt.answer(rig.view().token, 'trainer')).toMatchObject({
      message: expect.stringContaining('no answer') as string,
    })
    expect(done(rig)).toEqual([])
    expect(rig.view().title).toBe('Terminate trainer?')
  })

  test('when the prompt was replaced while the pod was read', async () => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    const answer = deferred<Result<void, string>>()
    rig.refresh = () => answer.promise
    const late = rig.prompt.answer(rig.view().token, 'trainer')
    rig.refresh = () => ok(undefined)
    await rig.prompt.request('pod-2', 'terminate')
    answer.resolve(ok(undefined))
    expect((await late).kind).toBe('refused')
    expect(done(rig)).toEqual([])
  })

  test('when the prompt was closed while the pod was read', async () => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    const answer = deferred<Result<void, string>>()
    rig.refresh = () => answer.promise
    const late = rig.prompt.answer(rig.view().token, 'trainer')
    rig.prompt.dismiss()
    answer.resolve(ok(undefined))
    expect((await late).kind).toBe('refused')
    expect(done(rig)).toEqual([])
  })

  test('when the action fails, and the prompt stays open', async () => {
    const rig = rigOf()
    await rig.prompt.request('pod-1', 'terminate')
    rig.carryOut = () => fail('the disk is full.')
    expect(await rig.prompt.answer(rig.view().token, 'trainer')).toEqual({
      kind: 'refused',
      message: 'the disk is full.',
    })
    expect(rig.view().title).toBe('Terminate trainer?')
  })
})

test('a prompt that is open for a minute reads its pod again, but not on every view', async () => {
  const rig = rigOf()
  await rig.prompt.request('pod-1', 'terminate')
  const refreshes = () => rig.log.filter((line) => line.startsWith('refresh')).length
  for (let second = 0; second < 61; second++) {
    rig.view()
    await rig.clock.advanceAsync(1_000)
  }
  expect(refreshes()).toBe(1)
  rig.refresh = () => fail('no answer')
  for (let second = 0; second < 61; second++) {
    rig.view()
    await flushPromises()
    await rig.clock.advanceAsync(1_000)
  }
  expect(refreshes()).toBeLessThanOrEqual(3)
  await rig.clock.advanceAsync(MINUTE_MS)
})
