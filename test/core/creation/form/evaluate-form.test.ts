import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { evaluateForm } from '../../../../src/core/creation/form/evaluate-form'
import { type PodForm, podFormSchema, suggestPodName } from '../../../../src/core/creation/form/pod-form'
import { createPlanSchema, planProblem } from '../../../../src/core/creation/create-plan'
import { storageSentences } from '../../../../src/core/creation/form/form-storage'
import { createBody } from '../../../../src/providers/runpod/pod-bodies'
import { createBody as bodySchema } from '../../../../src/simulator/api/pod-body'
import {
  anyPodForm,
  formContext,
  gpuOffer,
  likelyPodForm,
  validPodForm,
  podForm,
  podTemplate,
} from '../../../harness/samples/pod-forms'

const evaluate = (more: Partial<PodForm> = {}, context = formContext()) =>
  evaluateForm(podForm(more), context)
const problems = (more: Partial<PodForm>, context = formContext()) =>
  evaluate(more, context).problems.map(({ field, line, message }) =>
    line === null ? `${field}: ${message}` : `${field} line ${line}: ${message}`,
  )

describe('a form that is complete', () => {
  test('makes a plan with its price, disks included', () => {
    const {
      plan,
      money,
      problems: found,
    } = evaluate({
      storage: { kind: 'persistent', sizeGb: '100', path: '/workspace' },
      ports: '8888/http',
      maxHours: '8',
    })
    expect(found).toEqual([])
    expect(plan?.candidates[0]).toMatchObject({
      label: 'H100 SXM',
      perHourUsd: 2 + (0.1 * 50 + 0.1 * 100) / 720,
      pod: { containerDiskGb: 50, ports: ['8888/http', '22/tcp'], startSsh: true },
    })
    expect(plan?.rules).toEqual({ maxHours: 8 })
    expect(money.upToMaxHoursUsd).toBeCloseTo(8 * (2 + 15 / 720))
    expect(money.balanceLastsMs).toBeCloseTo((100 / (2 + 15 / 720)) * 3_600_000)
  })

  test('keeps long arguments, and says where those that no request can have are', () => {
    const form = podForm({ args: 'x'.repeat(90_000) })
    expect(v.parse(podFormSchema, form)).toEqual(form)
    const { plan } = evaluateForm(form, formContext())
    expect(plan?.candidates[0]?.pod).toMatchObject({ args: form.args })
    expect(v.parse(createPlanSchema, plan)).toEqual(plan)
    const tooLong = expect.stringMatching(
      /^args: .* bytes long, and Runpod accepts 102,400 at most/,
    ) as string
    expect(problems({ args: 'x'.repeat(200_000) })).toEqual([tooLong])
    const environment = `A=${'y'.repeat(20_000)}\nB=${'y'.repeat(20_000)}`
    expect(problems({ args: 'x'.repeat(65_000), environment })).toEqual([tooLong])
  })

  test('says which disks its price has, also while a size is invalid', () => {
    const disksOf = (more: Partial<PodForm>) => {
      const { disks, money } = evaluate({ maxHours: '8', ...more })
      return [disks, money.choices[0]?.perHourUsd]
    }
    const persistent = { kind: 'persistent', sizeGb: 100, path: '/workspace' } as const
    expect(disksOf({ containerDiskGb: '1e3' })).toEqual([
      { containerDiskGb: 50, storage: { kind: 'none' } },
      2 + 5 / 720,
    ])
    expect(disksOf({ storage: { ...persistent, sizeGb: '100' } })).toEqual([
      { containerDiskGb: 50, storage: persistent },
      2 + 15 / 720,
    ])
    const fromTemplate = { templateId: 'tpl', storage: { kind: 'template' } } as const
    expect(disksOf(fromTemplate)).toEqual([{ containerDiskGb: 80, storage: persistent }, 2 + 18 / 720])
    expect(evaluate({ ...fromTemplate, hardware: 'cpu' }).disks.storage).toEqual({ kind: 'template' })
  })

  test('tries each type on each cloud in order, and only where so many are offered', () => {
    const { plan } = evaluate({
      gpuTypeIds: ['NVIDIA H100 SXM', 'NVIDIA A100 SXM'],
      clouds: ['COMMUNITY', 'SECURE'],
      gpuCount: 2,
    })
    expect(plan?.candidates.map(({ label }) => label)).toEqual([
      '2 × H100 SXM (community)',
      '2 × H100 SXM',
      '2 × A100 SXM',
    ])
    expect(plan?.maxPerHourUsd).toBeCloseTo(4 + 5 / 720)
  })

  test('takes disk, ports and storage of its template, and counts that disk', () => {
    const { plan } = evaluate({
      templateId: 'tpl',
      image: '',
      ports: null,
      storage: { kind: 'template' },
    })
    expect(plan?.candidates[0]?.pod).toMatchObject({
      image: null,
      templateId: 'tpl',
      containerDiskGb: 80,
      ports: null,
      storage: { kind: 'template' },
    })
    expect(plan?.candidates[0]?.perHourUsd).toBeCloseTo(2 + (0.1 * 80 + 0.1 * 100) / 720)
  })

  test('puts the pod where its network volume is', () => {
    const storage = { kind: 'network', volumeId: 'vol', path: '/workspace' } as const
    expect(evaluate({ storage }).plan?.candidates[0]?.pod).toMatchObject({ dataCenterIds: ['EU-RO-1'] })
    expect(problems({ storage, dataCenterIds: ['US-KS-2'] })).toEqual([
      'dataCenterIds: data is in EU-RO-1, so the pod must be there too.',
    ])
    expect(problems({ storage, clouds: ['COMMUNITY'] })).toContain(
      'clouds: Network volumes are available in the secure cloud only.',
    )
  })

  test('can be one of CPUs', () => {
    const { plan } = evaluate({ hardware: 'cpu', cpuFlavorId: 'cpu5c', vcpuCount: 4 })
    expect(plan?.candidates).toMatchObject([
      { label: '4 vCPU Compute-Optimized', perHourUsd: 0.14 + 5 / 720 },
    ])
  })
})

