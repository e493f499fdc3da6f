import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { editFormOf, type EditForm, evaluateEdit } from '../../../src/core/changes/edit-form'
import { podEditSchema } from '../../../src/core/changes/parse-change'
import {
  isAsShown,
  isEditSeen,
  isHarmless,
  isRestarting,
  type PodEdit,
  shownConfiguration,
  toPodChanges,
} from '../../../src/core/changes/pod-edit'
import type { Environment, PodConfiguration } from '../../../src/core/pods/pod-request'
import { editBody } from '../../../src/simulator/api/pod-body'
import { updateBody } from '../../../src/providers/runpod/pod-bodies'
import { configuration } from '../../harness/change-samples'
import { pod } from '../../harness/pods'

const names = fc.constantFrom('HF_TOKEN', 'SEED', 'WANDB', 'PODKEEPER_RUN_ID', 'PATH')
const environments: fc.Arbitrary<Environment> = fc.dictionary(names, fc.string({ maxLength: 8 }))

const podEdits: fc.Arbitrary<PodEdit> = fc.record(
  {
    name: fc.string({ minLength: 1, maxLength: 20 }),
    isLocked: fc.boolean(),
    image: fc.constantFrom('a/b:1', 'c@sha256:00'),
    ports: fc.uniqueArray(fc.constantFrom('22/tcp', '8888/http', '53/udp')),
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

test('an edit counts as seen exactly if all of it is there', () => {
  fc.assert(
    fc.property(podEdits, environments, (edit, environment) => {
      const before = configuration({ environment, storage: { kind: 'persistent', sizeGb: 10, path: '/w' } })
      const changes = toPodChanges(edit, before)
      if (!changes.ok) throw new Error(changes.error)
      const after = applied(before, edit)
      const isLocked = edit.isLocked ?? false
      const seen = { name: after?.name ?? '', isLocked, configuration: after }
      expect(isEditSeen(changes.value, seen, environment)).toBe(true)
      const isNoChange =
        JSON.stringify(after) === JSON.stringify(before) && (edit.isLocked ?? false) === false
      const unchanged = { name: before.name, isLocked: false, configuration: before }
      const areOnlyOrdersDifferent = isEditSeen(changes.value, unchanged, environment)
      // The order of ports and variables says nothing.
      if (!isNoChange && areOnlyOrdersDifferent)
        expect([[...(after?.ports ?? [])].sort(), { ...after?.environment }]).toEqual([
          [...before.ports].sort(),
          { ...before.environment },
        ])
    }),
  )
})

describe('what an edit can do', () => {
  test('only a name and a lock are harmless, and a stopped pod is not restarted', () => {
    fc.assert(
      fc.property(podEdits, (edit) => {
        const fields = Object.keys(edit).filter((field) => field !== 'name' && field !== 'isLocked')
        expect(isHarmless(edit)).toBe(fields.length === 0)
        expect(isRestarting(edit, pod({ phase: 'stopped' }))).toBe(false)
        for (const phase of ['running', 'creating', 'error', 'unknown'] as const)
          expect(isRestarting(edit, pod({ phase }))).toBe(fields.length > 0)
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
    expect(toPodChanges(edit, configuration(more)).ok).toBe(false)
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
  for (const change of [
    { image: 'x' },
    { ports: [] },
    { containerDiskGb: 41 },
    { storage: null },
    { name: 'x' },
    { environment: null },
    { environment: { A: 'value-of-a', B: '{{ RUNPOD_SECRET_other }}' } },
  ])
    expect(isAsShown(shown, { ...secret, ...change })).toBe(false)
})

const shown = shownConfiguration(configuration())
const context = { takenNames: ['llama'], secretNames: ['hf'] }
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
