/** What systemd says that it waits for before a sleep. */
export const sleepDelayText = { why: 'A pod is being stopped' } as const
