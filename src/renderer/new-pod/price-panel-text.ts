import { formatUsd, formatUsdPerHour } from '../../core/base/text/format'

export const pricePanelText = {
  title: 'Price',
  unknown: 'Unknown',
  perHour: '/hr',
  chooseFirst: 'Choose what to run on.',
  warnings: 'Before you create it',
  containerDisk: (sizeGb: number) => `Container disk, ${sizeGb} GB`,
  disk: (sizeGb: number) => `Disk, ${sizeGb} GB`,
  atRate: (perHourUsd: number, isAtLeast: boolean) =>
    `Then, at ${isAtLeast ? 'at least ' : ''}${formatUsdPerHour(perHourUsd)}`,
  balanceLasts: 'Balance lasts',
  balance: 'Balance',
  budgetSpent: (budgetUsd: number) => `${formatUsd(budgetUsd)} spent`,
  spendLimit: 'Account’s spend limit',
  ofLimit: (perHourUsd: number, limitUsd: number) =>
    `${formatUsd(perHourUsd)} of ${formatUsdPerHour(limitUsd)}`,
  byMaxHours: 'This pod, by its maximum hours',
  now: 'now',
  thenAfter: ', then',
  afterStop: 'After a stop',
  gpuMayBeLost: 'You may not get this GPU back.',
  reviewIdle: 'Review idle pods',
  createAnyway: 'Create it anyway',
} as const
