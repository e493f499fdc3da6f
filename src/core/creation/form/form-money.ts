import { formatDuration, formatUsdPerHour } from '../../base/text/format'
import { HOUR_MS } from '../../base/time/time'
import { CREATE_WAIT_H, type CreateCandidate, type NewPodRules } from '../create-plan'
import { amountIn } from './form-lines'
import type { PodForm, Report } from './pod-form'
import { budgetProblem, spendingProblem, type SpendingView } from '../spending'

/** What the pod costs, and what that leaves. */
export interface FormMoney {
  /** USD with disks, of each choice in order; null: no price is known. */
  readonly choices: readonly { readonly label: string; readonly perHourUsd: number | null }[]
  /** The most that any choice costs, or that was confirmed to wait for; null: not known. */
  readonly maxPerHourUsd: number | null
  /** Null: it is tried once. */
  readonly waitHours: number | null
  /** How long the balance lasts with the first choice, ms; null: not known. */
  readonly balanceLastsMs: number | null
  /** How long the budget of the month lasts with it, ms; null: there is none, or it is not known. */
  readonly budgetLastsMs: number | null
  /** What it costs until its maximum hours, USD; null without these. */
  readonly upToMaxHoursUsd: number | null
  readonly warnings: readonly string[]
}

export function formMoney(
  form: PodForm,
  candidates: readonly CreateCandidate[],
  spending: SpendingView,
  { maxHours }: NewPodRules,
  report: Report,
): FormMoney {
  const prices = candidates.map(({ perHourUsd }) => perHourUsd)
  const known = prices.filter((price) => price !== null)
  const isKnown = prices.length > 0 && known.length === prices.length
  const highest = isKnown ? Math.max(...known) : null
  const wait = waitOf(form, candidates, report)
  const [first = null] = prices
  const problem = candidates.length === 0 ? null : spendingProblem(spending, first, form.mayExceedBudget)
  // Only a budget can be exceeded by choice.
  const isOverBudget = problem !== null && problem === budgetProblem(spending.money)
  if (problem !== null) report(isOverBudget ? 'mayExceedBudget' : 'gpuTypeIds', problem)
  return {
    choices: candidates.map(({ label, perHourUsd }) => ({ label, perHourUsd })),
    maxPerHourUsd: wait === null ? highest : wait.maxPerHourUsd,
    waitHours: wait?.hours ?? null,
    balanceLastsMs:
      first === null || spending.balance.kind !== 'known'
        ? null
        : lastsMs(spending.balance.usd, spending.burn.perHourUsd + first),
    budgetLastsMs: first === null ? null : budgetLastsMs(spending, first),
    upToMaxHoursUsd: first === null || maxHours === undefined ? null : first * maxHours,
    warnings: [
      ...(isKnown || candidates.length === 0 ? [] : ['The price of one of your choices is unknown.']),
      ...(form.mayExceedBudget && budgetProblem(spending.money) !== null
        ? [`${budgetProblem(spending.money)} You chose to create the pod anyway.`]
        : []),
      ...(wait === null
        ? []
        : [
            `Podkeeper keeps trying for ${formatDuration(wait.hours * HOUR_MS)} and creates the pod at up to ${formatUsdPerHour(wait.maxPerHourUsd)}, even while you’re away.`,
          ]),
    ],
  }
}

const lastsMs = (usd: number, perHourUsd: number): number | null =>
  perHourUsd > 0 ? Math.max(0, (usd / perHourUsd) * HOUR_MS) : null

/**
 * How long the budget of the month lasts with `addedUsd` per hour more, ms; null: there is none, or it is not known.
 */
export function budgetLastsMs({ money, burn }: SpendingView, addedUsd: number): number | null {
  const { monthlyUsd = null, monthShare = null } = money?.budget ?? {}
  if (monthlyUsd === null || monthShare === null) return null
  return lastsMs(monthlyUsd * Math.max(0, 1 - monthShare), burn.perHourUsd + addedUsd)
}

function waitOf(
  { whenFree }: PodForm,
  candidates: readonly CreateCandidate[],
  report: Report,
): { readonly maxPerHourUsd: number; readonly hours: number } | null {
  if (whenFree === null) return null
  const maxPerHourUsd = amountIn(whenFree.maxPerHourUsd)
  const hours = amountIn(whenFree.waitHours)
  const { min, max } = CREATE_WAIT_H
  const isWait = hours !== null && hours >= min && hours <= max
  if (!isWait) report('whenFree', `Enter a number of hours from ${min} to ${max}.`)
  if (maxPerHourUsd === null) report('whenFree', 'Confirm the maximum price per hour.')
  if (candidates.some(({ perHourUsd }) => perHourUsd === null))
    report('whenFree', 'The price of one of your choices is unknown, so Podkeeper can’t wait for it.')
  else if (maxPerHourUsd !== null && candidates.some(({ perHourUsd }) => (perHourUsd ?? 0) > maxPerHourUsd))
    report('whenFree', 'One of your choices costs more than that now.')
  return isWait && maxPerHourUsd !== null ? { maxPerHourUsd, hours } : null
}
