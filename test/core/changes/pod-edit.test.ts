import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { editFormOf, type EditForm, evaluateEdit } from '../../../src/core/changes/edit-form'
import { podEditSchema } from '../../../src/core/changes/parse-change'
import {
  editProblem,
  isAsShown,
  isEditSeen,
  isHarmless,
  isRestarting,
  keptPath,
  type PodEdit,
  shownConfiguration,
  toPodChanges,
} from '../../../src/core/changes/pod-edit'
import type { Environment, PodConfiguration } from '../../../src/core/pods/pod-request'
import { editBody } from '../../../src/simulator/api/pod-body'
import { updateBody } from '../../../src/providers/runpod/pod-bodies'
import { configuration } from '../../harness/samples/configurations'
import { pod } from '../../harness/samples/pods'

const names = fc.constantFrom('HF_TOKEN', 'SEED', 'WANDB', 'PODKEEPER_RUN_ID', 'PATH')
const environments: fc.Arbitrary<Environment> = fc.dictionary(names, fc.string({ maxLength: 8 }))

const podEdits: fc.Arbitrary<PodEdit> = fc.record(
  {
    name: fc.string({ minLength: 1, maxLength: 20 }),
    isLocked: fc.boolean(),
    image: fc.constantFrom('a/b:1', 'c@sha256:00'),
    ports: fc.uniqueArray(fc.constantFrom('22/tcp', '8888/http', '53/udp')),
    args: fc.constantFrom('', 'python train.py'),
    registryId: fc.constantFrom(null, 'credentials-1'),
    hasGlobalNetworking: fc.boolean(),
    containerDiskGb: fc.integer({ min: 1, max: 500 }),
    persistentGb: fc.integer({ min: 10, max: 500 }),
    setVariables: environments,
    removedVariables: fc.uniqueArray(names),
  },
  { requiredKeys: [] },
)

/** The pod after the service did what it was asked. */
function applied(before: PodConfiguration, edit: PodEdit): PodConfiguration | null {
  const changes = toPodChanges(edit, before)
  if (!changes.ok) return null
  const { name = before.name, isLocked: _lock, ...others } = changes.value
  return { ...before, ...others, name }
}

test('of an edit everything that was asked for is sent, nothing else is changed, and what is sent is what the API takes', () => {
  fc.assert(
    fc.property(podEdits, environments, (edit, environment) => {
      const before = configuration({ environment, storage: { kind: 'persistent', sizeGb: 10, path: '/w' } })
      const after = applied(before, edit)
      if (after === null) throw new Error('it was refused')
      const { setVariables = {}, removedVariables = [] } = edit
      for (const [name, value] of Object.entries(environment)) {
        const isSet = name in setVariables && name !== 'PODKEEPER_RUN_ID'
        const isRemoved = removedVariables.includes(name) && name !== 'PODKEEPER_RUN_ID'
        expect(after.environment?.[name]).toBe(isSet ? setVariables[name] : isRemoved ? undefined : value)
      }
      expect(after.image).toBe(edit.image ?? before.image)
      expect(after.ports).toEqual(edit.ports ?? before.ports)
      const changes = toPodChanges(edit, before)
      expect(v.safeParse(editBody, updateBody(changes.ok ? changes.value : {})).success).toBe(true)
    }),
  )
})

