export const logText = {
  notOffered: 'The provider of this pod offers no logs.',
  notWriting: 'That file is not being written.',
} as const
