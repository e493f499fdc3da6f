import { describe, expect, test } from 'vitest'
import type { ChangeResult } from '../../../src/core/changes/change-runner'
import { type PodEdit, shownConfiguration } from '../../../src/core/changes/pod-edit'
import type { VolumeChange } from '../../../src/core/changes/volume-change'
import { configuration, volume } from '../../harness/samples/configurations'
import {
  answerOf,
  type ChangeReply,
  changeReplies,
  type ChangeWorldOptions,
  createChangeWorld,
  isRefusal,
} from '../../harness/monitor/change-world'
import { ok } from '../../../src/core/base/result'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { endpoint } from '../../harness/samples/endpoints'
import { pod } from '../../harness/samples/pods'
import { deferred } from '../../harness/monitor/scripted-provider'

type World = ReturnType<typeof createChangeWorld>

const { isHighPerformance: _, ...data } = volume()

const spec = { name: 'new', sizeGb: 50, dataCenterId: 'EU-RO-1', kind: 'standard' } as const

const volumeChanges: readonly VolumeChange[] = [
  { kind: 'create', spec },
  { kind: 'rename', volume: data, name: 'data-2' },
  { kind: 'grow', volume: data, sizeGb: 200 },
  { kind: 'delete', volume: data },
]

const edits: readonly PodEdit[] = [
  { name: 'trainer-2' },
  { isLocked: true },
  { image: 'example/vllm:1', ports: ['22/tcp'] },
  { setVariables: { HF_TOKEN: 'hf_other_secret' }, removedVariables: ['SEED'] },
  { persistentGb: 150, containerDiskGb: 60 },
]

interface Case {
  readonly what: string
  readonly run: (world: World) => Promise<ChangeResult>
  /** Whether the cloud has it. */
  readonly isThere: (world: World) => boolean
}

const shown = shownConfiguration(configuration())

const cases: readonly Case[] = [
  {
    what: 'delete template',
    run: ({ changes }) => changes.requests.deleteTemplate({ id: 'tpl-1', name: 'leaky' }, false),
    isThere: ({ world: { templates } }) => templates.length === 0,
  },
  ...volumeChanges.map((change): Case => {
    return {
      what: `${change.kind} volume`,
      run: ({ changes }) => changes.requests.changeVolume(change, false),
      isThere: ({ world: { volumes } }) =>
        ({
          create: volumes.some(({ name }) => name === 'new'),
          rename: volumes.some(({ name }) => name === 'data-2'),
          grow: volumes.some(({ sizeGb }) => sizeGb === 200),
          delete: volumes.length === 0,
        })[change.kind],
    }
  }),
  {
    what: 'minimum of 0',
    run: ({ changes }) => changes.requests.setMinimumToZero(endpoint(), false),
    isThere: ({ world }) => world.endpoint.minWorkers === 0,
  },
  ...edits.map((edit): Case => {
    return {
      what: `edit ${Object.keys(edit).join()}`,
      run: ({ changes }) => changes.requests.editPod('pod-1', edit, shown, false),
      isThere: ({ world }) => {
        const { environment, storage } = world.configuration
        return (
          (edit.name === undefined || world.pod.name === edit.name) &&
          (edit.isLocked === undefined || world.pod.isLocked === edit.isLocked) &&
          (edit.image === undefined || world.configuration.image === edit.image) &&
          (edit.persistentGb === undefined ||
            (storage?.kind === 'persistent' && storage.sizeGb === edit.persistentGb)) &&
          (edit.setVariables === undefined ||
            (environment?.['HF_TOKEN'] === 'hf_other_secret' && !('SEED' in environment)))
        )
      },
    }
  }),
]

const matrix = cases.flatMap((one) =>
  changeReplies.flatMap((reply) => [false, true].map((areReadsLost) => ({ ...one, reply, areReadsLost }))),
)

