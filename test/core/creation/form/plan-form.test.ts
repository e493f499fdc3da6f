import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluateForm } from '../../../../src/core/creation/form/evaluate-form'
import { planForm } from '../../../../src/core/creation/form/plan-form'
import { labPlan } from '../../../../src/core/creation/lab-plan'
import { formContext, likelyPodForm, podForm } from '../../../harness/samples/pod-forms'

test('the form of a plan makes the same plan, apart from what is asked for each time', () => {
  let plans = 0
  fc.assert(
    fc.property(likelyPodForm, (form) => {
      const context = formContext()
      const { plan } = evaluateForm({ ...form, mayLoseData: false, mayExceedBudget: false }, context)
      if (plan === null) return
      plans += 1
      const again = evaluateForm(planForm(plan)!, context).plan
      expect(again).toEqual(plan)
    }),
    { numRuns: 500 },
  )
  expect(plans).toBeGreaterThan(20)
})

test('a value of a variable is not in a plan, so its variable stands in the form without one', () => {
  const { plan } = evaluateForm(podForm({ environment: 'A=canary\nB={{ RUNPOD_SECRET_hf }}' }), formContext())
  expect(planForm(plan!)?.environment).toBe('A=\nB={{ RUNPOD_SECRET_hf }}')
})

test('a pod of a lab has no such form', () => {
  const choice = { gpuType: 'H100', gpuCount: 1, maxHours: null, image: 'i', volumeGb: 50 } as const
  expect(planForm(labPlan(choice, {}, 'x'))).toBe(null)
})
