export const createsText = {
  creating: 'Creating',
  tried: 'Tried so far',
  endsWithProgram: 'Canceled if Podkeeper quits before sending it.',
  cancel: (pod: string) => `Cancel creating ${pod}`,
  couldNotCancel: (pod: string) => `Couldn’t cancel creating ${pod}`,
} as const
