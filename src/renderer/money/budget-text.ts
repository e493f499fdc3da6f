export const budgetFieldText = {
  none: 'None',
  problem: 'Enter an amount in USD, such as 600, $1,000 or 49.50.',
} as const
