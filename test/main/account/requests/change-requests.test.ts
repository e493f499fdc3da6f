import { expect, test } from 'vitest'
import { type PodEdit, shownConfiguration } from '../../../../src/core/changes/pod-edit'
import type { VolumeChange } from '../../../../src/core/changes/volume-change'
import type { Ask, Question } from '../../../../src/core/confirmation/question-queue'
import type { Monitor } from '../../../../src/core/monitor/monitor-types'
import { fail, ok } from '../../../../src/core/base/result'
import { toVolumesView } from '../../../../src/core/view/volumes-view'
import { createChangeRequests } from '../../../../src/main/account/requests/change-requests'
import { configuration, volume } from '../../../harness/samples/configurations'
import { answerOf, type ChangeWorldOptions, createChangeWorld } from '../../../harness/monitor/change-world'

type Answer = Awaited<ReturnType<Ask>>

interface AccountOptions extends ChangeWorldOptions {
  readonly answer?: Answer
  /** Runs while the person is asked. */
  readonly meanwhile?: (world: ReturnType<typeof createChangeWorld>['world']) => void
}

/** An account with a volume and a pod, and a person who answers what is asked. */
function account({ answer = ok(''), meanwhile, ...options }: AccountOptions = {}) {
  const cloud = createChangeWorld(options)
  const { world, changes } = cloud
  const questions: Question[] = []
  const monitor = {
    ...changes.requests,
    accountPods: () => ({ accountId: 'a', pods: [world.pod] }),
    snapshot: () => ({
      pods: [world.pod],
      volumes: toVolumesView(
        { volumes: world.volumes, readAtMs: 0, problem: null },
        [world.pod],
        options.arePodsKnown !== false,
        [],
        [],
      ),
    }),
  } as unknown as Monitor
  const requests = createChangeRequests({
    monitor: (accountId) => (accountId === 'a' ? monitor : null),
    provider: (accountId) => (accountId === 'a' ? cloud.provider : null),
    ask: async (question) => {
      questions.push(question)
      meanwhile?.(world)
      return answer
    },
    nameOf: () => null,
  })
  const settle = <T>(asked: Promise<T> | T): Promise<T> => answerOf(Promise.resolve(asked), cloud)
  return { cloud, questions, requests, settle }
}

const { isHighPerformance: _, ...data } = volume()
const spec = { name: 'new', sizeGb: 50, dataCenterId: 'EU-RO-1', kind: 'standard' } as const
const shown = shownConfiguration(configuration())

const confirmed: readonly VolumeChange[] = [
  { kind: 'create', spec },
  { kind: 'grow', volume: data, sizeGb: 200 },
  { kind: 'delete', volume: data },
]

test.each(confirmed)(
  'a page can’t $kind a volume unless that is confirmed in main’s own window',
  async (change) => {
    for (const answer of [ok(null), fail('Too many questions are open.')]) {
      const refused = account({ answer })
      const result = await refused.settle(refused.requests.changeVolume('a', change))
      expect(result).toEqual(answer)
      expect([refused.questions.length, refused.cloud.sent]).toEqual([1, []])
    }
    const agreed = account()
    expect(await agreed.settle(agreed.requests.changeVolume('a', change))).toMatchObject({
      value: { kind: 'done' },
    })
    expect(agreed.cloud.sent).toHaveLength(1)
  },
)

test('a volume is deleted only by its name or, where that is not enough, its id', async () => {
  const fieldOf = async (volumes: AccountOptions['volumes'], changed: VolumeChange) => {
    const one = account({ ...(volumes && { volumes }), answer: ok(null) })
    await one.settle(one.requests.changeVolume('a', changed))
    return one.questions[0]?.text.field?.acceptedInputs
  }
  const remove: VolumeChange = { kind: 'delete', volume: data }
  expect(await fieldOf(undefined, remove)).toEqual(['data'])
  expect(await fieldOf([volume(), volume({ id: 'vol-2', name: ' DATA' })], remove)).toEqual(['vol-1'])
  const hostile = 'data\u202e'
  expect(
    await fieldOf([volume({ name: hostile })], { kind: 'delete', volume: { ...data, name: hostile } }),
  ).toEqual([hostile, 'vol-1'])
})

test('a page that names one volume and shows another is refused before anything is asked', async () => {
  const other = volume({ id: 'vol-2', name: 'scratch', sizeGb: 10 })
  const one = account({ volumes: [volume(), other] })
  for (const change of [
    { kind: 'delete', volume: { ...data, name: 'scratch' } },
    { kind: 'delete', volume: { ...data, id: 'vol-2' } },
    { kind: 'delete', volume: { ...data, id: 'none' } },
    { kind: 'grow', volume: { ...data, sizeGb: 20 }, sizeGb: 50 },
  ] satisfies readonly VolumeChange[])
    expect(await one.settle(one.requests.changeVolume('a', change))).toMatchObject({
      value: { kind: 'refused' },
    })
  expect([one.questions, one.cloud.sent]).toEqual([[], []])
})

