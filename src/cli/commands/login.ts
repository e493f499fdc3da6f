import type { ReadStream } from 'node:tty'
import * as v from 'valibot'
import { formatUsd } from '../../core/base/format'
import { plainText } from '../../core/base/plain-text'
import { parseApiKey } from '../../core/settings/api-key'
import type { Provider } from '../../core/pods/provider'
import {
  accountNameSchema,
  freeName,
  MAX_ACCOUNT_NAME,
  MAX_ACCOUNTS,
  nameProblem,
} from '../../core/settings/account-record'
import { ENVIRONMENT } from '../account/account'
import { CliExit, exitCodes } from '../output/exit'
import type { NamedAccount } from '../output/json'
import { writeStoredKey } from '../account/key-file'
import { CTRL_C, onKey } from '../output/terminal'
import { type KeyEvidence, type KnownAccount, matchAccount } from '../../core/settings/account-identity'
import { accountIdOf } from '../../node/account-id'

const MAX_INPUT_CHARS = 100_000

export interface LoginOptions {
  readonly text: string
  readonly baseUrl: URL
  readonly path: string
  readonly createProvider: (key: string) => Provider
  /** What the person calls the account; null: as before, or a name that is free. */
  readonly name: string | null
  /** The kept keys and the app's accounts, as they are called. */
  readonly named: readonly NamedAccount[]
  /** The accounts that the key may belong to. */
  readonly accounts: readonly KnownAccount[]
  readonly podIdsOf: (accountId: string) => ReadonlySet<string>
  /** Said beforehand: whether it belongs to an earlier account; null: not said. */
  readonly isSameAccount: boolean | null
  /** Whether the key belongs to this account, as the person says; null: nobody can be asked. */
  readonly askSameAccount: (account: KnownAccount) => Promise<boolean | null>
}

export interface Login {
  /** The message to print. */
  readonly message: string
  readonly account: NamedAccount
}

/** Verifies the key and saves it in a file that only its owner can read. */
export async function login(options: LoginOptions): Promise<Login> {
  const { text, baseUrl, path, named } = options
  const key = parseApiKey(text)
  if (key === null)
    throw new CliExit(
      exitCodes.noKey,
      'That doesn’t look like an API key. Copy one from Runpod (Settings, API Keys). Nothing was saved.',
    )
  const provider = options.createProvider(key)
  const list = await provider.listPods()
  if (!list.ok) {
    const { kind, message } = list.error
    const isRefused = kind === 'unauthorized' || kind === 'forbidden'
    const reason =
      kind === 'unauthorized'
        ? 'Runpod does not accept this key.'
        : kind === 'forbidden'
          ? 'The key is valid but has no permission to read pods.'
          : kind === 'unreadable'
            ? 'Something between you and Runpod, such as a proxy, answered instead, so the key could not be checked.'
            : 'The key could not be checked.'
    throw new CliExit(
      isRefused ? exitCodes.noKey : exitCodes.unreachable,
      `${reason} ${message} Nothing was saved.`,
    )
  }
  const [balance, apiAccount] = await Promise.all([provider.readBalance?.(), provider.readAccountId?.()])
  const keyId = accountIdOf(baseUrl, key)
  const apiAccountId = apiAccount?.ok ? apiAccount.value : null
  const podIds = list.value.pods.map(({ id }) => id)
  const { accountId, note } = await chooseAccount(
    { keyId, baseUrl: baseUrl.href, apiAccountId, podIds },
    options,
  )
  const isNew = !named.some(({ id }) => id === accountId)
  const name = options.name ?? named.find(({ id }) => id === accountId)?.name ?? freeName(named)
  const problem = options.name === null ? null : newNameProblem(named, accountId, options.name)
  if (problem !== null) throw new CliExit(exitCodes.usage, `${problem} Nothing was saved.`)
  if (isNew && named.length >= MAX_ACCOUNTS)
    throw new CliExit(
      exitCodes.failed,
      `There are already ${MAX_ACCOUNTS} accounts, which is the maximum. Remove one first. Nothing was saved.`,
    )
  writeStoredKey(path, {
    baseUrl: baseUrl.href,
    key,
    accountId,
    ...(apiAccountId !== null && { apiAccountId }),
    name,
  })
  const pods = list.value.pods.length === 1 ? '1 pod' : `${list.value.pods.length} pods`
  const money = balance?.ok ? `, balance ${formatUsd(balance.value.balanceUsd)}` : ''
  const others = named.filter(({ id }) => id !== accountId).length
  const called = others > 0 || options.name !== null ? ` as the account ${plainText(name)}` : ''
  return {
    account: { id: accountId, name },
    message: `The key ending in ${key.slice(-4)} works: ${pods}${money}. It is saved for ${baseUrl.host} in ${path}${called}, as plain text that only you can read. To remove it, run podkeeper logout.${note}`,
  }
}