describe('what is refused where it is typed', () => {
  test.each<[Partial<PodForm>, string]>([
    [{ name: '' }, 'name: Enter a name.'],
    [{ name: 'x'.repeat(101) }, 'name: Enter a name of at most 100 characters.'],
    [{ name: 'a\u202eb' }, 'name: Enter a name without invisible characters.'],
    [{ name: 'taken' }, 'name: Another pod already has this name.'],
    [{ image: '' }, 'image: Choose a template or enter an image.'],
    [
      { image: 'hubify/base:latest', gpuTypeIds: ['NVIDIA H200 SXM'], gpuCount: 2 },
      'gpuCount: This image supports several GPUs on H100 and A100 only, not on H200 SXM.',
    ],
    [{ gpuTypeIds: [] }, 'gpuTypeIds: Choose at least one GPU type.'],
    [{ gpuCount: 9 }, 'gpuCount: A pod can have at most 8 H100 SXM there.'],
    [{ gpuTypeIds: ['NVIDIA A100 SXM'], clouds: ['COMMUNITY'] }, 'gpuCount: A100 SXM isn’t available there.'],
    [
      { storage: { kind: 'persistent', sizeGb: '9', path: '/w' } },
      'storage: Enter a whole number of GB for the persistent disk, at least 10.',
    ],
    [
      { storage: { kind: 'persistent', sizeGb: '10', path: 'w' } },
      'storage: Enter an absolute path such as /workspace.',
    ],
    [
      { storage: { kind: 'network', volumeId: 'none', path: '/w' } },
      'storage: This network volume doesn’t exist.',
    ],
    [
      { hardware: 'cpu', cpuFlavorId: 'cpu5c', storage: { kind: 'persistent', sizeGb: '10', path: '/w' } },
      'storage: A CPU pod has no persistent disk; use a network volume.',
    ],
    [
      { hardware: 'cpu', cpuFlavorId: 'cpu5c', vcpuCount: 3 },
      'vcpuCount: The number of vCPUs must be a power of two from 2 to 32.',
    ],
    [
      { ports: '22/tcp\n8888' },
      'ports line 2: Enter ports as a number from 1 to 65535 and a protocol, such as 8888/http or 22/tcp.',
    ],
    [{ ports: '22/tcp, 22/tcp' }, 'ports line 1: 22/tcp is listed twice.'],
    [{ environment: 'A=b\n\n=c' }, 'environment line 3: Enter variables as NAME=value.'],
    [{ environment: 'A=b\nA=c' }, 'environment line 2: A is set twice.'],
    [{ environment: 'PODKEEPER_RUN_ID=x' }, 'environment line 1: PODKEEPER_RUN_ID is set by Podkeeper.'],
    [
      { environment: 'A={{ RUNPOD_SECRET_none }}' },
      'environment line 1: Your account has no secret called none.',
    ],
    [
      { allowedCudaVersions: ['12.8'], minCudaVersion: '12.4' },
      'minCudaVersion: Enter either CUDA versions or a minimum version, not both.',
    ],
    [{ maxHours: '0.1' }, 'maxHours: Enter a number of hours from 0.25 to 8,760.'],
    [
      { whenFree: { maxPerHourUsd: '5', waitHours: '8' } },
      'maxHours: Set maximum hours, because the pod may be created while you’re away.',
    ],
    [
      { whenFree: { maxPerHourUsd: '1', waitHours: '8' }, maxHours: '8' },
      'whenFree: One of your choices costs more than that now.',
    ],
  ])('%o', (more, problem) => expect(problems(more)).toContain(problem))

  test('the same with what is right is not', () => {
    for (const more of [
      { image: 'hubify/base:latest', gpuCount: 2 },
      { storage: { kind: 'persistent', sizeGb: '10', path: '/w' } },
      { environment: '# comment\n\nA=b=c\nB={{ RUNPOD_SECRET_hf }}' },
      { allowedCudaVersions: ['12.8'] },
      { minCudaVersion: '12.4' },
      { whenFree: { maxPerHourUsd: '5', waitHours: '8' }, maxHours: '8' },
    ] as const)
      expect(problems(more)).toEqual([])
  })
})

