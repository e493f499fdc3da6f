import { MAX_ACCOUNT_NAME, MAX_ACCOUNTS } from '../../../core/settings/account-record'
import { plainText } from '../../../core/base/text/plain-text'
import { formatUsd } from '../../../core/base/text/format'

export const loginText = {
  notAKey: 'That doesn’t look like an API key. Copy one from Runpod (Settings, API Keys). Nothing was saved.',
  refused: (problem: string) => `${problem} Nothing was saved.`,
  tooMany: `There are already ${MAX_ACCOUNTS} accounts, which is the maximum. Remove one first. Nothing was saved.`,
  /** `name`: of the account; null where there is no other. `note`: more to say; empty or after a space. */
  saved({ ending, podCount, balanceUsd, host, path, name, note }: SavedKey): string {
    const pods = podCount === 1 ? '1 pod' : `${podCount} pods`
    const money = balanceUsd === null ? '' : `, balance ${formatUsd(balanceUsd)}`
    const called = name === null ? '' : ` as the account ${plainText(name)}`
    return `The key ending in ${ending} works: ${pods}${money}. It is saved for ${host} in ${path}${called}, as plain text that only you can read. To remove it, run podkeeper logout.${note}`
  },
  nameLength: `A name must have 1 to ${MAX_ACCOUNT_NAME} characters.`,
  nameReserved: (name: string) => `"${name}" is reserved for the key in RUNPOD_API_KEY.`,
  sameAccount: (keyEnding: string) =>
    ` It belongs to the same account as the key ending in ${plainText(keyEnding)}, so the rules of that account apply.`,
  otherAccount: ' It belongs to a different account than the earlier keys, so it starts without rules.',
  accountUnknown: (keyEnding: string) =>
    `Runpod doesn’t say whether this key belongs to the same account as the key ending in ${plainText(keyEnding)}. If it does, run podkeeper login --same-account; if not, podkeeper login --other-account. Nothing was saved.`,
  askSameAccount: (keyEnding: string) =>
    `Is this the same Runpod account as that of the key ending in ${plainText(keyEnding)}? If so, its rules and costs carry over. (y/n) `,
  askKey: (host: string) => `API key for ${host} (hidden): `,
  notAHubifyKey:
    'That doesn’t look like a Hubify API key. Copy one from Hubify (Settings, API Keys). Nothing was saved.',
  oneLabOnly: 'A name can be given to one lab only. Choose it with --lab. Nothing was saved.',
  tooManyLabs: `You can have up to ${MAX_ACCOUNTS} accounts. Choose fewer labs with --lab, or remove an account first. Nothing was saved.`,
  savedForLabs(ending: string, labs: readonly string[], host: string, path: string): string {
    const names = labs.map((name) => plainText(name)).join(', ')
    const what = labs.length === 1 ? `the lab ${names}` : `${labs.length} labs: ${names}`
    return `The key ending in ${ending} works for ${what}. It is saved for ${host} in ${path}, as plain text that only you can read. To remove it, run podkeeper logout --account LAB.`
  },
} as const

interface SavedKey {
  readonly ending: string
  readonly podCount: number
  /** Null where the key can’t read it. */
  readonly balanceUsd: number | null
  readonly host: string
  readonly path: string
  readonly name: string | null
  readonly note: string
}
