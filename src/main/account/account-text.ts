import { namesText, shortName } from '../../core/pods/pod-name'
import { MAX_ACCOUNTS } from '../../core/settings/account-record'

/** Why a request was not carried out. */
export const requestsText = {
  alreadyAsking: 'Podkeeper is asking about that already.',
  serverAddress: 'Type an https address without a path, such as https://pods.example.org.',
  serverToken: 'That is no token of the Pods API: it begins with pkp_.',
  certificateUnreadable: (why: string) => `The certificate file can’t be read: ${why}. Nothing was saved.`,
  noWebApp: 'That account has no web app.',
  variablesNotKept: 'Paste the variables again: they were not kept.',
  labNotWatchedForCreate: 'That lab is not watched, so nothing was created.',
  labNotWatched: 'That lab is not watched.',
  noVariables: 'The clipboard holds no variables. Copy lines such as NAME=value.',
  volumeUsersUnknown: 'Which pods use the volume isn’t known right now. Try again later.',
  volumeInUse: (pods: readonly { readonly name: string }[]) =>
    `${namesText(pods)} ${pods.length === 1 ? 'has' : 'have'} this volume attached. Terminate ${pods.length === 1 ? 'that pod' : 'those pods'} first.`,
  podNotRead: 'The pod was not read yet, so nothing was changed. Close this and open it again.',
  readFailed: (details: string) => `The pod could not be read, so nothing was changed: ${details}`,
  podChanged: (pod: string) =>
    `${shortName(pod)} has changed, so nothing was done. Close this and open it again.`,
  accountUnknown: 'That account is no longer known.',
  rangeTooLong: 'That time range is too long.',
  noSuchPort: 'The pod doesn’t serve that port over HTTP.',
  runpodOnly: 'Only Runpod pods have such an address.',
  noSuchComputer: 'The guard has nothing from that computer anymore.',
  noGuardHere: 'A pod of this account can’t have a guard.',
  changedWhileAsked: (pod: string) =>
    `${shortName(pod)} changed while you were asked, so nothing was done. Check it and try again.`,
} as const

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
  noDemo: 'There is no demo to control.',
  notSent: (host: string) => `The clipboard was not read, and nothing was sent to ${host}.`,
  notAdded: 'The account was not added, and its key was not stored.',
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

export const autoStopTexts = {
  changed:
    'Other pods were selected for auto-stop while you were asked, so it was not turned on. Try again to see them.',
  kept: 'A server keeps this account. Turn auto-stop on there.',
  rulesKept: 'A server keeps this account. Change its rules there.',
  rulesUnreadable: 'The rules of this account can’t be read, so nothing is stopped automatically.',
} as const

export const accountText = {
  aLab: 'the lab',
  notConnected: 'That account is not connected.',
  /** Of a key that was kept for another address. */
  keyForOtherAddress: (keyAddress: string, address: string) =>
    `It is for ${keyAddress}. Paste one for ${address}.`,
  addressInSettings: 'The API address in the settings',
  testRuntime:
    'This copy runs on a test runtime, an Electron out of support, so it talks to this computer only. Use a current Electron for a real key, or try the demo.',
  notCreated: 'It was not created.',
  createUnclear: (details: string) =>
    `${details} It is not known whether the pod was created, and Podkeeper keeps looking for it.`.trim(),
  noKeyInClipboard:
    'The clipboard holds nothing that looks like an API key, so it was not sent anywhere. Copy the key in Runpod, then paste again.',
  noHubifyKeyInClipboard:
    'The clipboard holds nothing that looks like an API key of Hubify, so it was not sent anywhere. Copy the key in Hubify, then paste again.',
  sameAccount: 'Runpod says that this key belongs to the same account as before, so its rules apply again.',
  differentAccount:
    'Runpod says that this key belongs to a different account than before, so the rules of that account apply, if it has any. Those of the other account are kept.',
} as const