describe('money', () => {
  const spending = formContext().spending
  test.each([
    [
      { balance: { kind: 'known', usd: 1, spendPerHourUsd: null, atMs: 0 } as const },
      'doesn’t cover one hour',
    ],
    [{ limits: { spendPerHourUsd: 2 } }, 'your account’s limit is'],
  ])('%o refuses the pod', (more, text) =>
    expect(problems({}, formContext({ spending: { ...spending, ...more } })).join()).toContain(text),
  )

  const budget = { monthlyUsd: 100, dailyUsd: null, monthShare: 1, dayShare: null, passesAtMs: null }
  test('a budget that is used up refuses it, unless that was chosen', () => {
    const context = formContext({ spending: { ...spending, money: { budget } } })
    expect(problems({}, context)).toEqual(['mayExceedBudget: Your monthly budget is used up.'])
    expect(problems({ mayExceedBudget: true }, context)).toEqual([])
  })

  test('what is left of a budget lasts as long as it does with the pod', () => {
    const context = formContext({
      spending: { ...spending, money: { budget: { ...budget, monthShare: 0.5 } } },
    })
    expect(evaluate({}, context).money.budgetLastsMs).toBeCloseTo((50 / (2 + 5 / 720)) * 3_600_000)
  })

  test('a price that is not known is told, and is never $0', () => {
    const priceless = [gpuOffer('H100 SXM', { priceUsd: { SECURE: null, COMMUNITY: null } })]
    const { money, warnings, plan } = evaluate(
      {},
      formContext({ gpus: { SECURE: priceless, COMMUNITY: priceless } }),
    )
    expect(money.choices[0]?.perHourUsd).toBe(null)
    expect(plan?.maxPerHourUsd).toBe(null)
    expect(warnings).toContain('The price of one of your choices is unknown.')
  })
})

