import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { evaluateForm } from '../../../../src/core/creation/form/evaluate-form'
import {
  emptyPodForm,
  type FormContext,
  type PodForm,
  podFormSchema,
} from '../../../../src/core/creation/form/pod-form'
import { cloudTiers } from '../../../../src/core/pods/pod-request'
import { keepOnChoices } from '../../../../src/core/pod-rules/pod-rules'
import { anyCharacter } from '../../../harness/base/any-character'
import { anyPodForm, formContext } from '../../../harness/samples/pod-forms'

const text = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 60 }),
  fc.constantFrom(
    '=HYPERLINK("x")',
    '\u202Eevil',
    '\0',
    'x'.repeat(4_000),
    '{{ RUNPOD_SECRET_a }}',
    '__proto__=1',
  ),
)
const texts = fc.array(text, { maxLength: 4 })
const count = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))

/** Whatever can be typed or chosen, and what a page that is not ours any more may send. */
const hostileForm: fc.Arbitrary<PodForm> = fc.record({
  name: text,
  hardware: fc.constantFrom('gpu', 'cpu'),
  gpuTypeIds: texts,
  gpuCount: count,
  cpuFlavorId: fc.option(text),
  vcpuCount: count,
  clouds: fc.array(fc.constantFrom(...cloudTiers), { maxLength: 2 }),
  dataCenterIds: texts,
  image: text,
  templateId: fc.option(text),
  args: fc.option(text),
  containerDiskGb: text,
  storage: fc.oneof(
    fc.constantFrom({ kind: 'none' } as const, { kind: 'template' } as const),
    fc.record({ kind: fc.constant('persistent' as const), sizeGb: text, path: text }),
    fc.record({ kind: fc.constant('network' as const), volumeId: text, path: text }),
  ),
  ports: fc.option(text),
  environment: text,
  allowedCudaVersions: texts,
  minCudaVersion: text,
  registryId: fc.option(text),
  hasSsh: fc.boolean(),
  hasOwnKey: fc.boolean(),
  hasJupyter: fc.boolean(),
  hasGlobalNetworking: fc.boolean(),
  isAutoStopped: fc.boolean(),
  maxHours: text,
  monthlyBudgetUsd: text,
  isStoppedAtBudget: fc.boolean(),
  mayLoseData: fc.boolean(),
  keepOn: fc.option(fc.constantFrom(...keepOnChoices)),
  whenFree: fc.option(fc.record({ maxPerHourUsd: text, waitHours: text })),
  mayExceedBudget: fc.boolean(),
})

const unread: Partial<FormContext> = {
  gpus: { SECURE: null, COMMUNITY: null },
  cpus: null,
  dataCenters: null,
  volumes: null,
  templates: [],
  secretNames: null,
  sshKeyCount: null,
}
const context = fc.constantFrom(formContext(), formContext(unread), formContext({ templates: [] }))

test('every form that a page can send is taken as it is, and evaluated without an exception', () => {
  fc.assert(
    fc.property(fc.oneof(anyPodForm, hostileForm), context, (form, known) => {
      expect(v.parse(podFormSchema, form)).toEqual(form)
      const { plan, problems } = evaluateForm(form, known)
      expect(plan === null).toBe(problems.length > 0)
    }),
    { numRuns: 1_500 },
  )
})

test('what is no form is none', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(v.is(podFormSchema, value)).toBe(false)
    }),
  )
  for (const field of Object.keys(emptyPodForm) as (keyof PodForm)[]) {
    const { [field]: _, ...rest } = emptyPodForm
    expect([field, v.is(podFormSchema, rest)]).toEqual([field, false])
    expect([field, v.is(podFormSchema, { ...emptyPodForm, [field]: Symbol('x') })]).toEqual([field, false])
  }
  expect(v.is(podFormSchema, { ...emptyPodForm, gpuTypeIds: Array.from({ length: 201 }, () => 'x') })).toBe(
    false,
  )
  expect(v.is(podFormSchema, { ...emptyPodForm, environment: 'x'.repeat(50_000) })).toBe(false)
})