describe('an edit counts as seen', () => {
  const before = configuration()
  const seenAs = (
    edit: PodEdit,
    more: Partial<PodConfiguration>,
    shownPod = { name: 'trainer', isLocked: false as boolean | null },
  ) => {
    const changes = toPodChanges(edit, before)
    if (!changes.ok) throw new Error(changes.error)
    return isEditSeen(
      changes.value,
      { ...shownPod, configuration: { ...before, ...more } },
      before.environment,
    )
  }

  test('if all of it is there, whatever it is', () => {
    fc.assert(
      fc.property(podEdits, environments, (edit, environment) => {
        const pod10 = configuration({ environment, storage: { kind: 'persistent', sizeGb: 10, path: '/w' } })
        const changes = toPodChanges(edit, pod10)
        const after = applied(pod10, edit)
        if (!changes.ok || after === null) throw new Error('it was refused')
        const seen = { name: after.name, isLocked: edit.isLocked ?? false, configuration: after }
        expect(isEditSeen(changes.value, seen, environment)).toBe(true)
      }),
    )
  })

  const { SEED: _seed, ...withoutSeed } = before.environment ?? {}
  test.each<[string, PodEdit, Partial<PodConfiguration>]>([
    ['image', { image: 'a/b:1' }, { image: 'a/b:1' }],
    ['args', { args: 'x' }, { args: 'x' }],
    ['registryId', { registryId: 'c' }, { registryId: 'c' }],
    ['ports', { ports: ['8888/http', '1/tcp'] }, { ports: ['1/tcp', '8888/http'] }],
    ['containerDiskGb', { containerDiskGb: 60 }, { containerDiskGb: 60 }],
    ['storage', { persistentGb: 150 }, { storage: { kind: 'persistent', sizeGb: 150, path: '/workspace' } }],
    [
      'set variable',
      { setVariables: { A: '1' } },
      { environment: { ...before.environment, A: '1', ADDED: 'x' } },
    ],
    ['removed variable', { removedVariables: ['SEED'] }, { environment: withoutSeed }],
  ])(
    'by its %s: not before it is there, not if only a part is, and not if that could not be read',
    (_what, edit, after) => {
      expect(seenAs(edit, after)).toBe(true)
      expect(seenAs(edit, {})).toBe(false)
      expect(seenAs({ ...edit, name: 'other' }, after)).toBe(false)
      expect(seenAs({ ...edit, name: 'other' }, after, { name: 'other', isLocked: false })).toBe(true)
      const other: PodEdit = edit.image === undefined ? { image: 'a/b:1' } : { containerDiskGb: 60 }
      expect(seenAs({ ...edit, ...other }, after)).toBe(false)
      const changes = toPodChanges(edit, before)
      const unread = { name: 'trainer', isLocked: false, configuration: null }
      expect(changes.ok && isEditSeen(changes.value, unread, null)).toBe(false)
    },
  )

  test('by its variables only where they can be read, and by a lock only where it is known', () => {
    expect(seenAs({ setVariables: { A: '1' } }, { environment: null })).toBe(false)
    expect(seenAs({ setVariables: { A: '1' } }, { environment: { ...before.environment, A: '2' } })).toBe(
      false,
    )
    expect(seenAs({ persistentGb: 150 }, { storage: null })).toBe(false)
    expect(seenAs({ persistentGb: 150 }, { storage: { kind: 'network', volumeId: 'v', path: '/w' } })).toBe(
      false,
    )
    for (const [isLocked, isSeen] of [
      [true, true],
      [false, false],
      [null, false],
    ] as const)
      expect(seenAs({ isLocked: true }, {}, { name: 'trainer', isLocked })).toBe(isSeen)
  })

  test('by its global networking, unless the service accepted it, because that shows it only after a start', () => {
    const changes = { hasGlobalNetworking: true }
    const seen = (more: Partial<PodConfiguration>) => ({
      name: 'trainer',
      isLocked: false,
      configuration: configuration(more),
    })
    expect(isEditSeen(changes, seen({}), null)).toBe(false)
    expect(isEditSeen(changes, seen({ hasGlobalNetworking: null }), null)).toBe(false)
    expect(isEditSeen(changes, seen({ hasGlobalNetworking: true }), null)).toBe(true)
    expect(isEditSeen(changes, seen({}), null, true)).toBe(true)
    expect(isEditSeen({ ...changes, image: 'x' }, seen({}), null, true)).toBe(false)
  })

  test('by removed credentials only where it is known whether there are any', () => {
    const seen = (isRegistryKnown: boolean) => ({
      name: 'trainer',
      isLocked: false,
      configuration: configuration({ isRegistryKnown }),
    })
    expect([true, false].map((isKnown) => isEditSeen({ registryId: null }, seen(isKnown), null))).toEqual([
      true,
      false,
    ])
  })
})

