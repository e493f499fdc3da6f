import type { ControlConnection } from '../../node/control/control-client'
import { MAX_ACCOUNTS } from '../../core/settings/account-record'
import { formatDuration, formatRemaining } from '../../core/base/text/format'
import { MINUTE_MS } from '../../core/base/time/time'
import type { ProviderError } from '../../core/pods/provider'
import { plainText } from '../../core/base/text/plain-text'
import { keyProblemText } from '../../core/settings/key-problem-text'

/** Which key is used, and why one is not. */
export const keyText = {
  savedAddress: 'The address saved with the key',
  ignoredAddress: (address: string) =>
    `RUNPOD_API_KEY is sent to Runpod, not to ${address}: only the app uses that address. To send it there, use --base-url ${address}`,
  savedKeys: 'Saved keys',
  noRunpodKey: 'RUNPOD_API_KEY doesn’t look like an API key.',
  keyEnding: (ending: string) => `the key ending in ${ending}`,
  noKey: 'No API key found. Run podkeeper login, set RUNPOD_API_KEY, or try podkeeper demo.',
  noKeyFor: (account: string) =>
    `This command has no key for ${plainText(account)}. To save one, run podkeeper login.`,
  noKeyForIt: 'This command has no key for that account. To save one, run podkeeper login.',
  noHubifyKey: 'HUBIFY_API_KEY or HUBIFY_TOKEN doesn’t look like a Hubify API key.',
  isLab: 'It is a Hubify lab, and --base-url applies to Runpod unless you add --provider hubify.',
  forOtherAddress: (savedAddress: string, address: string) =>
    `The saved key is for ${savedAddress}. To save one for ${address}, run podkeeper login --base-url ${address}`,
  thisComputer: 'this computer',
  demo: 'Demo',
} as const

/** Why the file of saved keys can’t be used or changed. */
export const keyFileText = {
  noKey: (path: string) =>
    `${path} contains no key that this version can read. To save a new one, run podkeeper login`,
  nothingChanged: 'Nothing was changed',
  nothingSaved: 'Nothing was saved',
  notWritten: (refusal: string, path: string, why: string) =>
    `${refusal}: ${path} cannot be written (${why}).`,
  notRemoved: (path: string, why: string) => `${path} cannot be removed (${why}). Remove it yourself.`,
  notRead: (path: string, why: string) => `The key in ${path} cannot be read: ${why}`,
  noKeyFile: (path: string) => `${path} is not a key file. Move it away, then run podkeeper login`,
  ofOtherUser: (path: string) =>
    `${path} belongs to another user, so its key is not used. Remove it, then run podkeeper login`,
  /** `mode`: its permissions, of which only the last nine bits count. */
  readableByOthers: (path: string, mode: number) =>
    `${path} can be read by others (mode 0${(mode & 0o777).toString(8)}), so its key is not used. If nobody has read it, run chmod 600 '${path}'. Otherwise create a new key in Runpod, then run podkeeper login`,
} as const

export const labsText = {
  /** Why the labs of a key could not be read. */
  problem: (error: ProviderError) =>
    error.kind === 'rate-limited'
      ? `Too many requests were sent with this key, so the labs could not be read. Try again in ${formatRemaining(error.retryAfterMs ?? MINUTE_MS)}.`
      : keyProblemText(error, 'hubify', 'The labs could not be read'),
  tooMany: (count: number) =>
    `The key has access to ${count} labs, and you can have up to ${MAX_ACCOUNTS} accounts. Choose the labs that matter: podkeeper login --provider hubify --lab LAB`,
  /** `labs`: those of the key, as text. */
  notChosen: (name: string, hasSeveral: boolean, labs: string) =>
    `${hasSeveral ? 'Several labs are called' : 'The key has no access to a lab called'} ${plainText(name)}. Labs of this key: ${labs}. Nothing was saved.`,
} as const

/** Which account is meant. */
export const accountListText = {
  several: (query: string) => `Several accounts are called "${plainText(query)}". Use the id of one.`,
  none: (query: string) => `No account has the name or id "${plainText(query)}".`,
  noAccounts: 'There are no accounts. To add one, run podkeeper login',
  accounts: (accounts: readonly { readonly id: string; readonly name: string }[]) =>
    `Accounts: ${accounts.map(({ id, name }) => `${plainText(name)} (${id})`).join(', ')}`,
} as const

export const dataFolderText = {
  noPath: '--data-dir needs a folder path.',
  unusable: (folder: string, why: string) =>
    `The data folder ${folder} cannot be used: ${why}. Fix this, or choose another folder with --data-dir.`,
  homeMissing: (home: string) =>
    `The home directory ${home} does not exist, so nothing can be saved there. Create it, set HOME, or choose a data folder with --data-dir.`,
  noHome:
    'No home directory was found, so there is no default data folder. Set HOME, or choose a data folder with --data-dir.',
  noFolder: (path: string) => `${path} is not a folder`,
  journalUnusable: (why: string) => `The journal of actions cannot be opened, so nothing was done: ${why}`,
  activityWritten: 'The activity log can be written again.',
  configUnusable: (path: string, why: string) =>
    `${path} cannot be used (${why}); no pod is stopped automatically until it can.`,
  configUnread: (path: string, why: string) => `${path} could not be read, so the defaults are used: ${why}`,
} as const

/** Why a request to the program that holds the data folder was not carried out. */
export const controlText = {
  nothingDone: (why: string) => `Nothing was done: ${why}`,
  silent: (program: string) => `${program} is using the data folder and doesn’t respond.`,
  readOnly: 'this command is read-only.',
  tooSlow: (patienceMs: number) => `No response within ${formatDuration(patienceMs)}.`,
  olderCommand: (program: string) =>
    `${program} is busy with an action, or is an older version. Wait for it to finish, or quit it first.`,
  olderApp: (program: string) =>
    `${program} manages this account and doesn’t accept requests from other programs. Do it there, or quit it first.`,
  unproven:
    'another program answers in the place of the one that uses the data folder. It was asked nothing.',
  newer: (program: string) =>
    `${program} is newer and doesn’t understand requests from this version of the command line. Update the command line.`,
  lostRead: (message: string) => `${message} Nothing was done.`,
  lostChange: (message: string) => `${message} The change may or may not have been made.`,
} as const

/** Why nothing is asked of the program that holds the data folder, which is called `name`. */
export function unusableText(
  name: string,
  { holder, reason }: Extract<ControlConnection, { kind: 'unusable' }>,
): string {
  const reasons = {
    silent: controlText.silent(name),
    older: holder?.program === 'cli' ? controlText.olderCommand(name) : controlText.olderApp(name),
    newer: controlText.newer(name),
    unproven: controlText.unproven,
  }
  return controlText.nothingDone(reasons[reason])
}
