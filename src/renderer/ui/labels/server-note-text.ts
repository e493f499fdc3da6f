/** Of accounts that a server keeps. `accounts`: their names. */
export const serverNoteText = {
  onlyAccount: 'your account',
  queue: (accounts: string) =>
    `A server manages ${accounts}: its jobs are started and listed there (podkeeper queue list), not here.`,
  activity: (accounts: string) =>
    `A server manages ${accounts}: what it did, and for whom, is in its own log (podkeeper activity there), not here.`,
  whichServer: 'Which server',
} as const