describe('what an edit can do', () => {
  test('only a name and a lock are harmless, global networking waits, and a stopped pod is not restarted', () => {
    fc.assert(
      fc.property(podEdits, (edit) => {
        const fields = Object.keys(edit).filter((field) => field !== 'name' && field !== 'isLocked')
        expect(isHarmless(edit)).toBe(fields.length === 0)
        expect(isRestarting(edit, pod({ phase: 'stopped' }))).toBe(false)
        for (const phase of ['running', 'creating', 'error', 'unknown'] as const)
          expect(isRestarting(edit, pod({ phase }))).toBe(
            fields.some((field) => field !== 'hasGlobalNetworking'),
          )
      }),
    )
  })

  test.each<[string, PodEdit, Partial<PodConfiguration>]>([
    ['a disk that shrinks', { persistentGb: 50 }, {}],
    ['a disk that isn’t there', { persistentGb: 50 }, { storage: { kind: 'none' } }],
    ['variables that are hidden', { setVariables: { A: 'b' } }, { environment: null }],
    [
      'more variables than a pod can have',
      { setVariables: { A: 'b' } },
      { environment: Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`V${index}`, ''])) },
    ],
  ])('%s is refused', (_what, edit, more) => {
    const changes = toPodChanges(edit, configuration(more))
    expect(changes).toEqual({ ok: false, error: expect.stringMatching(/^[A-Z].{15,}\.$/) })
  })

  test('as many variables as a pod can have are allowed, beside the one that names the request', () => {
    const own = Object.fromEntries(Array.from({ length: 48 }, (_, index) => [`V${index}`, '']))
    const edit = { setVariables: { A: 'b', PODKEEPER_RUN_ID: 'other' } }
    const changes = toPodChanges(
      edit,
      configuration({ environment: { ...own, PODKEEPER_RUN_ID: 'run-12345678' } }),
    )
    expect(changes.ok && changes.value.environment).toEqual({
      ...own,
      A: 'b',
      PODKEEPER_RUN_ID: 'run-12345678',
    })
  })

  test('a disk of the same size is left alone with its path, and without a configuration only a name and a lock go', () => {
    const grown = toPodChanges({ persistentGb: 100 }, configuration())
    expect(grown.ok && grown.value).toEqual({
      storage: { kind: 'persistent', sizeGb: 100, path: '/workspace' },
    })
    expect(toPodChanges({ name: 'x', isLocked: true }, null)).toEqual({
      ok: true,
      value: { name: 'x', isLocked: true },
    })
    expect(toPodChanges({ image: 'a/b:1' }, null)).toEqual({
      ok: false,
      error: expect.stringContaining('not known'),
    })
  })

  test.each<[string, PodEdit, Parameters<typeof pod>[0], RegExp | null]>([
    [
      'a lab',
      { name: 'x' },
      { managed: { cloudPodId: null, idleMinutes: null, stopsAtMs: null, terminatesAtMs: null } },
      /lab/,
    ],
    ['a cluster', { name: 'x' }, { clusterId: 'c' }, /cluster/],
    ['a terminated pod', { name: 'x' }, { phase: 'terminated' }, /terminated/],
    ['nothing', {}, {}, /Nothing/],
    ['a locked pod', { image: 'a/b:1' }, { isLocked: true }, /Unlock it first/],
    [
      'a locked pod that stays locked',
      { image: 'a/b:1', isLocked: true },
      { isLocked: true },
      /Unlock it first/,
    ],
    ['a locked pod that is stopped', { image: 'a/b:1' }, { isLocked: true, phase: 'stopped' }, null],
    ['a locked pod with its lock', { image: 'a/b:1', isLocked: false }, { isLocked: true }, null],
    ['a locked pod by name', { name: 'x' }, { isLocked: true }, null],
    ['a pod whose lock is not known', { image: 'a/b:1' }, { isLocked: null }, null],
  ])('an edit of %s has its reason', (_what, edit, more, words) => {
    const problem = editProblem(edit, pod(more))
    if (words === null) expect(problem).toBeNull()
    else expect(problem).toMatch(words)
  })

  test('a removed variable that is still there is not seen as removed', () => {
    const changes = toPodChanges({ removedVariables: ['SEED'] }, configuration())
    const seen = { name: 'trainer', isLocked: false, configuration: configuration() }
    expect(changes.ok && isEditSeen(changes.value, seen, configuration().environment)).toBe(false)
  })
})

test('what is shown of a configuration has no value of a variable but the names of secrets, and tells a change', () => {
  const secret = configuration({ environment: { A: 'value-of-a', B: '{{ RUNPOD_SECRET_token }}' } })
  const shown = shownConfiguration(secret)
  expect(JSON.stringify(shown)).not.toContain('value-of-a')
  expect(shown.variables).toEqual([
    { name: 'A', secretName: null },
    { name: 'B', secretName: 'token' },
  ])
  expect(isAsShown(shown, secret)).toBe(true)
  // The order of variables and of the fields of a disk says nothing.
  expect(isAsShown(shown, { ...secret, environment: { B: '{{ RUNPOD_SECRET_token }}', A: 'other' } })).toBe(
    true,
  )
  const storage = { path: '/workspace', sizeGb: 100, kind: 'persistent' } as const
  expect(isAsShown(shown, { ...secret, storage })).toBe(true)
  expect(isAsShown({ ...shown, variables: null }, { ...secret, environment: null })).toBe(true)
  for (const change of [
    { image: 'x' },
    { ports: [] },
    { args: 'x' },
    { args: null },
    { registryId: 'c' },
    { isRegistryKnown: false },
    { hasGlobalNetworking: true },
    { containerDiskGb: 41 },
    { storage: null },
    { name: 'x' },
    { environment: null },
    { environment: { A: 'value-of-a', B: '{{ RUNPOD_SECRET_other }}' } },
  ])
    expect(isAsShown(shown, { ...secret, ...change })).toBe(false)
})

