export const uiText = {
  allAccounts: 'All accounts',
  account: 'Account',
  opening: 'Opening…',
  partMissing: 'Part of Podkeeper is missing or was replaced. Quit Podkeeper and start it again.',
  perHour: (amount: string) => `${amount} per hour`,
  searchOrRun: 'Search or run a command',
} as const
