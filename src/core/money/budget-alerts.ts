import type { AlertHistory, AlertRecord } from '../alerts/alert-history'
import type { AlertKind, AlertText, PendingAlert } from '../alerts/alert'
import { formatDuration, formatUsd } from '../base/text/format'
import { type AccountRules, podRulesOf } from '../pod-rules/pod-rules'
import type { AccountId, Pod, PodId } from '../pods/pod'
import { namesText, plainName, shortName } from '../pods/pod-name'
import type { Settings } from '../settings/settings'
import { DAY_MS, HOUR_MS } from '../base/time/time'
import type { MoneyView, UnusedCost } from './money-view'

export interface MoneyAlertInput {
  readonly accountId: AccountId
  readonly nowMs: number
  readonly money: MoneyView
  readonly runwayMs: number | null
  /** Changes whenever the balance is topped up by a fifth or more, so that its alerts may be repeated. */
  readonly topUp: string
  readonly pods: readonly Pod[]
  readonly settings: Settings
  /** Contains the budgets of individual pods. */
  readonly accountRules: AccountRules
  readonly history: AlertHistory
}

/** Current alerts about money; each is shown once. See docs/product-rules.md#5-money. */
export function moneyAlerts(input: MoneyAlertInput): readonly PendingAlert[] {
  return [
    ...budgetAlerts(input),
    ...podBudgetAlerts(input),
    ...paceAlerts(input),
    ...runwayAlerts(input),
    ...unusedAlerts(input),
  ]
}

function createAccountAlert(
  { accountId }: MoneyAlertInput,
  kind: AlertKind,
  episode: string,
  text: AlertText,
  isCritical = false,
): PendingAlert {
  return { key: { kind, accountId, podId: null, episode }, podName: null, isCritical, buttons: [], ...text }
}

function budgetAlerts(input: MoneyAlertInput): readonly PendingAlert[] {
  const { money, nowMs } = input
  const { monthlyUsd, dailyUsd, monthShare, dayShare } = money.budget
  const day = new Date(nowMs).toISOString().slice(0, 10)
  return [
    ...budgetAlert(input, money.month, 'monthly', money.spent.usd, monthlyUsd, monthShare),
    ...budgetAlert(input, day, 'daily', money.today.usd, dailyUsd, dayShare),
  ]
}

const isAnnounced = ({ kind, state }: AlertRecord): boolean =>
  (kind === 'budget' || kind === 'budget-pace') && state !== 'held'

/** An alert that was announced. It is not shown again, and stays in the history as long as it is returned here. */
const rememberedAlert = ({ kind, accountId, podId, episode }: AlertRecord): PendingAlert => ({
  key: { kind, accountId, podId, episode },
  podName: null,
  title: '',
  body: '',
  tone: 'plain',
  isCritical: false,
  buttons: [],
})

/** All that was announced of budgets, for a moment in which the period is not known. */
export const rememberedAlerts = (accountId: AccountId, history: AlertHistory): readonly PendingAlert[] =>
  Object.values(history)
    .filter((record) => record.accountId === accountId && isAnnounced(record))
    .map(rememberedAlert)

/** The highest threshold, percent, that was announced in a period. */
function announcedIn(
  { accountId, history }: MoneyAlertInput,
  kind: AlertKind,
  podId: PodId | null,
  period: string,
): { readonly percent: number; readonly record: AlertRecord } | null {
  let highest: { readonly percent: number; readonly record: AlertRecord } | null = null
  for (const record of Object.values(history)) {
    if (record.kind !== kind || record.accountId !== accountId || record.podId !== podId) continue
    const [recordPeriod, second = ''] = record.episode.split('/')
    if (recordPeriod !== period || !isAnnounced(record)) continue
    const percent = kind === 'budget' ? Number(second) : 0
    if (highest === null || percent > highest.percent) highest = { percent, record }
  }
  return highest
}

/**
 * Only for the highest threshold that was reached in the period; the lower ones are outdated, also when the budget or
 * the amount changed since.
 */
function budgetAlert(
  input: MoneyAlertInput,
  period: string,
  what: string,
  spentUsd: number,
  budgetUsd: number | null,
  share: number | null,
): readonly PendingAlert[] {
  const { budgetFirstPercent, budgetSecondPercent } = input.settings
  const percent = [100, budgetSecondPercent, budgetFirstPercent]
    .sort((a, b) => b - a)
    .find((each) => share !== null && share * 100 >= each)
  const announced = announcedIn(input, 'budget', null, period)
  if (announced !== null && announced.percent >= (percent ?? 0)) return [rememberedAlert(announced.record)]
  if (percent === undefined || budgetUsd === null) return []
  const isOver = percent >= 100
  return [
    createAccountAlert(input, 'budget', `${period}/${percent}`, {
      title: isOver ? `The ${what} budget is spent` : `${percent}% of the ${what} budget is spent`,
      body: `${formatUsd(spentUsd)} of ${formatUsd(budgetUsd)}${isOver ? '' : `, ${formatUsd(budgetUsd - spentUsd)} left`} (UTC)`,
      tone: isOver ? 'bad' : 'warning',
    }),
  ]
}

