import { join } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { type KnownAccount, knownAccountsOf } from '../../core/settings/account-identity'
import type { AccountRecord } from '../../core/settings/account-record'
import { emptyConfig, MAX_CONFIG_BYTES, parseConfig } from '../../core/settings/config-schema'
import { parseAccountRules } from '../../core/pod-rules/pod-rules-codec'
import { type AccountRules, emptyAccountRules } from '../../core/pod-rules/pod-rules'
import { ok } from '../../core/base/result'
import { wasJustWritten } from '../../node/data-folder/files/file-stamp'
import { readDataFile } from '../../node/data-folder/files/read-data-file'
import { parseSettings, type Settings } from '../../core/settings/settings'
import { dataFolderText } from './account-text'

/** Files of the data folder. Files owned by the app are only read here, except those that the lock protects. */
export const dataFiles = (folder: string) => ({
  config: join(folder, 'config.json'),
  journal: join(folder, 'intents.jsonl'),
  creates: join(folder, 'creates.jsonl'),
  key: join(folder, 'cli-key.json'),
  activity: join(folder, 'activity'),
  hostKeys: join(folder, 'host-keys.json'),
})

export interface CliConfig {
  readonly settings: Settings
  /** The accounts that the app has, in the person's order. */
  readonly appAccounts: readonly AccountRecord[]
  /** User-facing text on problems with the file. */
  readonly problems: readonly string[]
  /**
   * The id under which the app stores the account of this key: derived from the key, unless the key replaced another
   * one.
   */
  accountIdFor(keyId: string): string
  /** The accounts that the app watched, the latest last. */
  readonly accounts: readonly KnownAccount[]
  /** False: `config.json` can't be read, so that all of this is what a new folder has. */
  readonly isRead: boolean
  rulesOf(accountId: string): AccountRules
  /** The pods for which rules of the account are stored. */
  rulePodIds(accountId: string): readonly string[]
}

const RETRY_MS = 50
/** For one that is written again and again. */
const GIVE_UP_MS = 5_000

/**
 * The app's settings, which also apply here; defaults if there are none. Another program that writes the file right now
 * is waited for.
 */
export function readConfig(path: string): CliConfig {
  const giveUpAtMs = performance.now() + GIVE_UP_MS
  let { problem, read } = readOnce(path)
  while (!read.ok && wasJustWritten(path, Date.now()) && performance.now() < giveUpAtMs) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS)
    ;({ problem, read } = readOnce(path))
  }
  const { settings, problems } = parseSettings(read.ok ? read.value.settings : {})
  const accounts = read.ok ? knownAccountsOf(read.value) : []
  const rulesOf = (accountId: string): AccountRules =>
    read.ok ? parseAccountRules(read.value.guards, accountId).rules : emptyAccountRules
  const readProblem = problem ?? (read.ok ? null : read.error)
  return {
    settings,
    appAccounts: read.ok ? read.value.accounts : [],
    problems: [
      ...(readProblem === null ? [] : [dataFolderText.configUnread(path, readProblem)]),
      ...problems,
    ],
    accountIdFor: (keyId) =>
      accounts.find((account) => account.keyId === keyId || account.id === keyId)?.id ?? keyId,
    accounts,
    isRead: read.ok && readProblem === null,
    rulesOf,
    rulePodIds: (accountId) => Object.keys(rulesOf(accountId).pods),
  }
}

function readOnce(path: string) {
  const { text, problem } = readText(path)
  return { problem, read: text === null ? ok(emptyConfig) : parseConfig(text) }
}

/** Without a text, `problem` says why the file is unreadable; it is null if there is no file. */
function readText(path: string): { text: string | null; problem: string | null } {
  try {
    return { text: readDataFile(path, MAX_CONFIG_BYTES), problem: null }
  } catch (cause) {
    return { text: null, problem: errorText(cause) }
  }
}
