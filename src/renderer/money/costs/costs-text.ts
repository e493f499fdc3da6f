import { formatDuration, formatUsd } from '../../../core/base/text/format'
import type { Month } from '../../../core/money/ledger/months'
import { fullMonth } from '../spend-text'
import type { CostsColumn } from './order-rows'
import type { UnusedCost } from '../../../core/money/money-view'

export const costsText = {
  title: 'Costs',
  account: 'Account',
  month: 'Month (UTC)',
  uncounted: (usd: number) =>
    `The total includes ${formatUsd(usd)} that Hubify reports and Podkeeper didn’t count per pod.`,
  groupDays: 'Group days',
  noAccount: 'No account yet',
  connectFirst: 'Connect an account on the Pods page. Podkeeper tracks its costs from then on.',
  reading: 'Reading costs…',
  couldNotRead: (problem: string) => `Couldn’t read the costs: ${problem}`,
  couldNotReadBills: (problem: string) =>
    `Couldn’t read the latest bills: ${problem} Until then, their amounts are estimated.`,
  export: 'Export CSV',
  couldNotExport: 'Couldn’t export',
  correction: (usd: number, day: string) => `${formatUsd(usd)} on ${day}`,
  corrected: (corrections: string) => `Corrected because a bill was lower: ${corrections}.`,
  nothingSpent: (month: Month) => `Nothing spent in ${fullMonth(month)}`,
  nothingYet: 'Days and pods appear here as soon as something costs money.',
  noCosts: 'Podkeeper has no costs for that month.',
  howCounted: 'How it’s counted',
  lastStop: 'Last automatic stop:',
} as const

export const costsTableText = {
  label: 'Cost breakdown',
  columns: {
    name: 'Pod',
    hardware: 'GPU',
    hours: 'Hours',
    rate: '$/hr',
    compute: 'Compute',
    disk: 'Disk',
    busy: 'Not idle',
    total: 'Total',
    idle: 'While idle',
  } satisfies Readonly<Record<CostsColumn, string>>,
  /** Heading of the rows by GPU. */
  gpu: 'GPU',
  pods: (count: number) => (count === 1 ? '1 pod' : `${count} pods`),
  total: 'Total',
  showMore: (count: number) => `Show ${count} more`,
  billedBelow: 'billed below its price',
  billedBelowWhy: 'Its bills are below its price, possibly because of a savings plan',
  billOnlyWhy: 'Podkeeper wasn’t watching then, so this is known only from a bill. Its hours are unknown.',
} as const

export const labSpendingCardText = {
  title: 'Reported by Hubify',
  /** `isOfMonth`: whether some of them are figures of the month. */
  scope: (isOfMonth: boolean) =>
    isOfMonth
      ? 'For whole labs. Where Hubify’s figure for the month is higher than Podkeeper’s count per pod, it is the total.'
      : 'For whole labs. Not part of the amounts above, which Podkeeper counts per pod.',
  notRead: 'not read yet',
  noTotal: 'no total',
} as const

export const unusedText = {
  title: 'Unused but costing money',
  cleanUp: 'Clean up',
  kinds: {
    pod: 'stopped pod',
    volume: 'network volume that no pod mounts',
  } satisfies Readonly<Record<UnusedCost['kind'], string>>,
  /** "$1.34 a day, at least". */
  total(unused: readonly UnusedCost[]): string {
    const perDayUsd = unused.reduce((sum, cost) => sum + (cost.perDayUsd ?? 0), 0)
    return `${formatUsd(perDayUsd)} a day${unused.some((cost) => cost.perDayUsd === null) ? ', at least' : ''}`
  },
  since: (unusedMs: number) => `seen unused for ${formatDuration(unusedMs)}`,
  /** `perDayUsd`: null where no price is public. */
  perDay: (perDayUsd: number | null) =>
    perDayUsd === null ? 'no public price, see its bill' : `${formatUsd(perDayUsd)} a day`,
} as const
