import { plainText } from '../../core/base/text/plain-text'
import { providerName } from '../../core/settings/account-record'

export const accountsListText = {
  /** The title of a column. */
  keptBy: 'KEPT BY',
  appKeepsKey: 'The app keeps its own key for the account.',
} as const

/** What became of the history of an account whose key was removed; `none`: there was none. */
export type HistoryOutcome = 'removed' | 'kept' | 'none'

export const historyOutcomeText: Readonly<Record<HistoryOutcome, string>> = {
  removed: 'The account’s history was removed. Its rules, costs and activity stay in the data folder.',
  kept: 'The account’s history, rules, costs and activity stay in the data folder.',
  none: 'The account’s rules, costs and activity stay in the data folder.',
}

/** `account`: the name of one among several; null for the only one. */
export const keyRemovedText = (account: string | null, provider: string, path: string): string =>
  `The saved key${account === null ? '' : ` of ${plainText(account)}`} was removed (${path}). It stays valid until you revoke it in ${providerName(provider)}.`
