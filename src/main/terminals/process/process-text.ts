/** Why a shell was closed, before what to do about it. */
export const processText = {
  stuck: 'Podkeeper closed this shell because its output took too long to process.',
  failed: 'Podkeeper closed this shell because its output could not be processed.',
} as const
