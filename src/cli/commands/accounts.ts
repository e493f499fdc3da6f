import type { ListedAccount } from '../account/account-list'
import { span, type StyledLine } from '../output/color'
import { JSON_VERSION } from '../output/json'
import { type Column, tableLines } from '../output/table'
import { accountsListText, type HistoryOutcome, historyOutcomeText, keyRemovedText } from './accounts-text'
import { accountListText } from '../account/account-text'

/** Where the keys of an account are. */
function keyPlaces({ isKept, isInEnvironment, isInApp }: ListedAccount): string {
  const places = [
    ...(isKept ? ['kept'] : []),
    ...(isInEnvironment ? ['environment'] : []),
    ...(isInApp ? ['app'] : []),
  ]
  return places.join(', ')
}

const columns: readonly Column<ListedAccount>[] = [
  { title: 'NAME', align: 'left', dropPriority: 0, minWidth: 8, cell: ({ name }) => span(name, 'strong') },
  { title: 'ID', align: 'left', dropPriority: 0, minWidth: null, cell: ({ id }) => span(id) },
  { title: 'KEY', align: 'left', dropPriority: 1, minWidth: null, cell: keyCell },
  { title: 'FROM', align: 'left', dropPriority: 2, minWidth: null, cell: (each) => span(keyPlaces(each)) },
  { title: 'HOST', align: 'left', dropPriority: 3, minWidth: 8, cell: ({ host }) => span(host, 'dim') },
]

function keyCell({ keyEnding, isPaused }: ListedAccount) {
  return span(`…${keyEnding}${isPaused ? ', paused' : ''}`)
}

/** `serverOf`: the host of what keeps the account; null: this computer does. */
type ServerOf = (account: ListedAccount) => string | null

export function accountsLines(
  accounts: readonly ListedAccount[],
  width: number,
  serverOf: ServerOf,
): readonly StyledLine[] {
  if (accounts.length === 0) return [[span(accountListText.noAccounts)]]
  const isAnyKept = accounts.some((account) => serverOf(account) !== null)
  const server: Column<ListedAccount> = {
    title: accountsListText.keptBy,
    align: 'left',
    dropPriority: 4,
    minWidth: 8,
    cell: (account) => span(serverOf(account) ?? ''),
  }
  return tableLines(isAnyKept ? [...columns, server] : columns, accounts, width)
}

export const accountsJson = (accounts: readonly ListedAccount[], serverOf: ServerOf): unknown => ({
  version: JSON_VERSION,
  accounts: accounts.map((account) => ({
    id: account.id,
    name: account.name,
    provider: account.provider,
    lab: account.slug,
    host: account.host,
    keyEnding: account.keyEnding,
    isKept: account.isKept,
    isInEnvironment: account.isInEnvironment,
    isInApp: account.isInApp,
    isPaused: account.isPaused,
    server: serverOf(account),
  })),
})

/** What a person should know after the kept key of an account was removed. */
export function removedText(
  { name, isInApp, provider }: ListedAccount,
  path: string,
  hasSeveral: boolean,
  history: HistoryOutcome,
): string {
  return [
    keyRemovedText(hasSeveral ? name : null, provider, path),
    historyOutcomeText[history],
    ...(isInApp ? [accountsListText.appKeepsKey] : []),
  ].join(' ')
}
