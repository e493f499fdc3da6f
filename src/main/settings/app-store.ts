import type { PauseStore } from '../../core/alerts/alert-pause'
import { type KnownAccount, knownAccountsOf } from '../../core/settings/account-identity'
import { type AccountRecord, inOrder } from '../../core/settings/account-record'
import { type AppConfig, withAccount, withoutAccount } from '../../core/settings/config-schema'
import type { AccountRulesStore } from '../../core/pod-rules/pod-rules'
import type { Result } from '../../core/base/result'
import { parseSettings, type SettingError, type Settings } from '../../core/settings/settings'
import { createParsedRules } from '../../node/data-folder/parsed-rules'
import { rulesUpdater, type UpdateConfig, updateSettings } from '../../node/data-folder/update-config'
import { type ConfigFile, openConfigFile } from './config-file'
import { parseSnippets, type Snippet } from '../../core/terminal/snippets'
import { parseWindowBounds, type WindowBounds } from '../../core/view/window/window-bounds'
import type { Log } from '../lifecycle/log'
import { settingsText } from './settings-text'

/** The data that the app persists in `config.json` of the user's folder. */
export interface AppStore {
  /** The path of the file, for display. */
  readonly path: string
  /** The current settings, including manual edits of the file. */
  settings(): Settings
  /** Applies all of `changes` or none; `undefined` stands for the default. Ok means that they are on disk. */
  changeSettings(changes: Readonly<Record<string, unknown>>): Result<void, readonly SettingError[]>
  /** Changes the whole content. */
  readonly update: UpdateConfig
  /**
   * Calls `listener` with the settings before and after every change, from any source; returns a function
   * that unsubscribes.
   */
  onSettings(listener: (settings: Settings, before: Settings) => void): () => void
  /** Returns new problems with the file since the last call, for display. */
  drainProblems(): readonly string[]
  readonly alertPause: PauseStore
  readonly snippets: SnippetStore
  readonly terminalBounds: BoundsStore
  readonly accountRules: AccountRulesStore
  /** In the person's order. */
  accounts(): readonly AccountRecord[]
  /** See `knownAccountsOf`. */
  knownAccounts(): readonly KnownAccount[]
  /**
   * Adds or replaces the account, in the place of `replacedId` if it is given. Ok means that it is on disk.
   * `apiAccountId`: the account's id at the API; null: as known before.
   */
  saveAccount(account: AccountRecord, apiAccountId: string | null, replacedId?: string): Result<void, string>
  /** Removes the account and erases its key, from backups too. What else is known of it stays. */
  removeAccount(accountId: string): Result<void, string>
  /** Those that are missing come last. */
  orderAccounts(accountIds: readonly string[]): Result<void, string>
}

/** Where the last window of terminals was. */
export interface BoundsStore {
  load(): WindowBounds | null
  save(bounds: WindowBounds): void
}

export interface SnippetStore {
  load(): readonly Snippet[]
  save(snippets: readonly Snippet[]): Result<void, string>
}

/** Opens the store. See `openConfigFile` for the handling of unreadable files. */
export function openAppStore(userData: string, nowMs: () => number, log: Pick<Log, 'warn'>): AppStore {
  const problems: string[] = []
  const reportedProblems = new Set<string>()
  const reportProblem = (text: string): void => {
    if (!reportedProblems.has(text)) problems.push(text)
    reportedProblems.add(text)
  }
  const file = openConfigFile(userData, nowMs, reportProblem, log)
  const listeners = new Set<(settings: Settings, before: Settings) => void>()
  let parsedFrom: AppConfig['settings'] = file.read().settings
  let current = parse(parsedFrom)

  function parse(given: AppConfig['settings']): Settings {
    const parsed = parseSettings(given)
    parsed.problems.forEach(reportProblem)
    return parsed.settings
  }

  function settings(): Settings {
    const given = file.read().settings
    if (given === parsedFrom) return current
    const before = current
    parsedFrom = given
    current = parse(given)
    if (JSON.stringify(before) !== JSON.stringify(current))
      for (const listener of listeners) listener(current, before)
    return current
  }

  return {
    path: file.path,
    settings,
    changeSettings(changes) {
      const changed = updateSettings(settings(), changes, file.update)
      if (changed.ok) settings()
      return changed
    },
    update(change) {
      const written = file.update(change)
      if (written.ok) settings()
      return written
    },
    onSettings(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    drainProblems: () => problems.splice(0),
    alertPause: createPauseStore(file, log),
    snippets: {
      load: () => parseSnippets(file.read()['snippets']),
      save: (snippets) => file.update((config) => ({ ...config, snippets })),
    },
    terminalBounds: {
      load: () => parseWindowBounds(file.read()['terminalWindow']),
      // If it can't be written, only the next run doesn't know.
      save: (bounds) => void file.update((config) => ({ ...config, terminalWindow: bounds })),
    },
    accountRules: createAccountRulesStore(file, reportProblem),
    accounts: () => file.read().accounts,
    knownAccounts: () => knownAccountsOf(file.read()),
    saveAccount: (account, apiAccountId, replacedId) =>
      file.update((config) => withAccount(config, account, apiAccountId, replacedId)),
    removeAccount: (accountId) => file.update((config) => withoutAccount(config, accountId)),
    orderAccounts: (accountIds) =>
      file.update((config) => ({ ...config, accounts: inOrder(config.accounts, accountIds) })),
  }
}

/** A pause is effective for this run even when the disk is full. */
function createPauseStore(file: ConfigFile, log: Pick<Log, 'warn'>): PauseStore {
  return {
    load() {
      const untilMs = file.read()['alertsPausedUntilMs']
      return typeof untilMs === 'number' && Number.isFinite(untilMs) ? untilMs : null
    },
    save(untilMs) {
      const written = file.update((config) => ({ ...config, alertsPausedUntilMs: untilMs }))
      if (!written.ok) log.warn(settingsText.pauseNotSaved(written.error))
    },
  }
}

/** Unreadable rules are reported once; rules that cannot be written are rejected. */
function createAccountRulesStore(file: ConfigFile, reportProblem: (text: string) => void): AccountRulesStore {
  const rulesOf = createParsedRules(reportProblem)
  return {
    load: (accountId) => rulesOf(file.read().guards, accountId),
    update: rulesUpdater(file.update),
  }
}