describe('what survives', () => {
  test('is shown for each storage, and an automatic stop that would lose everything says that it is held', () => {
    expect(storageSentences({ kind: 'network', volumeId: 'v', path: '/w' }, null)[1]).toContain('keeps /w')
    expect(storageSentences({ kind: 'template' }, podTemplate)[0]).toContain('/workspace (100 GB')
    expect(evaluate({ maxHours: '8' }).warnings.join()).toContain('won’t stop it automatically')
    expect(evaluate({ maxHours: '8', mayLoseData: true }).warnings.join()).not.toContain('won’t stop')
    const storage = { kind: 'persistent', sizeGb: '10', path: '/w' } as const
    expect(evaluate({ maxHours: '8', storage }).warnings.join()).not.toContain('won’t stop')
  })
})

test('no error and no warning has a value of the environment', () => {
  const { problems: found, warnings, plan } = evaluate({ environment: 'A=canary-1\nB canary-2\nA=canary-3' })
  expect(JSON.stringify([found, warnings, plan])).not.toContain('canary')
  expect(JSON.stringify(evaluate({ environment: 'A=canary-1' }).plan)).not.toContain('canary')
})

test('a suggested name is not taken', () => {
  expect(suggestPodName('2 × H100 SXM', [])).toBe('2-h100-sxm')
  expect(suggestPodName('H100 SXM', ['h100-sxm', 'h100-sxm-2'])).toBe('h100-sxm-3')
})

test('whatever is typed, there is a plan exactly if there is no problem, and each request is one that Runpod takes', () => {
  let plans = 0
  fc.assert(
    fc.property(fc.oneof(anyPodForm, likelyPodForm), (form) => {
      const { plan, problems: found, environment } = evaluateForm(form, formContext())
      expect(plan === null).toBe(found.length > 0)
      if (plan === null) return
      plans += 1
      expect(planProblem(plan)).toBe(null)
      // It survives the journal.
      expect(v.parse(createPlanSchema, JSON.parse(JSON.stringify(plan)))).toEqual(plan)
      for (const { pod } of plan.candidates) {
        if (pod.kind !== 'cloud') throw new Error('not of a cloud')
        const body = JSON.parse(JSON.stringify(createBody({ ...pod, environment }))) as unknown
        const read = v.safeParse(bodySchema, body)
        expect(read.issues ?? []).toEqual([])
      }
    }),
    { numRuns: 1_000 },
  )
  // The space has enough that can be sent.
  expect(plans).toBeGreaterThan(100)
})

test('a key for the pod alone needs no key of the account, and sets PUBLIC_KEY itself', () => {
  const without = { ...formContext(), sshKeyCount: 0 }
  const warningsOf = (more: Partial<PodForm>) => evaluateForm(podForm(more), without).warnings.join(' ')
  expect(warningsOf({})).toContain('nobody can connect')
  expect(warningsOf({ hasOwnKey: true })).not.toContain('nobody can connect')
  expect(warningsOf({ hasOwnKey: true })).toContain('Only images that read PUBLIC_KEY')
  expect(warningsOf({ hasOwnKey: true, hasSsh: false })).not.toContain('PUBLIC_KEY')
  const problems = (more: Partial<PodForm>) => evaluateForm(podForm(more), without).problems
  expect(problems({ hasOwnKey: true, environment: 'PUBLIC_KEY=x' })).toMatchObject([{ field: 'environment' }])
  expect(problems({ environment: 'PUBLIC_KEY=x' })).toEqual([])
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `V${index}=1`).join('\n')
  expect(problems({ hasOwnKey: true, environment: lines(48) })).toEqual([])
  expect(problems({ hasOwnKey: true, environment: lines(49) })).toMatchObject([{ field: 'environment' }])
})

test('a form that is valid in every field makes a plan, whatever else it says', () => {
  fc.assert(
    fc.property(validPodForm, (form) => {
      expect(evaluateForm(form, formContext()).problems).toEqual([])
    }),
  )
})