test.each(matrix)(
  'a change ($what) that is answered with $reply is sent once, and what is shown of it is true (reads lost: $areReadsLost)',
  async ({ run, isThere, reply, areReadsLost }) => {
    const world = createChangeWorld({ reply, areReadsLost })
    const result = await answerOf(run(world), world)
    expect(world.sent).toHaveLength(1)
    if (result.kind === 'done') expect(isThere(world)).toBe(true)
    if (reply === '2xx' && !areReadsLost) expect([result.kind, isThere(world)]).toEqual(['done', true])
    if (result.kind === 'refused') expect([isThere(world), isRefusal(reply)]).toEqual([false, true])
    // What is seen is not called unclear, however it was answered.
    if (!areReadsLost && isThere(world)) expect(result.kind).toBe('done')
    await world.clock.advanceAsync(10 * MINUTE_MS)
    expect(world.sent).toHaveLength(1)
    expect(world.changes.openTexts()).toEqual([])
    // The log ends with what became of it, and says nothing that it doesn't know.
    const last = world.entries.at(-1)
    expect(last?.what).toMatch(/ (done|refused|not-seen)$/)
    if (last?.what.endsWith('done') === true) expect(isThere(world)).toBe(true)
    if (!areReadsLost && last?.what.endsWith('not-seen') === true) expect(isThere(world)).toBe(false)
    expect(JSON.stringify([result, world.entries, world.notices])).not.toMatch(/hf_other|hf_secret/)
  },
)

const delete100: VolumeChange = { kind: 'delete', volume: data }

const deleted = (options: ChangeWorldOptions = {}, before?: (world: World['world']) => void) => {
  const world = createChangeWorld(options)
  world.world.before = () => before?.(world.world)
  return answerOf(world.changes.requests.changeVolume(delete100, false), world).then((result) => ({
    world,
    result,
  }))
}

describe('a volume is not deleted', () => {
  test('while a pod has it', async () => {
    const { world, result } = await deleted({ pod: { networkMounts: [{ volumeId: 'vol-1', path: null }] } })
    expect(result).toMatchObject({ kind: 'refused', message: expect.stringContaining('attached to trainer') })
    expect(world.sent).toEqual([])
  })

  test('while many pods have it, of which the first are named', async () => {
    const name = 'x'.repeat(60)
    const networkMounts = [{ volumeId: 'vol-1', path: null }]
    const many = Array.from({ length: 200 }, (_, index) => pod({ id: `pod-${index}`, name, networkMounts }))
    const world = createChangeWorld({ listedPods: many })
    const result = await answerOf(world.changes.requests.changeVolume(delete100, false), world)
    expect(result).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/^.{0,300} and 195 more\. /),
    })
  })

  test('while what a pod mounts is not known', async () => {
    const { changes, sent } = createChangeWorld({ pod: { areMountsKnown: false } })
    const result = await changes.requests.changeVolume({ kind: 'delete', volume: data }, false)
    expect([result.kind, sent]).toEqual(['refused', []])
  })

  test('while it is not known which pods have it', async () => {
    const { world, result } = await deleted({ arePodsKnown: false })
    expect([result.kind, world.sent]).toEqual(['refused', []])
  })

  test.each([{ name: 'other' }, { sizeGb: 200 }, { dataCenterId: 'EU-RO-1' }, { id: 'vol-2' }])(
    'if it is not as it was shown: %o',
    async (change) => {
      const { world, result } = await deleted({}, (current) => (current.volumes = [volume(change)]))
      expect([result.kind, world.sent]).toEqual(['refused', []])
    },
  )

  test('if that cannot be written down', async () => {
    const world = createChangeWorld()
    world.log.isFull = true
    const result = await answerOf(world.changes.requests.changeVolume(delete100, false), world)
    expect(result).toMatchObject({ kind: 'refused', message: expect.stringContaining('the disk is full') })
    expect(world.sent).toEqual([])
  })

  test('otherwise it is, and the list that shows that is taken', async () => {
    const { world, result } = await deleted()
    expect([result.kind, world.sent, world.listed.at(-1)]).toEqual(['done', ['delete vol-1'], []])
  })
})

test.each([
  { id: 'tpl-2', name: 'leaky' },
  { id: 'tpl-1', name: 'other' },
])('a template that is not as it was shown (%o) is not deleted', async (template) => {
  const { changes, sent } = createChangeWorld()
  const result = await changes.requests.deleteTemplate(template, false)
  expect([result.kind, sent]).toEqual(['refused', []])
})

