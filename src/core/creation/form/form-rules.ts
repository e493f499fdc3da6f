import { formatNumber } from '../../base/text/format'
import type { PodTemplate } from '../../pods/catalog'
import type { PodStorage } from '../../pods/pod-request'
import type { NewPodRules } from '../create-plan'
import { amountIn } from './form-lines'
import { keepsData, storageSentences } from './form-storage'
import type { PodForm, Report } from './pod-form'

const MAX_HOURS = { min: 0.25, max: 8_760 } as const

/** The rules from the first minute, and what a person should know about them. */
export function formRules(
  form: PodForm,
  storage: PodStorage,
  template: PodTemplate | null,
  report: Report,
): { readonly rules: NewPodRules; readonly warnings: readonly string[] } {
  const maxHours = hoursOf(form, report)
  const budgetUsd = form.monthlyBudgetUsd.trim() === '' ? null : amountIn(form.monthlyBudgetUsd)
  if (form.monthlyBudgetUsd.trim() !== '' && budgetUsd === null)
    report('monthlyBudgetUsd', 'Enter an amount in USD above 0.')
  if (form.isStoppedAtBudget && form.monthlyBudgetUsd.trim() === '')
    report('monthlyBudgetUsd', 'Set the budget at which to stop the pod.')
  const stopsAtBudget = form.isStoppedAtBudget && budgetUsd !== null
  const stops = form.isAutoStopped || maxHours !== null || stopsAtBudget
  const isHeld = stops && !keepsData(storage, template) && !form.mayLoseData
  const [stopSentence] = storageSentences(storage, template)
  return {
    rules: {
      ...(form.isAutoStopped && { isAutoStopped: true }),
      ...(maxHours !== null && { maxHours }),
      ...(budgetUsd !== null && { monthlyBudgetUsd: budgetUsd }),
      ...(stopsAtBudget && { atBudget: 'stop' as const }),
      ...(stops && form.mayLoseData && { mayLoseData: true }),
      ...(form.keepOn !== null && { keepOn: form.keepOn }),
    },
    warnings: isHeld
      ? [`${stopSentence} So Podkeeper won’t stop it automatically, unless you allow losing data.`]
      : [],
  }
}

function hoursOf({ maxHours: text, whenFree }: PodForm, report: Report): number | null {
  if (text.trim() === '') {
    if (whenFree !== null)
      report('maxHours', 'Set maximum hours, because the pod may be created while you’re away.')
    return null
  }
  const hours = amountIn(text)
  if (hours !== null && hours >= MAX_HOURS.min && hours <= MAX_HOURS.max) return hours
  report('maxHours', `Enter a number of hours from ${MAX_HOURS.min} to ${formatNumber(MAX_HOURS.max)}.`)
  return null
}
