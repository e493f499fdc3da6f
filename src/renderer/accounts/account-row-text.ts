import { MAX_ACCOUNT_NAME, MAX_ACCOUNTS, providerName } from '../../core/settings/account-record'
import { keyStorageText } from '../../core/settings/key-storage-text'
import type { AccountEntry, AccountPart } from '../../core/view/snapshot'
import type { KeyCheckResult } from '../../shared/requests/account-requests'
import { verdictText } from '../connect/verdict-text'

/** The section of all accounts. */
export const accountsText = {
  checkingClipboard: 'Checking the key in your clipboard…',
  couldNotCheckKey: 'Couldn’t check the key',
  couldNotMove: 'Couldn’t move the account',
  demoNeedsNoKey: 'The demo needs no key. Leave the demo to add yours.',
  none: 'No API key added yet.',
  pasteHint: `A Runpod key is checked right away. It replaces the key of the account it belongs to, or adds an account (up to ${MAX_ACCOUNTS}).`,
  pasteKey: 'Paste key',
  addLabs: 'Add Hubify labs',
  questions: 'Question about an account',
} as const

/** One account. */
export const accountRowText = {
  label: (account: string) => `Account ${account}`,
  moveUp: (account: string) => `Move ${account} up`,
  moveDown: (account: string) => `Move ${account} down`,
  name: 'Name',
  nameHelp: 'Shown in Podkeeper only',
  nameProblem: `Use 1 to ${MAX_ACCOUNT_NAME} characters.`,
  color: 'Color',
  couldNotChangeColor: 'Couldn’t change the color',
  monthlyBudget: 'Monthly budget',
  monthlyBudgetHelp:
    'In USD, for this account alone (UTC). Alerts come at the same percentages as for all accounts.',
  dailyBudget: 'Daily budget',
  dailyBudgetHelp: 'In USD, for this account alone (UTC)',
  watchNewPods: (account: string) => `Alert about new pods in ${account}`,
  watchNewPodsHelp: 'When a pod appears that Podkeeper on this computer didn’t create',
  watchEndpoints: (account: string) => `Alert about idle serverless workers in ${account}`,
  watchEndpointsHelp: 'When an endpoint keeps workers that got no request for an hour',
  couldNotChange: 'Couldn’t change the account',
  testKey: 'Test key',
  testKeyOf: (account: string) => `Test key of ${account}`,
  check: 'Check this account',
  checkOf: (account: string) => `Check this account: ${account}`,
  checkingWith: (provider: string) => `Checking with ${provider}…`,
  couldNotTest: 'Couldn’t test the key',
  resume: 'Resume watching',
  resumeOf: (account: string) => `Resume watching ${account}`,
  couldNotResume: 'Couldn’t resume watching',
  pause: 'Pause',
  pauseOf: (account: string) => `Pause ${account}`,
  couldNotPause: 'Couldn’t pause the account',
  paused: 'While paused, its pods aren’t watched or stopped, and its costs aren’t counted.',
  remove: 'Remove…',
  removeOf: (account: string) => `Remove ${account}…`,
  couldNotRemove: 'Couldn’t remove the account',
  removed: (account: string, provider: string) =>
    `${account} removed, and its key deleted from this computer. The key stays valid until you delete it in ${provider}.`,
} as const

/** Which key an account has, and where it is stored. */
export function keyText({ entry, account }: AccountPart): string {
  const keyName = `Key ending in ${entry.keyEnding ?? '…'}, for ${entry.host}.`
  return account === null
    ? keyName
    : `${keyName} ${keyStorageText(account.keyStorage, account.sessionOnlyReason)}`
}

/** What the test of a key showed. */
export function keyTestText(
  verdict: KeyCheckResult,
  { provider, lab }: AccountEntry,
  isMonitorOnly: boolean,
): string {
  if (verdict.kind !== 'accepted') return verdictText(verdict)
  const name = providerName(provider)
  const permissionText = isMonitorOnly
    ? ` It’s probably read-only: ${name} has refused every action so far.`
    : ` The first action will show whether it can start and stop pods, because ${name} doesn’t say in advance.`
  const balance = verdict.balanceUsd === null && lab === undefined ? ' It can’t read the balance.' : ''
  return `${verdictText({ ...verdict, storage: 'session-only' })}${balance}${permissionText}`
}