test('a volume that a pod has, or may have, is not even asked about; one that gets a pod meanwhile is not deleted', async () => {
  const remove: VolumeChange = { kind: 'delete', volume: data }
  const networkMounts = [{ volumeId: 'vol-1', path: '/data' }]
  const used = account({ pod: { networkMounts } })
  expect(await used.settle(used.requests.changeVolume('a', remove))).toMatchObject({
    value: { kind: 'refused', message: expect.stringContaining('trainer') },
  })
  const unknown = account({ arePodsKnown: false })
  expect(await unknown.settle(unknown.requests.changeVolume('a', remove))).toMatchObject({
    value: { kind: 'refused' },
  })
  const taken = account({ meanwhile: (world) => (world.pod = { ...world.pod, networkMounts }) })
  expect(await taken.settle(taken.requests.changeVolume('a', remove))).toMatchObject({
    value: { kind: 'refused' },
  })
  expect([used, unknown, taken].map(({ questions, cloud }) => [questions.length, cloud.sent.length])).toEqual(
    [
      [0, 0],
      [0, 0],
      [1, 0],
    ],
  )
})

test('a new name of a volume, and the name and the lock of a pod, are not asked about', async () => {
  const one = account()
  await one.settle(one.requests.changeVolume('a', { kind: 'rename', volume: data, name: 'data-2' }))
  await one.settle(one.requests.editPod('a/pod-1', { name: 'trainer-2', isLocked: true }, null))
  expect([one.questions, one.cloud.sent]).toEqual([[], ['change vol-1', 'edit pod-1 name,isLocked']])
})

const restarting: readonly PodEdit[] = [
  { image: 'evil/image:1' },
  { ports: [] },
  { containerDiskGb: 10 },
  { persistentGb: 200 },
  { setVariables: { A: 'hunter2' } },
  { removedVariables: ['HF_TOKEN'] },
  { name: 'x', image: 'evil/image:1' },
]

test.each(restarting)('a page can’t make this edit unless it is confirmed: %o', async (edit) => {
  for (const phase of ['running', 'stopped', 'error'] as const) {
    const refused = account({ answer: ok(null), pod: { phase } })
    expect(await refused.settle(refused.requests.editPod('a/pod-1', edit, shown))).toEqual(ok(null))
    expect([refused.questions.length, refused.cloud.sent]).toEqual([1, []])
    expect(JSON.stringify(refused.questions)).not.toMatch(/hunter2|hf_secret/)
    const says = JSON.stringify(refused.questions[0]?.text)
    expect(says.includes('Restarts the pod now')).toBe(phase !== 'stopped')
    expect(says.includes('Wipes everything outside /workspace')).toBe(phase !== 'stopped')
    const agreed = account({ pod: { phase } })
    const result = await agreed.settle(agreed.requests.editPod('a/pod-1', edit, shown))
    expect(result).toMatchObject({ value: { kind: 'done' } })
    expect(agreed.cloud.sent).toHaveLength(1)
  }
})

test('an edit is refused if the pod is not as the page shows it, before it is asked about or after', async () => {
  const edit = { image: 'example/vllm:1' }
  const before = account()
  for (const claimed of [null, { ...shown, image: 'example/vllm:1' }, { ...shown, storage: null }])
    expect(await before.settle(before.requests.editPod('a/pod-1', edit, claimed))).toMatchObject({
      value: { kind: 'refused' },
    })
  expect([before.questions, before.cloud.sent]).toEqual([[], []])
  const changes: readonly NonNullable<AccountOptions['meanwhile']>[] = [
    (world) => (world.configuration = configuration({ ports: ['1/tcp'] })),
    (world) => (world.pod = { ...world.pod, phase: 'stopped' }),
  ]
  for (const meanwhile of changes) {
    const after = account({ meanwhile })
    const result = await after.settle(after.requests.editPod('a/pod-1', edit, shown))
    expect(result).toMatchObject({ value: { kind: 'refused' } })
    expect([after.questions.length, after.cloud.sent]).toEqual([1, []])
  }
})

test('of the same change, agreed to three times at once, one is sent', async () => {
  const one = account()
  const create = () => one.requests.changeVolume('a', { kind: 'create', spec })
  const results = await Promise.all([create(), create(), create()].map((asked) => one.settle(asked)))
  expect(results.filter((result) => result.ok && result.value?.kind === 'done')).toHaveLength(1)
  expect([one.questions.length, one.cloud.sent]).toEqual([3, ['create new']])
})

test('nothing is done in an account that is not connected', async () => {
  const one = account()
  const change: VolumeChange = { kind: 'delete', volume: data }
  expect((await one.requests.changeVolume('b', change)).ok).toBe(false)
  expect((await one.requests.editPod('b/pod-1', { name: 'x' }, null)).ok).toBe(false)
  expect((await one.requests.refreshVolumes('b')).ok).toBe(false)
  expect((await one.requests.editablePod('b/pod-1')).ok).toBe(false)
  expect((await one.requests.volumePlaces('b')).ok).toBe(false)
  expect([one.questions, one.cloud.sent]).toEqual([[], []])
})

test('a page gets the names of variables and of secrets, and no values', async () => {
  const one = account()
  const read = await one.requests.editablePod('a/pod-1')
  expect(read).toMatchObject({
    ok: true,
    value: { secretNames: null, configuration: { image: 'example/pytorch:2.8' } },
  })
  expect(JSON.stringify(read)).not.toMatch(/hf_secret|run-12345678/)
})
