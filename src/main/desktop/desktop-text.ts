/** What systemd says that it waits for before a sleep. */
export const sleepDelayText = { why: 'A pod is being stopped' } as const

export const desktopText = {
  /** What the program is, in the system’s list of programs. */
  comment: 'Watches rented GPU pods',
  keysInvalid: (keys: string, why: string) => `The keys ${keys}: ${why}.`,
  keysTaken: (keys: string) =>
    `${keys} could not be registered: another program uses this shortcut, or the desktop reserves it.`,
  podUnknown: 'A link asked for a pod that none of your accounts has. Nothing was done.',
  linkUnreadable: 'A link to Podkeeper could not be read. Nothing was done.',
} as const
