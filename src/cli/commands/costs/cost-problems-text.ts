/** Why costs are not known, or not all of them. */
export const costProblemsText = {
  notAMonth: (month: string) => `${month} is not a past or current month. Use one such as 2026-11.`,
  tooOld: (month: string, oldest: string) =>
    `Costs for ${month} are no longer available. They are kept for 13 months, so the oldest is ${oldest}.`,
  notListed: (why: string) => `Recorded costs cannot be listed: ${why}.`,
  /** The row of what a lab’s provider reports of the month beyond what was counted of its pods. */
  notCounted: 'not counted here',
  noBills: 'The provider reports no bills.',
  billsNotRead: (why: string) => `The bills could not be read: ${why}`,
  hubifyNotRead: (why: string) => `Costs reported by Hubify could not be read: ${why}`,
  podsNotRead: (why: string) => `The pods could not be listed, so what they cost since is not known: ${why}`,
  monthNotRead: (month: string) => `Costs for ${month} could not be read.`,
  aPriceIsUnknown: 'A price is unknown, so this is a minimum.',
  mayMissPods: 'Pods were not checked for a while. Any that came and went in that time may be missing.',
} as const
