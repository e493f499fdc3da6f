import type { AlertKind, Announcement } from '../alerts/alert'
import { formatDuration, formatUsd } from '../base/format'
import { type AccountGuard, podRulesOf } from '../pod-rules/pod-rules'
import type { AccountId, Pod } from '../pods/pod'
import { plainName, shortName } from '../pods/pod-name'
import type { Settings } from '../settings/settings'
import { DAY_MS, HOUR_MS } from '../base/time'
import type { MoneyView, UnusedCost } from './money-view'

export interface MoneyFound {
  readonly accountId: AccountId
  readonly nowMs: number
  readonly money: MoneyView
  readonly runwayMs: number | null
  /** Changes with every top-up by a fifth: what was said before it may be said again. */
  readonly topUp: string
  readonly pods: readonly Pod[]
  readonly settings: Settings
  /** Pods may have budgets of their own. */
  readonly guard: AccountGuard
}

/** What is worth telling of money, as long as it holds; each is said once. Product rules, "Money". */
export function moneyAnnouncements(found: MoneyFound): readonly Announcement[] {
  return [
    ...budgetsOf(found),
    ...podBudgetsOf(found),
    ...paceOf(found),
    ...runwayOf(found),
    ...unusedOf(found),
  ]
}

type Words = Pick<Announcement, 'title' | 'body' | 'tone'>

function about(
  { accountId }: MoneyFound,
  kind: AlertKind,
  episode: string,
  words: Words,
  isCritical = false,
): Announcement {
  return { key: { kind, accountId, podId: null, episode }, podName: null, isCritical, buttons: [], ...words }
}

function budgetsOf(found: MoneyFound): readonly Announcement[] {
  const { money, nowMs } = found
  const { monthlyUsd, dailyUsd, monthShare, dayShare } = money.budget
  const day = new Date(nowMs).toISOString().slice(0, 10)
  return [
    ...budgetOf(found, money.month, 'the month', money.spent.usd, monthlyUsd, monthShare),
    ...budgetOf(found, day, 'the day', money.today.usd, dailyUsd, dayShare),
  ]
}

/** Only of the highest part that is spent: the lower ones are no news any more. */
function budgetOf(
  found: MoneyFound,
  period: string,
  what: string,
  spentUsd: number,
  budgetUsd: number | null,
  share: number | null,
): readonly Announcement[] {
  if (budgetUsd === null || share === null) return []
  const { budgetFirstPercent, budgetSecondPercent } = found.settings
  const percent = [100, budgetSecondPercent, budgetFirstPercent]
    .sort((a, b) => b - a)
    .find((each) => share * 100 >= each)
  if (percent === undefined) return []
  const isOver = percent >= 100
  return [
    about(found, 'budget', `${period}/${percent}/${budgetUsd}`, {
      title: isOver ? `The budget of ${what} is spent` : `${percent} % of the budget of ${what} is spent`,
      body: `${formatUsd(spentUsd)} of ${formatUsd(budgetUsd)}${isOver ? '' : `, ${formatUsd(budgetUsd - spentUsd)} left`} (UTC)`,
      tone: isOver ? 'bad' : 'warning',
    }),
  ]
}

/** Of each pod whose own budget of the month is spent, once a month. */
function podBudgetsOf(found: MoneyFound): readonly Announcement[] {
  const { accountId, money, pods, guard } = found
  return pods.flatMap((pod) => {
    const { monthlyBudgetUsd: budgetUsd, atBudget } = podRulesOf(guard, pod.id)
    const spentUsd = money.pods[pod.id]?.monthUsd ?? 0
    if (budgetUsd === undefined || spentUsd < budgetUsd) return []
    const isStopping = atBudget !== undefined && pod.phase === 'running'
    const next = isStopping ? ' Once that is certain it is stopped, if its rules allow it.' : ''
    return [
      {
        key: { kind: 'budget', accountId, podId: pod.id, episode: `${money.month}/100/${budgetUsd}` },
        podName: pod.name,
        title: `${shortName(pod.name, 60)} has spent its budget of the month`,
        body: `${formatUsd(spentUsd)} of ${formatUsd(budgetUsd)} (UTC).${next}`,
        tone: 'bad',
        isCritical: false,
        buttons: [],
      } satisfies Announcement,
    ]
  })
}

function paceOf(found: MoneyFound): readonly Announcement[] {
  const { budget, forecast, month } = found.money
  if (budget.passesAtMs === null || budget.passesAtMs <= found.nowMs || forecast === null) return []
  const day = new Date(budget.passesAtMs).getUTCDate()
  return [
    about(found, 'budget-pace', `${month}/${budget.monthlyUsd}`, {
      title: `At this pace the budget is spent on the ${ordinal(day)}`,
      body: `As the last days went, the month comes to ${formatUsd(forecast.usd)} of ${formatUsd(budget.monthlyUsd ?? 0)}`,
      tone: 'warning',
    }),
  ]
}

function runwayOf(found: MoneyFound): readonly Announcement[] {
  const { runwayMs, settings, pods } = found
  if (runwayMs === null) return []
  const { runwayFirstH, runwaySecondH, runwayLastH } = settings
  const hours = [runwayFirstH, runwaySecondH, runwayLastH]
    .sort((a, b) => a - b)
    .find((each) => runwayMs <= each * HOUR_MS)
  if (hours === undefined) return []
  const isLast = hours === Math.min(runwayFirstH, runwaySecondH, runwayLastH)
  const words: Words = {
    title: `The balance lasts ${formatDuration(runwayMs)} more`,
    body: isLast ? deletedWords(pods) : 'At what burns now. At $0 pods without a network volume are deleted.',
    tone: hours <= runwaySecondH ? 'bad' : 'warning',
  }
  return [about(found, 'low-runway', `${found.topUp}/${hours}`, words, hours <= runwaySecondH)]
}

const MAX_NAMES = 5

/** What Runpod deletes at $0: all that has no network volume, stopped or not. */
function deletedWords(pods: readonly Pod[]): string {
  const lost = pods.filter(({ networkMounts, phase }) => networkMounts.length === 0 && phase !== 'terminated')
  if (lost.length === 0) return 'Then pods are stopped; none is deleted.'
  const names = lost.slice(0, MAX_NAMES).map(({ name }) => shortName(name))
  const others = lost.length - names.length
  return `Then Runpod deletes ${names.join(', ')}${others > 0 ? ` and ${others} more` : ''}, with their disks.`
}

/** Every week or so, of what has cost money unused for as long. */
function unusedOf(found: MoneyFound): readonly Announcement[] {
  const { money, nowMs, settings } = found
  const everyMs = settings.unusedReminderDays * DAY_MS
  const old = money.unused.filter(({ sinceMs }) => nowMs - sinceMs >= everyMs)
  const [dearest] = old
  if (dearest === undefined) return []
  const perDayUsd = old.reduce((sum, each) => sum + (each.perDayUsd ?? 0), 0)
  const isAtLeast = old.some((each) => each.perDayUsd === null)
  return [
    about(found, 'idle-reminder', `unused/${Math.floor(nowMs / everyMs)}`, {
      title: `Unused disks cost ${isAtLeast ? 'at least ' : ''}${formatUsd(perDayUsd)} a day`,
      body:
        old
          .slice(0, 3)
          .map((each) => unusedWords(each, nowMs))
          .join(', ') + (old.length > 3 ? ` and ${old.length - 3} more` : ''),
      tone: 'plain',
    }),
  ]
}

function unusedWords({ kind, name, sinceMs }: UnusedCost, nowMs: number): string {
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
