/** What a toast says of a request. */
export const requestText = {
  couldNotReadSparklines: 'Couldn’t read the sparklines',
  /** `title`: what couldn’t be done. */
  failed: (title: string, reason: string) => `${title}: ${reason}`,
  noResponse: 'Podkeeper didn’t respond.',
  notUploaded: 'Not uploaded',
  couldNotLoadPods: 'Couldn’t load your pods',
  couldNotReadSettings: 'Couldn’t read the settings',
} as const

export const settingSavedText = {
  saved: (setting: string, value: string) => `Saved: ${setting} · ${value}`,
  notChangedBack: (setting: string, reason: string) => `${setting} was not changed back: ${reason}`,
} as const
