/** Of the app's own window with its questions. */
export const windowsText = {
  otherQuestion: 'Another question is open in Podkeeper.',
  askedByToken: (token: string) => `The API token “${token}” asks for this.`,
} as const
