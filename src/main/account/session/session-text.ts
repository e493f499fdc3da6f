import { MAX_ACCOUNTS } from '../../../core/settings/account-record'

export const sessionText = {
  asksKeyring: 'Asking the system keyring for it…',
  sessionOnly: 'It was kept for the last session only.',
  keyringRefused: (why: string) => `The system keyring refused it: ${why}.`,
  cannotDecrypt: 'it can no longer decrypt the key',
  pauseAgain: 'pause the account again',
  notStored: (why: string) => `That could not be stored: ${why}.`,
  paused: 'It is paused.',
  removeAgain: 'remove the account again',
  keyNotErased: (why: string) => `The key could not be erased: ${why}. Try again.`,
  removed: 'That account was already removed.',
  demo: 'Demo',
  jobVariablesMissing: 'The values of its variables are missing.',
  thisComputer: 'this computer',
  tourNeeds: (pod: string) =>
    `The tour needs ${pod} to be running. Start it, or leave the demo and try it again.`,
  noDemo: 'There is no demo to control.',
  notSent: (host: string) => `The clipboard was not read, and nothing was sent to ${host}.`,
  pasteAgain: 'paste again',
  alreadyChecking: 'A key is already being checked.',
  tooMany: `There are ${MAX_ACCOUNTS} accounts already. Remove one first.`,
  tryAgain: 'try again',
  startDemoAgain: 'start the demo again',
  noKey: 'No key is in use.',
  testBuild: 'this is a test build',
  keyNotKept: 'Paste the key again: it was not kept.',
  tooManyLabs: `You can have up to ${MAX_ACCOUNTS} accounts. Choose fewer labs, or remove an account first.`,
  labNotSeen: (account: string, host: string) =>
    `This key has no access to the lab of ${account} at ${host}, so nothing was changed.`,
} as const
