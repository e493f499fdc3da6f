export const logText = {
  notOffered: 'The provider of this pod offers no logs.',
  notWriting: 'That file is not being written.',
  notWritten: (path: string, why: string) => `${path} could not be written: ${why}`,
} as const