describe('a pod is not edited', () => {
  const edit = (options: ChangeWorldOptions, change: PodEdit, from = shown) => {
    const world = createChangeWorld(options)
    return answerOf(world.changes.requests.editPod('pod-1', change, from, false), world).then((result) => ({
      world,
      result,
    }))
  }

  test.each<[string, ChangeWorldOptions]>([
    ['while an action on it is under way', { hasOpenIntent: true }],
    ['if its image was changed since it was shown', { configuration: { image: 'example/other:1' } }],
    [
      'if a variable was added since',
      { configuration: { environment: { ...configuration().environment, NEW: 'a' } } },
    ],
    ['if it is locked, since that would restart it', { pod: { isLocked: true } }],
    ['if it belongs to a cluster', { pod: { clusterId: 'cluster' } }],
    ['if it is terminated', { pod: { phase: 'terminated' } }],
  ])('%s', async (_why, options) => {
    const { world, result } = await edit(options, { image: 'example/vllm:1' })
    expect([result.kind, world.sent]).toEqual(['refused', []])
  })

  test('if an action on it was requested while it was read', async () => {
    const world = createChangeWorld()
    world.world.before = () => (world.world.hasOpenIntent = true)
    const change = { image: 'example/vllm:1' }
    const result = await answerOf(world.changes.requests.editPod('pod-1', change, shown, false), world)
    expect([result.kind, world.sent]).toEqual(['refused', []])
  })

  test('if its variables are hidden and would be lost', async () => {
    const hidden = { environment: null }
    const { world, result } = await edit(
      { configuration: hidden },
      { setVariables: { A: 'b' } },
      shownConfiguration(configuration(hidden)),
    )
    expect([result.kind, world.sent]).toEqual(['refused', []])
  })

  test('otherwise it is; a locked one can be renamed, unlocked, and changed with that', async () => {
    for (const change of [
      { name: 'new' },
      { isLocked: false },
      { isLocked: false, image: 'example/vllm:1' },
    ]) {
      const { world, result } = await edit({ pod: { isLocked: true } }, change)
      expect([result.kind, world.sent.length]).toEqual(['done', 1])
    }
  })

  test('and a variable that is not changed keeps its value, with the name of the request', async () => {
    const { world } = await edit({}, { setVariables: { SEED: '2' } })
    expect(world.world.configuration.environment).toEqual({ ...configuration().environment, SEED: '2' })
  })
})

test('the same change asked for twice at once is sent once, and can be asked for again afterwards', async () => {
  const world = createChangeWorld()
  const create: VolumeChange = { kind: 'create', spec }
  const both = [1, 2].map(() => world.changes.requests.changeVolume(create, false))
  const kinds = await Promise.all(both.map(async (one) => (await answerOf(one, world)).kind))
  expect(kinds.sort()).toEqual(['done', 'refused'])
  expect(world.sent).toHaveLength(1)
  expect((await answerOf(world.changes.requests.changeVolume(create, false), world)).kind).toBe('done')
})

test('a change without a clear answer says so in time, blocks another one, and its result is reported later', async () => {
  const world = createChangeWorld({ reply: 'reset-before' })
  const result = await answerOf(world.changes.requests.changeVolume(delete100, true), world)
  expect(result).toMatchObject({
    kind: 'unclear',
    message: expect.stringContaining('Podkeeper is looking for it'),
  })
  expect(world.changes.openTexts()).toHaveLength(1)
  expect((await answerOf(world.changes.requests.changeVolume(delete100, false), world)).kind).toBe('refused')
  world.world.volumes = []
  await world.clock.advanceAsync(5 * MINUTE_MS)
  expect(world.notices).toEqual(['The network volume data was deleted.'])
  expect(world.entries.map(({ what }) => what)).toEqual([
    'delete-volume requested',
    'delete-volume unclear',
    'delete-volume done',
  ])
  expect(world.entries[0]?.text).toBe(
    'You requested to delete the network volume data with everything on it, on the command line.',
  )
})

test.each<[ChangeReply, string | null]>([
  ['422', 'ports'],
  ['403', null],
])('a refusal (%s) is shown with the field that it names: %s', async (reply, field) => {
  const world = createChangeWorld({ reply })
  const result = await answerOf(
    world.changes.requests.editPod('pod-1', { ports: ['22/tcp'] }, shown, false),
    world,
  )
  expect(result).toMatchObject({ kind: 'refused', field })
})

