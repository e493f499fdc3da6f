/* What a watch says of the channels. */
export const watchChannelsText = {
  failing: (name: string, failure: string) => `${name} takes no alerts: ${failure}`,
  working: (name: string) => `${name} takes alerts again.`,
} as const
