import { formatDuration } from '../../../core/base/text/format'
import { plainText } from '../../../core/base/text/plain-text'
import { APPROVAL_VALID_MS } from '../../../core/pods-api/access/approvals'

/** Of the program as a whole. */
export const programText = {
  outputNotWritten: (why: string) => `The output could not be written completely: ${why}`,
} as const

/** Which account is meant. `accounts`: those to choose from, as a sentence. */
export const chooseAccountText = {
  toActIn: (accounts: string) => `Choose the account with --account. Nothing was done. ${accounts}`,
  toRead: (accounts: string) => `Choose the account with --account. ${accounts}`,
  toChange: (accounts: string) => `Choose the account with --account. Nothing was changed. ${accounts}`,
  toRemove: (accounts: string) =>
    `Several keys are saved. Choose which one to remove with --account. ${accounts}`,
  skipping: (account: string, why: string) => `Skipping ${account}. ${why}`,
} as const

/** Of login, logout and accounts. */
export const accountCommandText = {
  labOption: 'Use --lab to choose the labs of a Hubify key.',
  needsHubify: 'Labs belong to Hubify. Add --provider hubify.',
  otherAccount: (account: string, asked: string) =>
    `The key belongs to the account ${account}, not to ${asked}.`,
  alsoRunpodKey: (account: string) =>
    `RUNPOD_API_KEY is also set. It is a separate account named ${account}.`,
  alsoHubifyKey: 'HUBIFY_API_KEY or HUBIFY_TOKEN is also set. Its labs are accounts that use that key.',
  noKey: 'No key is saved.',
  stillRunpodKey: 'RUNPOD_API_KEY is still set.',
  stillHubifyKey: 'HUBIFY_API_KEY or HUBIFY_TOKEN is still set.',
  historyNotRemoved: (why: string) => `The history of the account could not be removed: ${why}`,
  /** `pods`: those with an action in progress. */
  openAction: (pods: readonly string[]) =>
    `An action is in progress (${pods.map(plainText).join(', ')}) and could no longer be followed, so the key was not removed. Undo it or wait until it ends. To see it, run podkeeper watch.`,
  renamed: (before: string, after: string) => `${plainText(before)} is now called ${plainText(after)}.`,
  notRenamed: (why: string) => `The account could not be renamed: ${why}.`,
  usage: {
    add: 'Usage: podkeeper accounts add [NAME]',
    rename: 'Usage: podkeeper accounts rename ACCOUNT NAME',
    remove: 'Usage: podkeeper accounts remove ACCOUNT',
    list: 'Usage: podkeeper accounts list',
  },
} as const

/** Of the commands that create pods, and of the catalogs. */
export const creationCommandText = {
  noKeys: 'There is no key. To save one, run podkeeper login.',
  noListForLabs: 'This list is not available for labs.',
  notForLabs: 'Rebuilds and presets are not available for labs.',
  unknownEndpointVerb: (verb: string) => `Unknown action: ${verb}. Use list or set-min-0.`,
  unknownVerb: (verb: string) => `Unknown action: ${verb}. Use list, create, grow, rename or delete.`,
} as const

/** Of commands that write to the activity log what they did. */
export const activityText = {
  notRecorded: (why: string) => `The activity log has no entry on this: ${why}`,
} as const

/** Of the commands that read. */
export const readCommandText = {
  incomplete: 'Not everything could be read.',
  nothingObserved: 'Nothing was observed in that time.',
  noSuchEntries: 'The log has no such entries.',
  /** `whose`: a pod or an account. */
  noEntriesOf: (whose: string) => `The log has no entries for ${whose}.`,
  noEntries: 'Nothing has been logged yet.',
} as const

/** Options that don't go together. */
export const optionText = {
  settingsAreShared: 'Settings apply to all accounts, so --account is not allowed.',
  demoHasOwnPods: 'The demo has its own pods, so --account is not allowed.',
} as const

/** Of watch. */
export const watchCommandText = {
  startsLater: (problem: string, isRefused: boolean) =>
    `${problem} The watch starts when the ${isRefused ? 'key is accepted' : 'API responds'}.`,
  paused: (account: string) => `${account} is paused in the app, so it is not watched here either.`,
} as const

/** Of serve, token and mcp. */
export const serveCommandText = {
  servedAt: (where: string) => `The Pods API is served at ${where}`,
  notNotified: (why: string) => `systemd could not be told how this program is doing: ${why}`,
  /** `problem`: a sentence. */
  badOption: (option: string, problem: string) => `${option}: ${problem}`,
  badName: 'Use up to 40 letters, digits and spaces.',
  servedByOther: (holder: { readonly program: 'app' | 'cli'; readonly pid: number } | null) =>
    holder?.program === 'app'
      ? `The Podkeeper app (process ${holder.pid}) serves this data folder. Turn that off in its settings to serve it here.`
      : `Another podkeeper serve ${holder === null ? '' : `(process ${holder.pid}) `}serves this data folder.`,
  /** `why`: null: another program uses the address. */
  notServed: (where: string, why: string | null) =>
    `The Pods API can’t be served at ${where}: ${why ?? 'another program uses it'}.`,
} as const

export const approveText = {
  none: 'No agent waits for an answer.',
  question: 'Type yes to agree, anything else to decline: ',
  agreed: `You agreed. The agent can carry it out within ${formatDuration(APPROVAL_VALID_MS)} of asking.`,
  declined: 'You declined. Nothing was done.',
  needsTerminal: 'Only a person can answer this: run podkeeper approve in a terminal.',
} as const
