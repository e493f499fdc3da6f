import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyPodForm } from '../../../../src/core/creation/form/pod-form'
import { parsePreset, presetJson } from '../../../../src/core/creation/form/preset-codec'
import {
  copiedEnvironment,
  losesNothing,
  rebuildForm,
  rebuildSentences,
} from '../../../../src/core/creation/form/rebuild'
import type { PodConfiguration } from '../../../../src/core/pods/pod-request'
import { anyPodForm, podForm } from '../../../harness/samples/pod-forms'

test('a preset keeps everything of a form but its name, its values and what allows more than usual', () => {
  fc.assert(
    fc.property(anyPodForm, (form) => {
      const preset = parsePreset(JSON.parse(presetJson(form)))
      const {
        name: _,
        environment: __,
        mayLoseData: ___,
        whenFree: ____,
        mayExceedBudget: _____,
        ...rest
      } = form
      expect(preset?.form).toEqual(rest)
    }),
  )
})

test('no value of a variable is in a preset; references to secrets are', () => {
  const environment =
    'A=canary-1\nB={{ RUNPOD_SECRET_hf }}\ncanary-2\n  C = canary-3\nD=x{{ RUNPOD_SECRET_hf }}canary-4'
  const json = presetJson(podForm({ environment }))
  expect(json).not.toContain('canary')
  const preset = parsePreset(JSON.parse(json))
  expect(preset).toMatchObject({ environment: 'B={{ RUNPOD_SECRET_hf }}', neededVariables: ['A', 'D'] })
})

test('what is no preset is none, whatever it is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(parsePreset(value)).toBe(null)
    }),
  )
  const good = JSON.parse(presetJson(emptyPodForm)) as object
  expect(parsePreset({ ...good, version: 2 })).toBe(null)
  expect(parsePreset({ ...good, variables: [{ name: 'A B', secretName: null }] })).toBe(null)
})

const configuration: PodConfiguration = {
  name: 'trainer',
  gpu: { typeId: 'NVIDIA L4', count: 2 },
  cpu: null,
  cloud: 'COMMUNITY',
  dataCenterId: null,
  image: 'i',
  args: '',
  containerDiskGb: 40,
  storage: { kind: 'network', volumeId: 'vol', path: '/w' },
  ports: ['22/tcp'],
  registryId: null,
  isRegistryKnown: true,
  hasGlobalNetworking: true,
  environment: { A: 'b', PUBLIC_KEY: 'k', PODKEEPER_RUN_ID: 'run-12345678' },
}

test('a rebuilt pod is like the old one, with a name of its own and without what the service sets anew', () => {
  expect(rebuildForm(configuration, ['trainer'])).toMatchObject({
    name: 'trainer-2',
    gpuTypeIds: ['NVIDIA L4'],
    gpuCount: 2,
    clouds: ['COMMUNITY'],
    hasSsh: true,
    hasGlobalNetworking: true,
  })
  expect(rebuildForm({ ...configuration, hasGlobalNetworking: null }, []).hasGlobalNetworking).toBe(false)
  expect(copiedEnvironment(configuration)).toEqual({ A: 'b' })
  expect(copiedEnvironment({ ...configuration, environment: null })).toBe(null)
})

test('what is kept is on the same network volume, and nothing else is', () => {
  const form = rebuildForm(configuration, [])
  expect([losesNothing(configuration, form), rebuildSentences(configuration, form)[0]]).toEqual([
    true,
    '/w is kept: it is on a network volume.',
  ])
  const elsewhere = { ...form, storage: { kind: 'none' } as const }
  expect([losesNothing(configuration, elsewhere), rebuildSentences(configuration, elsewhere)[0]]).toEqual([
    false,
    '/w isn’t in the new pod, which doesn’t have its network volume.',
  ])
  const own = { ...configuration, storage: { kind: 'persistent', sizeGb: 10, path: '/p' } as const }
  expect(losesNothing(own, rebuildForm(own, []))).toBe(false)
  const unknown = { ...configuration, storage: null }
  expect(losesNothing(unknown, rebuildForm(unknown, []))).toBe(false)
})