/** One alert a month for each pod that has spent its own budget. */
function podBudgetAlerts(input: MoneyAlertInput): readonly PendingAlert[] {
  const { accountId, money, pods, accountRules } = input
  return pods.flatMap((pod) => {
    const { monthlyBudgetUsd: budgetUsd, atBudget } = podRulesOf(accountRules, pod.id)
    if (budgetUsd === undefined) return []
    const announced = announcedIn(input, 'budget', pod.id, money.month)
    if (announced !== null) return [rememberedAlert(announced.record)]
    const spentUsd = money.pods[pod.id]?.monthUsd ?? 0
    if (spentUsd < budgetUsd) return []
    const isStopping = atBudget !== undefined && pod.phase === 'running'
    const next = isStopping ? ' It will be stopped once that is certain, if its rules allow it.' : ''
    return [
      {
        key: { kind: 'budget', accountId, podId: pod.id, episode: `${money.month}/100` },
        podName: pod.name,
        title: `${shortName(pod.name, 60)} has spent its monthly budget`,
        body: `${formatUsd(spentUsd)} of ${formatUsd(budgetUsd)} (UTC).${next}`,
        tone: 'bad',
        isCritical: false,
        buttons: [],
      } satisfies PendingAlert,
    ]
  })
}

function paceAlerts(input: MoneyAlertInput): readonly PendingAlert[] {
  const { budget, forecast, month } = input.money
  const announced = announcedIn(input, 'budget-pace', null, month)
  if (announced !== null) return [rememberedAlert(announced.record)]
  if (budget.passesAtMs === null || budget.passesAtMs <= input.nowMs || forecast === null) return []
  const day = new Date(budget.passesAtMs).getUTCDate()
  return [
    createAccountAlert(input, 'budget-pace', month, {
      title: `At this pace, the budget will be spent on the ${ordinal(day)}`,
      body: `At the recent pace, this month will reach ${formatUsd(forecast.usd)} of ${formatUsd(budget.monthlyUsd ?? 0)}`,
      tone: 'warning',
    }),
  ]
}

function runwayAlerts(input: MoneyAlertInput): readonly PendingAlert[] {
  const { runwayMs, settings, pods } = input
  if (runwayMs === null) return []
  const { runwayFirstH, runwaySecondH, runwayLastH } = settings
  const hours = [runwayFirstH, runwaySecondH, runwayLastH]
    .sort((a, b) => a - b)
    .find((each) => runwayMs <= each * HOUR_MS)
  if (hours === undefined) return []
  const isLast = hours === Math.min(runwayFirstH, runwaySecondH, runwayLastH)
  const text: AlertText = {
    title: `At the current rate, your balance lasts ${formatDuration(runwayMs)}`,
    body: isLast ? deletedText(pods) : 'At $0, Runpod deletes pods without a network volume.',
    tone: hours <= runwaySecondH ? 'bad' : 'warning',
  }
  return [createAccountAlert(input, 'low-runway', `${input.topUp}/${hours}`, text, hours <= runwaySecondH)]
}

/** Names what Runpod deletes at $0: pods without a network volume, stopped ones included. */
function deletedText(pods: readonly Pod[]): string {
  const deleted = pods.filter(
    ({ networkMounts, phase }) => networkMounts.length === 0 && phase !== 'terminated',
  )
  if (deleted.length === 0) return 'At $0, Runpod stops your pods; none is deleted.'
  return `At $0, Runpod deletes ${namesText(deleted)}, with their disks.`
}

/** About weekly, for resources that cost money and have been unused for that long. */
function unusedAlerts(input: MoneyAlertInput): readonly PendingAlert[] {
  const { money, nowMs, settings } = input
  const everyMs = settings.unusedReminderDays * DAY_MS
  const due = money.unused.filter(({ sinceMs }) => nowMs - sinceMs >= everyMs)
  const [mostExpensive] = due
  if (mostExpensive === undefined) return []
  const perDayUsd = due.reduce((sum, each) => sum + (each.perDayUsd ?? 0), 0)
  const isAtLeast = due.some((each) => each.perDayUsd === null)
  return [
    createAccountAlert(input, 'idle-reminder', `unused/${Math.floor(nowMs / everyMs)}`, {
      title: `Unused disks cost ${isAtLeast ? 'at least ' : ''}${formatUsd(perDayUsd)} a day`,
      body:
        due
          .slice(0, 3)
          .map((each) => unusedText(each, nowMs))
          .join(', ') + (due.length > 3 ? ` and ${due.length - 3} more` : ''),
      tone: 'plain',
    }),
  ]
}

function unusedText({ kind, name, sinceMs }: UnusedCost, nowMs: number): string {
  const what = kind === 'volume' ? 'volume ' : ''
  return `${what}${plainName(name)} for ${formatDuration(nowMs - sinceMs)}`
}

function ordinal(day: number): string {
  const ending =
    day % 10 === 1 && day !== 11
      ? 'st'
      : day % 10 === 2 && day !== 12
        ? 'nd'
        : day % 10 === 3 && day !== 13
          ? 'rd'
          : 'th'
  return `${day}${ending}`
}
