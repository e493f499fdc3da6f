/* Why a request about a channel failed. */
export const channelHandlersText = {
  alreadyAsking: 'Podkeeper is asking about that already.',
} as const
