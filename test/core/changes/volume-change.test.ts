import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { fieldOfError } from '../../../src/core/changes/change-field'
import {
  podEditSchema,
  shownConfigurationSchema,
  volumeChangeSchema,
} from '../../../src/core/changes/parse-change'
import {
  isSameVolume,
  isVolumeChangeSeen,
  type VolumeChange,
  volumeChangeProblem,
} from '../../../src/core/changes/volume-change'
import { volume } from '../../harness/samples/configurations'

const { isHighPerformance: _, ...data } = volume()
const spec = { name: 'new', sizeGb: 50, dataCenterId: 'EU-RO-1', kind: 'standard' } as const
const problem = (change: VolumeChange) => volumeChangeProblem(change)?.field ?? null

describe('a change of a volume', () => {
  test.each<[VolumeChange, string | null]>([
    [{ kind: 'create', spec }, null],
    [{ kind: 'create', spec: { ...spec, sizeGb: 9 } }, 'sizeGb'],
    [{ kind: 'create', spec: { ...spec, sizeGb: 4_097 } }, 'sizeGb'],
    [{ kind: 'create', spec: { ...spec, sizeGb: 10.5 } }, 'sizeGb'],
    [{ kind: 'create', spec: { ...spec, name: ' ' } }, 'name'],
    [{ kind: 'create', spec: { ...spec, name: 'a\u0007' } }, 'name'],
    [{ kind: 'create', spec: { ...spec, name: 'x'.repeat(101) } }, 'name'],
    [{ kind: 'create', spec: { ...spec, dataCenterId: '' } }, 'dataCenterId'],
    [{ kind: 'grow', volume: data, sizeGb: 101 }, null],
    [{ kind: 'grow', volume: data, sizeGb: 100 }, 'sizeGb'],
    [{ kind: 'grow', volume: data, sizeGb: 99 }, 'sizeGb'],
    [{ kind: 'rename', volume: data, name: 'data-2' }, null],
    [{ kind: 'rename', volume: data, name: 'data' }, 'name'],
    [{ kind: 'rename', volume: data, name: '' }, 'name'],
    [{ kind: 'delete', volume: data }, null],
  ])('%o has its problem at %s', (change, field) => expect(problem(change)).toBe(field))

  test('has its reason as a sentence, and the limits themselves are allowed', () => {
    const grow = (sizeGb: number, currentGb: number | null = 100): VolumeChange => ({
      kind: 'grow',
      volume: { ...data, sizeGb: currentGb },
      sizeGb,
    })
    expect(volumeChangeProblem(grow(9))?.message).toBe('Enter a whole number of GB from 10 to 4096.')
    expect(volumeChangeProblem(grow(100))?.message).toMatch(/^The volume has 100 GB\. Enter a larger size/)
    expect(volumeChangeProblem(grow(4_096))).toBeNull()
    expect(volumeChangeProblem(grow(50, null))).toBeNull()
    expect(volumeChangeProblem({ kind: 'create', spec: { ...spec, sizeGb: 10 } })).toBeNull()
    expect(volumeChangeProblem({ kind: 'create', spec: { ...spec, dataCenterId: '' } })?.message).toBe(
      'Choose a data center.',
    )
    expect(volumeChangeProblem({ kind: 'rename', volume: data, name: 'data' })?.message).toMatch(
      /already has this name/,
    )
  })

  test('is of the same volume only if nothing that is shown of it differs', () => {
    expect(isSameVolume(data, volume({ isHighPerformance: true }))).toBe(true)
    for (const more of [{ id: 'x' }, { name: 'x' }, { sizeGb: 1 }, { dataCenterId: null }])
      expect(isSameVolume(data, volume(more))).toBe(false)
  })

  test('a size is taken exactly if it is whole, within the limits, and more than before', () => {
    fc.assert(
      fc.property(fc.double(), fc.integer({ min: 10, max: 4_096 }), (sizeGb, currentGb) => {
        const isRight = Number.isInteger(sizeGb) && sizeGb > currentGb && sizeGb <= 4_096
        expect(problem({ kind: 'grow', volume: { ...data, sizeGb: currentGb }, sizeGb }) === null).toBe(
          isRight,
        )
      }),
    )
  })

  test('a new volume is seen only if it was not there before, so that one of the same name is not taken for it', () => {
    const twin = volume({ id: 'old', name: 'new', sizeGb: 50, dataCenterId: 'EU-RO-1' })
    const create: VolumeChange = { kind: 'create', spec }
    expect(isVolumeChangeSeen(create, [twin], new Set(['old']))).toBe(false)
    expect(isVolumeChangeSeen(create, [twin, { ...twin, id: 'made' }], new Set(['old']))).toBe(true)
    for (const more of [{ sizeGb: 60 }, { name: 'x' }, { dataCenterId: 'x' }])
      expect(isVolumeChangeSeen(create, [{ ...twin, id: 'made', ...more }], new Set(['old']))).toBe(false)
  })

  test('another change is seen by what the volume is like', () => {
    const grow: VolumeChange = { kind: 'grow', volume: data, sizeGb: 200 }
    expect(isVolumeChangeSeen(grow, [volume()], new Set())).toBe(false)
    expect(isVolumeChangeSeen(grow, [volume({ sizeGb: 200 })], new Set())).toBe(true)
    expect(isVolumeChangeSeen(grow, [], new Set())).toBe(false)
    const remove: VolumeChange = { kind: 'delete', volume: data }
    expect(isVolumeChangeSeen(remove, [volume()], new Set())).toBe(false)
    expect(isVolumeChangeSeen(remove, [volume({ id: 'other' })], new Set())).toBe(true)
  })
})

