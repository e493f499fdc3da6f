import { RUNPOD_NAME } from '../../core/pods/labs/service-name'
import { providerName } from '../../core/settings/account-record'
import type { MoneyView } from '../../core/money/money-view'
import { type AccountId, managingServiceName } from '../../core/pods/pod'
import { hasAccount, type AccountPart, partOf, type Snapshot } from '../../core/view/snapshot'

/** What of the app's accounts a window shows. */
interface ShownAccounts {
  readonly snapshot: Snapshot | null
  /** Null: all, or the only one. */
  readonly shownAccountId: AccountId | null
}

/** What is shown is the demo, and no account of the person. */
export const isDemo = (snapshot: Snapshot | null): boolean =>
  snapshot?.accounts.some(({ entry }) => entry.isDemo) ?? false

/** Several accounts are shown together. */
export const isTogether = ({ snapshot, shownAccountId }: ShownAccounts): boolean =>
  shownAccountId === null && (snapshot?.accounts.length ?? 0) > 1

/** Whether what is shown of this account's pods is out of date. */
export function isAccountStale(snapshot: Snapshot | null, accountId: AccountId): boolean {
  if (snapshot === null) return true
  const part = partOf(snapshot, accountId)
  if (part === undefined) return snapshot.connection.kind !== 'live'
  return part.entry.isPaused || part.connection.kind !== 'live'
}

/** When the pods of this account were listed last, Unix ms; the time of the snapshot if that is not known. */
export function accountListedAtMs(snapshot: Snapshot, accountId: AccountId): number {
  const { listedAtMs } = partOf(snapshot, accountId) ?? snapshot
  return listedAtMs ?? snapshot.atMs
}

/** Whether there is an account to show: one that is connected, or is about to be, or that a person paused. */
export const isSetUp = (snapshot: Snapshot | null): boolean =>
  snapshot !== null &&
  (hasAccount(snapshot) ||
    snapshot.accounts.some(({ entry, connection }) => entry.isPaused || connection.kind === 'connecting'))

/** The part about this account; null, and the only account: what is shown. */
export function accountOrShown(
  snapshot: Snapshot | null,
  accountId: AccountId | null,
): Omit<AccountPart, 'entry'> | null {
  if (snapshot === null) return null
  if (accountId === null || snapshot.accounts.length < 2) return snapshot
  return partOf(snapshot, accountId) ?? snapshot
}

export const moneyOf = (snapshot: Snapshot | null, accountId: AccountId | null): MoneyView | null =>
  accountOrShown(snapshot, accountId)?.money ?? null

/** Whose API the shown accounts use: Hubify where all of them are labs. */
export function shownService({ snapshot, shownAccountId }: ShownAccounts): string {
  const accounts = snapshot?.accounts ?? []
  const shown =
    shownAccountId === null ? accounts : accounts.filter(({ entry }) => entry.id === shownAccountId)
  const areLabs = shown.length > 0 && shown.every(({ entry }) => providerName(entry.provider) !== RUNPOD_NAME)
  return areLabs ? managingServiceName : RUNPOD_NAME
}

/** The page where a person manages pods themselves. */
export const pageOf = (service: string): 'console' | 'hubify' =>
  service === managingServiceName ? 'hubify' : 'console'