test('nothing is sent for an account that is no longer watched, and quitting waits for what was sent', async () => {
  const world = createChangeWorld()
  world.changes.dispose()
  const result = await answerOf(world.changes.requests.changeVolume(delete100, false), world)
  expect([result.kind, world.sent]).toEqual(['refused', []])
  const other = createChangeWorld({ reply: 'reset-after' })
  const answer = other.changes.requests.changeVolume(delete100, false)
  await other.clock.advanceAsync(0)
  await other.changes.shutDown()
  expect(other.sent).toHaveLength(1)
  other.changes.dispose()
  expect((await answerOf(answer, other)).kind).toBe('unclear')
})

const grow: VolumeChange = { kind: 'grow', volume: data, sizeGb: 200 }

describe('after a shutdown', () => {
  test('a change that was about to be sent is not, and none is taken', async () => {
    const world = createChangeWorld()
    world.world.before = () => void world.changes.shutDown()
    const results = [
      await answerOf(world.changes.requests.changeVolume(grow, false), world),
      await answerOf(world.changes.requests.changeVolume(grow, false), world),
    ]
    expect(results).toEqual(
      Array(2).fill({
        kind: 'refused',
        message: 'Podkeeper is quitting, so nothing was done.',
        field: null,
      }),
    )
    expect([world.sent, world.entries, world.changes.openTexts()]).toEqual([[], [], []])
  })

  test('the reply to one that was sent is awaited and written down', async () => {
    const world = createChangeWorld()
    const reply = deferred<Awaited<ReturnType<NonNullable<typeof world.provider.changeNetworkVolume>>>>()
    world.provider.changeNetworkVolume = () => reply.promise
    const answer = world.changes.requests.changeVolume(grow, false)
    await world.clock.advanceAsync(0)
    const shutDown = world.changes.shutDown()
    reply.resolve(ok(volume({ sizeGb: 200 })))
    await shutDown
    world.changes.dispose()
    expect((await answer).kind).toBe('done')
    expect(world.entries.map(({ what }) => what)).toEqual(['grow-volume requested', 'grow-volume done'])
  })
})

test('when an account ends, no timer is left, and a change without a clear answer is answered at once', async () => {
  const world = createChangeWorld({ reply: 'reset-before' })
  const answer = world.changes.requests.changeVolume(delete100, false)
  await world.clock.advanceAsync(0)
  expect(world.clock.pendingDelaysMs()).not.toEqual([])
  world.changes.dispose()
  expect((await answer).kind).toBe('unclear')
  expect(world.clock.pendingDelaysMs()).toEqual([])
  expect(world.entries.at(-1)?.what).toBe('delete-volume unclear')
})

test('a request that throws is looked for, and a read that throws stops nothing but that change', async () => {
  const world = createChangeWorld()
  const cloud = { ...world.provider }
  world.provider.changeNetworkVolume = async (...sent) => {
    await cloud.changeNetworkVolume?.(...sent)
    throw new Error('a bug')
  }
  expect((await answerOf(world.changes.requests.changeVolume(grow, false), world)).kind).toBe('done')
  expect(world.sent).toHaveLength(1)
  world.provider.listNetworkVolumes = () => Promise.reject(new Error('a bug'))
  const bigger: VolumeChange = { ...grow, volume: { ...data, sizeGb: 200 }, sizeGb: 300 }
  expect((await answerOf(world.changes.requests.changeVolume(bigger, false), world)).kind).toBe('refused')
  Object.assign(world.provider, cloud)
  expect((await answerOf(world.changes.requests.changeVolume(bigger, false), world)).kind).toBe('done')
})