test('what a page or a program sends is refused unless it is exactly a change', () => {
  const grow = { kind: 'grow', volume: data, sizeGb: 200 }
  expect(v.safeParse(volumeChangeSchema, grow).success).toBe(true)
  for (const wrong of [
    null,
    { ...grow, kind: 'shrink' },
    { ...grow, sizeGb: '200' },
    { ...grow, sizeGb: Infinity },
    { ...grow, more: 1 },
    { ...grow, volume: { ...data, id: '' } },
    { ...grow, volume: null },
    { kind: 'delete' },
    { kind: 'create', spec: { ...spec, kind: 'fast' } },
    { kind: 'rename', volume: data, name: 'x'.repeat(201) },
  ])
    expect(v.safeParse(volumeChangeSchema, wrong).success).toBe(false)
  for (const wrong of [
    { image: 'two words' },
    { image: undefined },
    { ports: ['22'] },
    { ports: ['0/tcp'] },
    { setVariables: { 'A-B': '1' } },
    { setVariables: { A: 1 } },
    { removedVariables: ['='] },
    { containerDiskGb: 0 },
    { args: 'a\nb' },
    { registryId: '' },
    { hasGlobalNetworking: 'on' },
    { templateId: 'tpl' },
    { name: '' },
  ])
    expect(v.safeParse(podEditSchema, wrong).success).toBe(false)
  // A pod may have variables that can't be set here.
  expect(v.safeParse(podEditSchema, { removedVariables: ['my.variable-1'] }).success).toBe(true)
  expect(v.safeParse(shownConfigurationSchema, { name: 'a' }).success).toBe(false)
})

test.each([
  ['Request validation failed.; $.image: is not valid', 'image'],
  ['$.ports[3]: does not match', 'ports'],
  ['$.env.HF: too long', 'environment'],
  ['$.size: must be >= 10', 'sizeGb'],
  ['$.toString: no', null],
  ['storage cannot be reduced', null],
])('the field of “%s” is %s', (message, field) => {
  expect(fieldOfError({ kind: 'invalid', message })).toBe(field)
  expect(fieldOfError({ kind: 'unreachable', message })).toBeNull()
})
