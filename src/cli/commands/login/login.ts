import * as v from 'valibot'
import type { StandardInput } from '../../output/cli-process'
import { parseApiKey } from '../../../core/settings/api-key'
import type { Provider } from '../../../core/pods/provider'
import { freeName, MAX_ACCOUNTS, nameProblem } from '../../../core/settings/account-record'
import { accountNameSchema } from '../../../core/settings/account-codec'
import { ENVIRONMENT } from '../../account/account'
import { CliExit, exitCodes } from '../../output/exit'
import type { NamedAccount } from '../../output/json'
import { nothingText, withNothing } from '../../output/nothing-text'
import { writeStoredKey } from '../../account/key-file'
import { keyProblemText } from '../../../core/settings/key-problem-text'
import { CTRL_C, onKey, type Keyboard } from '../../output/terminal'
import { promptHidden, readLines } from '../../output/prompt-hidden'
import { type KeyEvidence, type KnownAccount, matchAccount } from '../../../core/settings/account-identity'
import { accountIdOf } from '../../../node/account-id'
import { loginText } from './login-text'

const MAX_INPUT_CHARS = 100_000

export interface LoginCommandOptions {
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
  /** Given as an option: whether it belongs to an earlier account; null: not given. */
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
export async function login(options: LoginCommandOptions): Promise<Login> {
  const { text, baseUrl, path, named } = options
  const key = parseApiKey(text)
  if (key === null) throw new CliExit(exitCodes.noKey, loginText.notAKey)
  const provider = options.createProvider(key)
  const list = await provider.listPods()
  if (!list.ok) {
    const { kind } = list.error
    const isRefused = kind === 'unauthorized' || kind === 'forbidden'
    throw new CliExit(
      isRefused ? exitCodes.noKey : exitCodes.unreachable,
      withNothing(keyProblemText(list.error), 'saved'),
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
  if (problem !== null) throw new CliExit(exitCodes.usage, loginText.refused(problem))
  if (isNew && named.length >= MAX_ACCOUNTS) throw new CliExit(exitCodes.failed, loginText.tooMany)
  writeStoredKey(path, {
    baseUrl: baseUrl.href,
    key,
    accountId,
    ...(apiAccountId !== null && { apiAccountId }),
    name,
  })
  const hasOthers = named.some(({ id }) => id !== accountId)
  return {
    account: { id: accountId, name },
    message: loginText.saved({
      ending: key.slice(-4),
      podCount: podIds.length,
      balanceUsd: balance?.ok ? balance.value.balanceUsd : null,
      host: baseUrl.host,
      path,
      name: hasOthers || options.name !== null ? name : null,
      note,
    }),
  }
}

/** Why an account cannot have this name, as a sentence; null when it can. */
export function newNameProblem(
  accounts: readonly NamedAccount[],
  accountId: string,
  name: string,
): string | null {
  if (!v.is(accountNameSchema, name)) return loginText.nameLength
  if (name.trim().toLowerCase() === ENVIRONMENT) return loginText.nameReserved(ENVIRONMENT)
  return nameProblem(accounts, accountId, name.trim())
}

/** See docs/product-rules.md#12-unreliable-replies. */
async function chooseAccount(
  evidence: KeyEvidence,
  { accounts, podIdsOf, isSameAccount, askSameAccount }: LoginCommandOptions,
): Promise<{ readonly accountId: string; readonly note: string }> {
  // What is given now takes precedence over what was found out for this key earlier.
  const others = accounts.filter(({ id, keyId }) => ![id, keyId].includes(evidence.keyId))
  const match = matchAccount(evidence, isSameAccount === null ? accounts : others, podIdsOf)
  // Runpod and the pods know better than the person.
  if (match.kind === 'known') {
    const { id, keyEnding } = match.account
    const note = loginText.sameAccount(keyEnding)
    return { accountId: id, note: isSameAccount === false ? note : '' }
  }
  if (match.kind === 'new') {
    const note = loginText.otherAccount
    return { accountId: evidence.keyId, note: isSameAccount === true ? note : '' }
  }
  const isSame = isSameAccount ?? (await askSameAccount(match.candidate))
  if (isSame === null)
    throw new CliExit(exitCodes.failed, loginText.accountUnknown(match.candidate.keyEnding))
  return { accountId: isSame ? match.candidate.id : evidence.keyId, note: '' }
}

/** Asks on a terminal whether the key belongs to the account of an earlier key. */
export function promptSameAccount(
  keyboard: Keyboard,
  { keyEnding }: KnownAccount,
  prompt: (text: string) => void,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const release = onKey(keyboard, (key) => {
      const answer = key.toLowerCase()
      if (answer === 'y' || answer === 'n') finish(answer, () => resolve(answer === 'y'))
      else if (key === CTRL_C) finish('', () => reject(new CliExit(exitCodes.interrupted, nothingText.saved)))
    })
    prompt(loginText.askSameAccount(keyEnding))
    const finish = (answer: string, settle: () => void): void => {
      release()
      prompt(`${answer}\n`)
      settle()
    }
  })
}

/** Reads the key for `host` from a terminal without echoing it, or the first line of `stdin`. */
export async function readSecret(
  keyboard: Keyboard | null,
  stdin: StandardInput,
  host: string,
  prompt: (text: string) => void,
): Promise<string> {
  if (keyboard === null) return (await readLines(stdin, MAX_INPUT_CHARS))[0] ?? ''
  return promptHidden(keyboard, {
    question: loginText.askKey(host),
    canceled: nothingText.saved,
    prompt,
  })
}