/** Why an account cannot have this name, as a sentence; null when it can. */
export function newNameProblem(
  accounts: readonly NamedAccount[],
  accountId: string,
  name: string,
): string | null {
  if (!v.is(accountNameSchema, name)) return `A name must have 1 to ${MAX_ACCOUNT_NAME} characters.`
  if (name.trim().toLowerCase() === ENVIRONMENT)
    return `"${ENVIRONMENT}" is reserved for the key in RUNPOD_API_KEY.`
  return nameProblem(accounts, accountId, name.trim())
}

/** See docs/product-rules.md#12-unreliable-replies. */
async function chooseAccount(
  evidence: KeyEvidence,
  { accounts, podIdsOf, isSameAccount, askSameAccount }: LoginOptions,
): Promise<{ readonly accountId: string; readonly note: string }> {
  // What is said now goes before what was found out for this key earlier.
  const others = accounts.filter(({ id, keyId }) => ![id, keyId].includes(evidence.keyId))
  const match = matchAccount(evidence, isSameAccount === null ? accounts : others, podIdsOf)
  // Runpod and the pods know better than the person.
  if (match.kind === 'known') {
    const { id, keyEnding } = match.account
    const note = ` It belongs to the same account as the key ending in ${plainText(keyEnding)}, so the rules of that account apply.`
    return { accountId: id, note: isSameAccount === false ? note : '' }
  }
  if (match.kind === 'new') {
    const note = ' It belongs to a different account than the earlier keys, so it starts without rules.'
    return { accountId: evidence.keyId, note: isSameAccount === true ? note : '' }
  }
  const isSame = isSameAccount ?? (await askSameAccount(match.candidate))
  if (isSame === null)
    throw new CliExit(
      exitCodes.failed,
      `Runpod doesn't say whether this key belongs to the same account as the key ending in ${plainText(match.candidate.keyEnding)}. If it does, run podkeeper login --same-account; if not, podkeeper login --other-account. Nothing was saved.`,
    )
  return { accountId: isSame ? match.candidate.id : evidence.keyId, note: '' }
}

/** Asks on a terminal whether the key belongs to the account of an earlier key. */
export function promptSameAccount(
  keyboard: ReadStream,
  { keyEnding }: KnownAccount,
  prompt: (text: string) => void,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const release = onKey(keyboard, (key) => {
      const answer = key.toLowerCase()
      if (answer === 'y' || answer === 'n') finish(answer, () => resolve(answer === 'y'))
      else if (key === CTRL_C)
        finish('', () => reject(new CliExit(exitCodes.interrupted, 'Nothing was saved.')))
    })
    prompt(
      `Is this the same Runpod account as that of the key ending in ${plainText(keyEnding)}? If so, its rules and costs carry over. (y/n) `,
    )
    const finish = (answer: string, settle: () => void): void => {
      release()
      prompt(`${answer}\n`)
      settle()
    }
  })
}

/** Reads the key for `host` from a terminal without echoing it, or the first line of stdin. */
export function readSecret(
  keyboard: ReadStream | null,
  host: string,
  prompt: (text: string) => void,
): Promise<string> {
  return keyboard === null ? readLine(process.stdin) : promptSecret(keyboard, host, prompt)
}

function promptSecret(keyboard: ReadStream, host: string, prompt: (text: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = ''
    const release = onKey(keyboard, (key) => {
      if (key === '\r' || key === '\n' || key === '\u0004') finish(() => resolve(typed))
      else if (key === CTRL_C) finish(() => reject(new CliExit(exitCodes.interrupted, 'Nothing was saved.')))
      else if (key === '\u007f' || key === '\b') typed = typed.slice(0, -1)
      else if (key === '\u0015') typed = ''
      else if (key >= ' ') typed += key
    })
    // Only now, because the terminal echoes what is typed before the keyboard is read key by key.
    prompt(`API key for ${host} (hidden): `)
    const finish = (settle: () => void): void => {
      release()
      prompt('\n')
      settle()
    }
  })
}

async function readLine(input: NodeJS.ReadStream): Promise<string> {
  let text = ''
  for await (const chunk of input.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > MAX_INPUT_CHARS) break
  }
  return text.trim().split('\n')[0] ?? ''
}
