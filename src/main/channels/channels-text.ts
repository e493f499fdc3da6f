export const channelGoneText = 'This channel no longer exists.'
