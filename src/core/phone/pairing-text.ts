/* What is said while a bot is paired. */
export const pairingText = {
  expired: 'The code is no longer valid, because nobody sent it within 10 minutes. Pair again for a new one.',
  usedUp: 'The code is no longer valid, because five other codes were sent. Pair again for a new one.',
  alreadyPaired: 'This bot is paired already. Unpair it first.',
  sameBot: (name: string) => `${name} uses this bot already. Each channel needs a bot of its own.`,
  alreadyOffered: 'This channel offers buttons already.',
  notOfPhone: 'Only Telegram and ntfy take answers.',
  notPaired: 'This channel isn’t paired with anyone.',
  greeting:
    'Podkeeper listens to you here from now on, and to nobody else. Alerts arrive with buttons. Send /status to see your running pods.',
} as const
