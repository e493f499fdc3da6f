import { type ProviderKind, providerName } from '../../core/settings/account-record'
import type { OfferedLab } from '../../shared/requests/account-requests'

export const connectText = {
  title: (provider: ProviderKind) => `Connect your ${providerName(provider)} account`,
  promise: 'Stop paying for idle GPUs',
  watches:
    'See which GPUs sit idle, what they cost, and stop them in one click. Podkeeper stops nothing automatically until you turn on auto-stop.',
  picture: {
    pod: 'train-h200',
    idle: 'Idle 42 min',
    rate: '$3.99/hr',
    wasted: '$2.79 wasted',
    stop: 'Stop pod',
  },
  openKeysPage: 'Open Runpod’s Credentials page',
  runpodKeyHint: (host: string | null) =>
    `${keyFormText.takesKey(host)} A read-only key is enough to watch; starting and stopping pods needs write access.`,
  tryDemo: 'Try the demo',
  demoHint:
    'Simulated pods on this computer, free and without an account. Set a budget, alerts and auto-stop later, where you need them.',
  startingDemo: 'Starting the demo…',
  back: 'Back',
  couldNotStartDemo: 'Couldn’t start the demo',
  couldNotOpenPage: 'Couldn’t open the page',
  provider: 'Provider',
} as const

/** The field and buttons for a key that is pasted. */
export const keyFormText = {
  label: 'API key',
  placeholder: (provider: string) => `Copy your key in ${provider}, then paste it here`,
  paste: 'Paste key',
  typed: (provider: string) => `Keys can’t be typed here. Copy yours in ${provider}, then paste it.`,
  checking: 'Checking the key…',
  couldNotCheck: 'Couldn’t check the key',
  /** How the app takes a key. `host`: null while it is not known. */
  takesKey: (host: string | null) =>
    `Podkeeper reads the key straight from your clipboard, never through this window${
      host === null ? '' : `, sends it to ${host} only`
    }, and stores it in the system keyring if there is one.`,
} as const

/** Choosing labs of Hubify. */
export const labsText = {
  couldNotAdd: 'Couldn’t add the labs',
  openHubify: 'Open Hubify',
  keyWorks: (ending: string, host: string) =>
    `The key ending in ${ending} works at ${host}. Choose the labs to watch. Each becomes an account with its own rules and budgets.`,
  labsOfKey: 'Labs of this key',
  add: (count: number) => (count < 2 ? 'Add lab' : `Add ${count} labs`),
  selectFirst: 'Select a lab first',
  useAnotherKey: 'Use another key',
  allAdded: 'All labs of this key are already added.',
  added: (names: readonly string[]) =>
    names.length === 1 ? `Lab ${names[0] ?? ''} added.` : `${names.length} labs added.`,
  /** What is known of an offered lab, beside its name. */
  state({ slug, name, accountName, isWatched }: OfferedLab): string {
    if (accountName === null) return slug === '' || slug === name ? '' : slug
    const called = accountName === name ? '' : ` as ${accountName}`
    return isWatched ? `already added${called}` : `added${called}, but its key can’t be used. Add it again`
  },
  keyHint(host: string | null): string {
    const isOther = host !== null && host !== 'www.hubify.com'
    const why = isOther ? ' HUBIFY_API_BASE_URL is set to that address.' : ''
    return `${keyFormText.takesKey(host)}${why} It needs to read labs and pods (labs:read, pods:read); starting and stopping pods needs pods:write.`
  },
} as const

/** A stored key that can’t be used. */
export const storedKeyText = {
  label: (account: string | null) => (account === null ? 'Stored key' : `Stored key of ${account}`),
  unusable: (ending: string) => `The stored key ending in ${ending} can’t be used.`,
  tryKeyring: 'Try the keyring again',
  forget: 'Forget this key…',
  orPaste: 'Or paste this key or another one.',
  couldNotOpenKeyring: 'Couldn’t open the keyring',
  couldNotForget: 'Couldn’t forget the key',
  forgotten: 'Key forgotten.',
} as const

/** Whether a new key belongs to an account that is known. */
export const sameAccountText = {
  question: (account: string | null) => `Is ${account ?? 'this'} the same Runpod account?`,
  explanation: (earlierKeyEnding: string) =>
    `Runpod doesn’t say whether this key belongs to the account of the earlier key ending in ${earlierKeyEnding}. No pod is stopped automatically until you answer.`,
  same: 'Same account, keep rules',
  another: 'Another account, start fresh',
  couldNotSave: 'Couldn’t save your answer',
} as const
