/* Why a request about tokens of the Pods API failed. */
export const podsApiText = {
  alreadyAsking: 'Podkeeper is asking about a token already. Answer that first.',
  noAccount: 'The account no longer exists. Choose another one.',
  limitNeedsWrite: 'A price limit is for tokens that may create pods.',
  nameTaken: (name: string) =>
    `There is a token named ${name} already. Revoke it first, or choose another name.`,
  noToken: 'This token no longer exists.',
  notShown: (why: string) => `The token could not be shown, so it was revoked. ${why}`,
} as const
