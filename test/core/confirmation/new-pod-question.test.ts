import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newPodQuestion } from '../../../src/core/confirmation/new-pod-question'
import { evaluateForm } from '../../../src/core/creation/form/evaluate-form'
import type { PodForm } from '../../../src/core/creation/form/pod-form'
import { formContext, likelyPodForm, podForm, podTemplate } from '../../harness/samples/pod-forms'

function ask(form: PodForm, template = null as typeof podTemplate | null, accountName: string | null = null) {
  const { plan, warnings } = evaluateForm(form, formContext())
  return newPodQuestion({ plan: plan!, template, warnings, accountName })
}
const linesOf = (form: PodForm) => ask(form).text.lines.map(({ text }) => text)

test('it says what each choice costs, the most that it can cost, and what it costs by its maximum hours', () => {
  expect(linesOf(podForm({ gpuTypeIds: ['NVIDIA H100 SXM', 'NVIDIA H200 SXM'], maxHours: '10' }))).toEqual(
    expect.arrayContaining([
      'H100 SXM, $2.01/hr',
      'Otherwise H200 SXM, $4.01/hr',
      'It costs up to $4.01/hr.',
      'By its maximum hours (10 h), it costs up to $40.07.',
      'Image: example/pytorch:2.8',
      'Ports: 22/tcp',
      'Stopping wipes everything in the pod.',
    ]),
  )
})

test('what nobody confirmed before is in red: no limit, waiting, losing data, a budget that is used up', () => {
  const bad = (form: PodForm) =>
    ask(form)
      .text.lines.filter(({ tone }) => tone === 'bad')
      .map(({ text }) => text)
  expect(bad(podForm())).toContain('It has no maximum hours, so it costs money until it is stopped.')
  const more = podForm({
    maxHours: '6',
    mayLoseData: true,
    mayExceedBudget: true,
    whenFree: { maxPerHourUsd: '3', waitHours: '8' },
  })
  expect(bad(more)).toEqual([
    'It costs up to $3.00/hr.',
    'If none is free, Podkeeper keeps trying for 8 h and creates the pod even while you’re away.',
    'Automatic stops may stop it although all of its data is lost then.',
    'It is created even though a budget is used up.',
  ])
})

test('the rules that hold from the first minute are shown, and what holds them back in red', () => {
  const form = podForm({
    isAutoStopped: true,
    monthlyBudgetUsd: '40',
    isStoppedAtBudget: true,
    keepOn: 'until-told',
    mayLoseData: true,
  })
  expect(linesOf(form)).toEqual(
    expect.arrayContaining([
      'It is selected for auto-stop.',
      'Monthly budget $40.00, at which it is stopped.',
      'Nothing stops it automatically until you cancel.',
    ]),
  )
  expect(linesOf(podForm({ monthlyBudgetUsd: '40' }))).toContain(
    'Monthly budget $40.00, at which you are alerted.',
  )
  expect(linesOf(podForm()).join()).not.toMatch(/Auto-stop|budget|Nothing stops/)
})

test('an unknown price is stated, and never counts as 0', () => {
  const { plan } = evaluateForm(
    podForm({ maxHours: '2' }),
    formContext({ gpus: { SECURE: null, COMMUNITY: null } }),
  )
  const { text } = newPodQuestion({ plan: plan!, template: null, warnings: [], accountName: null })
  expect(text.lines.map((line) => line.text)).toEqual(
    expect.arrayContaining([
      expect.stringContaining('price unknown'),
      'It costs money, and its price is not known.',
      'By its maximum hours (2 h) it is due to be stopped.',
    ]),
  )
})

test('no value of a variable is in it, and text of others is on one line without tricks', () => {
  fc.assert(
    fc.property(likelyPodForm, fc.string({ minLength: 1 }), (form, args) => {
      const own = { ...form, environment: 'A=canary-value', args: `${args}\u202E\nx` }
      const { plan, warnings } = evaluateForm(own, formContext())
      if (plan === null) return
      const { text } = newPodQuestion({ plan, template: podTemplate, warnings, accountName: 'Lab' })
      const all = [text.title, ...text.lines.map((line) => line.text)].join('|')
      expect(all).not.toContain('canary')
      expect(all).toContain('Variables: A')
      expect(all).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    }),
  )
})

test('a yes counts for what was shown only, and Cancel has the focus', () => {
  const first = ask(podForm())
  expect(ask(podForm())).toEqual(first)
  for (const other of [
    { image: 'evil/miner:1' },
    { args: 'x' },
    { maxHours: '1' },
    { mayExceedBudget: true },
  ])
    expect(ask(podForm(other)).text).not.toEqual(first.text)
  expect([first.text.isHarmful, first.text.confirmLabel]).toEqual([true, 'Create pod'])
  expect(ask(podForm(), null, 'Lab').text.lines[0]?.text).toBe('In your account Lab')
})
