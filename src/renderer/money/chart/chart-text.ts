import { formatUsd } from '../../../core/base/format'
import type { Month } from '../../../core/money/ledger/months'
import { fullMonth } from '../spend-text'

export const dailySpendText = {
  title: 'Daily spend',
  chart: (month: Month, grouping: string) => `Daily spend in ${fullMonth(month)}, ${grouping.toLowerCase()}`,
  stacks: 'What the stacks are',
  todayAndForecast: 'Today and forecast',
  today: 'today so far',
  forecast: 'forecast',
  perDay: (usd: number) => `, ${formatUsd(usd)} a day`,
} as const

export const daysTableText = {
  summary: 'Show days as a table',
  label: 'Daily spend as a table',
  day: 'Day (UTC)',
  spent: 'Spent',
  whileIdle: 'While idle',
  status: 'Status',
  total: 'Total',
  atLeast: 'at least',
} as const