describe('texts', () => {
  const kindOf = (world: World): string[] => world.entries.map(({ what, tone }) => `${what} ${tone}`)

  test.each<[ChangeWorldOptions, RegExp]>([
    [{ reply: '2xx-ignored' }, /accepted it but doesn’t show it\. Check it in Runpod/],
    [{ reply: 'reset-before' }, /gave no clear answer and doesn’t show it\. Check it in Runpod/],
    [
      { reply: 'reset-before', areReadsLost: true },
      /gave no clear answer and could not be read since\. Check it in Runpod/,
    ],
  ])('of a change that nothing shows (%o) is why, and that it is not known', async (options, words) => {
    const world = createChangeWorld(options)
    await answerOf(world.changes.requests.changeVolume(delete100, false), world)
    await world.clock.advanceAsync(10 * MINUTE_MS)
    expect(kindOf(world)).toEqual([
      'delete-volume requested plain',
      'delete-volume unclear warning',
      'delete-volume not-seen bad',
    ])
    expect(world.entries.at(-1)?.text).toMatch(words)
    expect(world.notices).toEqual([world.entries.at(-1)?.text])
    expect(world.entries[0]).toMatchObject({
      accountId: 'account-1',
      podId: null,
      podName: null,
      kind: 'intent',
    })
  })

  test('of an unclear answer are its words, and of a late effect that it is there, without a notice if that was in time', async () => {
    const world = createChangeWorld({ reply: '500-late' })
    const result = await answerOf(world.changes.requests.changeVolume(delete100, false), world)
    expect(result).toEqual({ kind: 'done', message: 'The network volume data was deleted.' })
    expect(world.entries[1]?.text).toBe(
      'It is not known yet whether the network volume data was deleted. It said 500-late. $.ports[0]: does not match',
    )
    expect([kindOf(world).at(-1), world.notices]).toEqual(['delete-volume done good', []])
  })

  test('of a change whose reply shows it is that it is done, although it can’t be read', async () => {
    const world = createChangeWorld({ areReadsLost: true })
    for (const [change, kind] of [
      [{ kind: 'create', spec }, 'done'],
      [{ kind: 'grow', volume: data, sizeGb: 200 }, 'refused'],
    ] as const)
      expect((await answerOf(world.changes.requests.changeVolume(change, false), world)).kind).toBe(kind)
  })

  test('of an edit names the pod, and each thing that it changes', async () => {
    const world = createChangeWorld()
    const edit = {
      name: 'b',
      isLocked: false,
      image: 'a/b:1',
      ports: [],
      containerDiskGb: 60,
      persistentGb: 150,
    }
    await answerOf(
      world.changes.requests.editPod(
        'pod-1',
        { ...edit, setVariables: { A: '1' }, removedVariables: ['SEED'] },
        shown,
        false,
      ),
      world,
    )
    expect(world.entries[0]).toMatchObject({
      podId: 'pod-1',
      podName: 'trainer',
      text: 'You requested to edit trainer: name b, unlocked, image a/b:1, ports none, container disk 60 GB, persistent disk 150 GB, sets A, removes SEED.',
    })
  })
})

describe('an account', () => {
  test('without volumes, or whose pods can’t be edited, says so', async () => {
    const world = createChangeWorld()
    delete world.provider.listNetworkVolumes
    delete world.provider.updatePod
    const answers = [
      await answerOf(world.changes.requests.changeVolume(delete100, false), world),
      await answerOf(world.changes.requests.editPod('pod-1', { name: 'x' }, null, false), world),
      await answerOf(world.changes.requests.editPod('gone', { name: 'x' }, null, false), world),
      await answerOf(
        world.changes.requests.changeVolume({ ...delete100, kind: 'rename', name: '' }, false),
        world,
      ),
    ]
    expect(answers.map((answer) => (answer.kind === 'refused' ? answer.message : null))).toEqual([
      'This account has no network volumes.',
      'Pods of this account can’t be edited here.',
      'That pod is no longer in the list.',
      'Enter a name.',
    ])
    expect(createChangeWorld().changes.hasVolumes).toBe(true)
    expect(world.sent).toEqual([])
  })

  test('whose volumes or pod can’t be read before changes nothing', async () => {
    const world = createChangeWorld()
    world.world.isUnreadable = true
    const answers = [
      await answerOf(world.changes.requests.changeVolume(delete100, false), world),
      await answerOf(world.changes.requests.editPod('pod-1', { image: 'a/b:1' }, shown, false), world),
    ]
    expect(answers.map((answer) => answer.kind)).toEqual(['refused', 'refused'])
    for (const answer of answers) expect(answer.message).toMatch(/^Nothing was .* could not be read: It said/)
    expect([world.sent, world.entries]).toEqual([[], []])
  })

  test('reads its volumes when that is asked for, and takes them until it is no longer watched', async () => {
    const world = createChangeWorld()
    await world.changes.requests.refreshVolumes()
    world.changes.dispose()
    await world.changes.requests.refreshVolumes()
    expect(world.listed).toEqual([[volume()]])
  })

  test('is not edited by what was not shown of it', async () => {
    const world = createChangeWorld()
    const answer = await answerOf(
      world.changes.requests.editPod('pod-1', { image: 'a/b:1' }, null, false),
      world,
    )
    expect([answer.kind, world.sent]).toEqual(['refused', []])
  })
})
