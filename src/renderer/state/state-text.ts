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

/** Why an action on several pods failed for some. `failure` follows the names: "not stopped". */
export const bulkFailureText = {
  notStopped: 'not stopped',
  notUndone: 'not undone',
  /** "The stop of llama", in place of a pod's name. */
  actionOf: (action: string, pod: string) => `The ${action} of ${pod}`,
  aPod: 'A pod',
  failed(pod: string, others: number, failure: string, why: string): string {
    if (others === 0) return `${pod} was ${failure}: ${why}`
    return `${pod} and ${others === 1 ? '1 other' : `${others} others`} were ${failure}: ${why}`
  },
} as const
