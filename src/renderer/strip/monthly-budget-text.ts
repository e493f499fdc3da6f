import { formatUsd } from '../../core/base/text/format'

export const monthlyBudgetText = {
  label: 'Monthly budget',
  help: 'You get alerts as it is spent, and when the forecast exceeds it. Press Enter to save.',
  couldNotUndo: (account: string) => `Couldn’t undo the budget of ${account}`,
  saved: (account: string, usd: number | null) =>
    `Saved: Monthly budget of ${account} · ${usd === null ? 'None' : formatUsd(usd)}`,
} as const