test('a pod keeps files only on a disk that survives a restart', () => {
  expect(keptPath({ kind: 'persistent', path: '/workspace', sizeGb: 1 })).toBe('/workspace')
  expect(keptPath({ kind: 'network', path: '/data', volumeId: 'v' })).toBe('/data')
  expect(keptPath({ kind: 'none' })).toBeNull()
  expect(keptPath(null)).toBeNull()
})

const shown = shownConfiguration(configuration())
const context = { takenNames: ['llama'], secretNames: ['hf'], hasGpu: true }
const evaluate = (more: Partial<EditForm>, from = shown) =>
  evaluateEdit({ ...editFormOf(from), ...more }, from, context)
const problems = (more: Partial<EditForm>, from = shown) =>
  evaluate(more, from).problems.map(({ field, line, message }) => `${field} ${line ?? ''}: ${message}`)

describe('the form of an edit', () => {
  test('without a change has no problem and no edit, whatever the pod is like', () => {
    const odd = [{ containerDiskGb: null }, { image: '' }, { ports: ['strange'] }, { name: ' ' }]
    for (const from of [shown, ...odd.map((one) => ({ ...shown, ...one }))])
      expect(evaluate({}, from)).toEqual({ problems: [], edit: {} })
  })

  test('of a pod without a persistent disk, or with a size that is not shown, has what can be known', () => {
    const plain = { ...shown, storage: { kind: 'none' }, containerDiskGb: null } as const
    expect(editFormOf(plain)).toMatchObject({ persistentGb: null, containerDiskGb: '', environment: '' })
    expect(editFormOf(shown)).toMatchObject({
      persistentGb: '100',
      containerDiskGb: '40',
      removedVariables: [],
    })
    expect(evaluate({ image: ' a/b:1 ' }, plain)).toEqual({ problems: [], edit: { image: 'a/b:1' } })
    expect(evaluate({ containerDiskGb: '1' }, plain)).toEqual({ problems: [], edit: { containerDiskGb: 1 } })
    expect(evaluate({ persistentGb: '100 ' }, shown)).toEqual({ problems: [], edit: {} })
    expect(evaluate({ name: ' trainer ' }, shown)).toEqual({ problems: [], edit: {} })
    expect(problems({ containerDiskGb: 'x' }, plain)[0]).toMatch(
      /Enter a whole number of GB for the container disk/,
    )
    expect(problems({ persistentGb: 'x' })[0]).toMatch(/can only grow/)
    expect(problems({ removedVariables: ['A'] }, { ...shown, variables: null })[0]).toMatch(
      /would lose the others/,
    )
    expect(problems({ environment: '' }, { ...shown, variables: null })).toEqual([])
    expect(problems({ environment: 'nonsense', removedVariables: ['SEED'] })).toHaveLength(1)
    expect(problems({ environment: 'A=1', removedVariables: ['SEED'] })).toEqual([])
  })

  test('shows what is not set as empty, and each port on a line', () => {
    const bare = { ...shown, args: null, registryId: null, storage: null, ports: ['22/tcp', '53/udp'] }
    expect(editFormOf(bare)).toMatchObject({
      args: '',
      registryId: '',
      persistentGb: null,
      ports: '22/tcp\n53/udp',
    })
    expect(evaluate({ image: 'a/b:1' }, bare)).toEqual({ problems: [], edit: { image: 'a/b:1' } })
    // Nobody could have typed it there; where it is claimed, main refuses it.
    expect(evaluate({ persistentGb: '5' }, bare).edit).toEqual({ persistentGb: 5 })
  })

  test('takes spaces, empty lines and what is as before for no change', () => {
    const set = { ...shown, image: 'a/b:1', args: 'python train.py', ports: ['22/tcp', '53/udp'] }
    const spaced = { image: ' a/b:1', args: 'python train.py ', ports: '22/tcp\n\n53/udp\n' }
    expect(evaluate(spaced, set)).toEqual({ problems: [], edit: {} })
  })

  test('has nothing against credentials that go, and global networking that ends, without a GPU', () => {
    const set = { ...shown, registryId: 'credentials-1', hasGlobalNetworking: true }
    const form = { ...editFormOf(set), registryId: ' ', hasGlobalNetworking: false }
    expect(evaluateEdit(form, set, { ...context, hasGpu: false })).toEqual({
      problems: [],
      edit: { registryId: null, hasGlobalNetworking: false },
    })
    expect(problems({ registryId: 'no id' }).map((each) => each.split(':')[0])).toEqual(['registryId '])
    const offered = { ...editFormOf(shown), hasGlobalNetworking: true }
    expect(
      evaluateEdit(offered, { ...shown, hasGlobalNetworking: false }, { ...context, hasGpu: false }).problems,
    ).toMatchObject([{ field: 'hasGlobalNetworking' }])
  })

  test('makes an edit of what was changed, and of nothing else', () => {
    expect(evaluate({ name: ' trainer-2 ' }).edit).toEqual({ name: 'trainer-2' })
    expect(evaluate({ ports: '8888/HTTP, 22/tcp\n6006/http' }).edit).toEqual({
      ports: ['8888/http', '22/tcp', '6006/http'],
    })
    expect(
      evaluate({ environment: '# comment\nA=1\nB={{ RUNPOD_SECRET_hf }}', removedVariables: ['SEED'] }).edit,
    ).toEqual({ setVariables: { A: '1', B: '{{ RUNPOD_SECRET_hf }}' }, removedVariables: ['SEED'] })
    expect(evaluate({ containerDiskGb: '80', persistentGb: '200' }).edit).toEqual({
      containerDiskGb: 80,
      persistentGb: 200,
    })
  })

  test('changes arguments, credentials and global networking, and leaves what is not known alone', () => {
    const unknown = { ...shown, args: null, isRegistryKnown: false, hasGlobalNetworking: null }
    expect(evaluate({}, unknown)).toEqual({ problems: [], edit: {} })
    for (const from of [shown, unknown])
      expect(evaluate({ args: ' x y ', registryId: ' c ', hasGlobalNetworking: true }, from)).toEqual({
        problems: [],
        edit: { args: 'x y', registryId: 'c', hasGlobalNetworking: true },
      })
    const set = { ...shown, args: 'x', registryId: 'c', hasGlobalNetworking: true }
    expect(evaluate({ args: '', registryId: '', hasGlobalNetworking: false }, set).edit).toEqual({
      args: '',
      registryId: null,
      hasGlobalNetworking: false,
    })
    expect(problems({ args: 'a\nb' })).toEqual(['args : Enter the arguments as one line.'])
    expect(problems({ registryId: 'two words' })[0]).toMatch(/^registryId /)
    const onCpu = evaluateEdit({ ...editFormOf(shown), hasGlobalNetworking: true }, shown, {
      ...context,
      hasGpu: false,
    })
    expect(onCpu.problems).toMatchObject([{ field: 'hasGlobalNetworking' }])
  })

  test('says what is wrong at its field and line, without a value', () => {
    expect(problems({ name: 'llama' })).toEqual(['name : Another pod already has this name.'])
    expect(problems({ name: 'a\u202eb' })).toEqual(['name : Enter a name without invisible characters.'])
    expect(problems({ image: 'two words' })).toEqual(['image : Enter an image such as runpod/pytorch:2.8.'])
    expect(problems({ ports: '22/tcp\n70000/http' })[0]).toMatch(/^ports 2: Enter ports/)
    expect(problems({ environment: 'A=1\nsecret value' })).toEqual([
      'environment 2: Enter variables as NAME=value.',
    ])
    expect(problems({ environment: 'A={{ RUNPOD_SECRET_none }}' })).toEqual([
      'environment 1: Your account has no secret called none.',
    ])
    expect(problems({ environment: 'SEED=1', removedVariables: ['SEED'] })).toEqual([
      'environment : SEED is both set and removed.',
    ])
    expect(problems({ containerDiskGb: '0' })[0]).toMatch(/^containerDiskGb /)
    expect(problems({ persistentGb: '99' })[0]).toMatch(/^persistentGb .*at least 100/)
    expect(problems({ environment: 'A=1' }, { ...shown, variables: null })[0]).toMatch(
      /would lose the others/,
    )
  })

  test('makes only edits that main takes from a page, with no value in a problem', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('10', '22/tcp', 'A=hunter2', 'a/b:1', '\u0000', '=1+1'),
    )
    fc.assert(
      fc.property(
        fc.record({
          name: text,
          image: text,
          ports: text,
          containerDiskGb: text,
          persistentGb: text,
          environment: text,
        }),
        (typed) => {
          const { edit, problems: found } = evaluate(typed)
          expect(JSON.stringify(found)).not.toContain('hunter2')
          if (found.length === 0) expect(v.safeParse(podEditSchema, edit).success).toBe(true)
        },
      ),
    )
  })
})
