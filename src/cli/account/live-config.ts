import { errorText } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import { type AccountRulesStore, emptyAccountRules } from '../../core/pod-rules/pod-rules'
import type { AccountRecord } from '../../core/settings/account-record'
import {
  type AppConfig,
  emptyConfig,
  MAX_CONFIG_BYTES,
  parseConfig,
  serializeConfig,
} from '../../core/settings/config-schema'
import { parseSettings, type SettingError, type Settings } from '../../core/settings/settings'
import { fileStamp, SETTLE_MS, wasJustWritten } from '../../node/data-folder/files/file-stamp'
import { readDataFile } from '../../node/data-folder/files/read-data-file'
import { replaceFile } from '../../node/data-folder/files/replace-file'
import { createParsedRules } from '../../node/data-folder/parsed-rules'
import { unansweredAccountRules } from '../../node/in-memory/memory-files'
import {
  rulesUpdater,
  updateConfig,
  updateSettings,
  type UpdateConfig,
} from '../../node/data-folder/update-config'
import { dataFolderText } from './account-text'
import { dataFiles } from './config'

/** The present content of `config.json`, read again when it changed, because a watch may run for days. */
export interface LiveConfig {
  settings(): Settings
  /** Applies all of `changes` or none; `undefined` stands for the default. Ok means that they are on disk. */
  changeSettings(changes: Readonly<Record<string, unknown>>): Result<void, readonly SettingError[]>
  readonly update: UpdateConfig
  readonly accountRules: AccountRulesStore
  /** What the app keeps of an account, as it was read last; null: nothing. */
  record(accountId: string): AccountRecord | null
}

export interface LiveConfigOptions {
  readonly folder: string
  readonly nowMs: () => number
  /** Whether this process may write to the data folder, checked now; the error is a sentence. */
  readonly mayWrite: () => Result<void, string>
  /** Problems that the user knows already. */
  readonly reportedProblems: readonly string[]
  readonly report: (text: string) => void
}

/**
 * While the file is unreadable, the user's rules are unknown, so nothing is auto-stopped, and nothing is written. What
 * was read before holds while another program may be in the middle of writing the file.
 */
export function openLiveConfig({ folder, nowMs, mayWrite, ...options }: LiveConfigOptions): LiveConfig {
  const path = dataFiles(folder).config
  /** Of the content that was judged; before the first one, and while the file is being written, of none. */
  let stamp: string | null | undefined
  let config: AppConfig | null = emptyConfig
  let isKnown = false
  let missingSinceMs: number | null = null
  let settings: Settings = parseSettings({}).settings
  let accounts: readonly AccountRecord[] = []
  const reported = new Set(options.reportedProblems)

  function reportOnce(text: string): void {
    if (!reported.has(text)) options.report(text)
    reported.add(text)
  }

  function reloadIfChanged(): void {
    const currentStamp = fileStamp(path)
    if (currentStamp === stamp) return
    missingSinceMs = currentStamp === null ? (missingSinceMs ?? nowMs()) : null
    const present = readConfigFile(path)
    if (isBeingWritten(present.ok)) {
      if (!isKnown) config = null
      return
    }
    stamp = currentStamp
    isKnown = true
    if (!present.ok) reportOnce(dataFolderText.configUnusable(path, present.error))
    config = present.ok ? present.value : null
    if (config === null) return
    accounts = config.accounts
    const parsed = parseSettings(config.settings)
    settings = parsed.settings
    parsed.problems.forEach(reportOnce)
  }

  /** Some editors write a file in parts, others replace it by a new one. */
  function isBeingWritten(isUsable: boolean): boolean {
    if (missingSinceMs !== null) return isKnown && Math.abs(nowMs() - missingSinceMs) < SETTLE_MS
    return !isUsable && wasJustWritten(path, nowMs())
  }

  const update: UpdateConfig = (change) => {
    const permission = mayWrite()
    if (!permission.ok) return fail(permission.error.replace(/\.$/, ''))
    const access = {
      read: () => readConfigFile(path),
      write: (next: AppConfig) => replaceFile(path, serializeConfig(next)),
    }
    const updated = updateConfig(folder, access, change)
    return updated.ok ? ok(undefined) : updated
  }

  const updateRules = rulesUpdater(update)
  const rulesOf = createParsedRules(reportOnce)

  function record(accountId: string): AccountRecord | null {
    reloadIfChanged()
    return accounts.find(({ id }) => id === accountId) ?? null
  }

  /** Whether the app asks if this is an earlier account. */
  const isAskedAbout = (accountId: string): boolean => record(accountId)?.possibleAccountId !== undefined

  function currentSettings(): Settings {
    reloadIfChanged()
    return settings
  }

  return {
    record,
    update,
    settings: currentSettings,
    changeSettings: (changes) => updateSettings(currentSettings(), changes, update),
    accountRules: {
      load(accountId) {
        reloadIfChanged()
        if (config === null || isAskedAbout(accountId)) return emptyAccountRules
        return rulesOf(config.guards, accountId)
      },
      update: (accountId, change) =>
        isAskedAbout(accountId)
          ? unansweredAccountRules.update(accountId, change)
          : updateRules(accountId, change),
    },
  }
}

function readConfigFile(path: string): Result<AppConfig, string> {
  try {
    const text = readDataFile(path, MAX_CONFIG_BYTES)
    return text === null ? ok(emptyConfig) : parseConfig(text)
  } catch (cause) {
    return fail(errorText(cause))
  }
}
