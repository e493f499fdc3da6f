import type { PauseStore } from '../../core/alerts/alert-pause'
import type { AccountRecord, Config } from '../../core/settings/config-schema'
import type { AccountGuard, GuardStore } from '../../core/pod-rules/pod-rules'
import { parseGuard, withGuard } from '../../core/pod-rules/pod-rules-codec'
import { fail, type Result } from '../../core/base/result'
import {
  changeSettings,
  parseSettings,
  type SettingRefusal,
  type Settings,
} from '../../core/settings/settings'
import { type ConfigFile, openConfigFile } from './config-file'
import type { Log } from '../lifecycle/log'

/** What the app keeps between runs, in `config.json` of the user's folder. */
export interface AppStore {
  /** Where it lies, for people. */
  readonly path: string
  /** As they are now, an edit of the file included. */
  settings(): Settings
  /** All of `changes`, or none; `undefined` stands for the default. Ok: they are on disk. */
  changeSettings(changes: Readonly<Record<string, unknown>>): Result<void, readonly SettingRefusal[]>
  /** Calls back with the settings before and after every change, by whomever; returns what unsubscribes. */
  onSettings(listener: (settings: Settings, before: Settings) => void): () => void
  /** Takes what was odd about the file, for people, since the last time. */
  takeProblems(): readonly string[]
  readonly alertPause: PauseStore
  readonly guards: GuardStore
  account(): AccountRecord | null
  /** Ok: it is on disk, and with `null` the key is erased there. */
  saveAccount(account: AccountRecord | null): Result<void, string>
}

/** Opens the store; see `openConfigFile` for what happens to a file that cannot be read. */
export function openStore(userData: string, nowMs: () => number, log: Pick<Log, 'warn'>): AppStore {
  const problems: string[] = []
  const told = new Set<string>()
  const tell = (text: string): void => {
    if (!told.has(text)) problems.push(text)
    told.add(text)
  }
  const file = openConfigFile(userData, nowMs, tell, log)
  const listeners = new Set<(settings: Settings, before: Settings) => void>()
  let parsedFrom: Config['settings'] = file.read().settings
  let current = parse(parsedFrom)

  function parse(given: Config['settings']): Settings {
    const parsed = parseSettings(given)
    parsed.problems.forEach(tell)
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
      const changed = changeSettings(settings(), changes)
      if (!changed.ok) return changed
      const written = file.update((config) => ({ ...config, settings: merged(config.settings, changes) }))
      if (!written.ok)
        return fail(Object.keys(changes).map((name) => ({ name, reason: `Not changed: ${written.error}.` })))
      settings()
      return written
    },
    onSettings(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    takeProblems: () => problems.splice(0),
    alertPause: createPauseStore(file, log),
    guards: createGuardStore(file, tell),
    account: () => file.read().account,
    saveAccount: (account) => file.update((config) => ({ ...config, account })),
  }
}

/** A setting at its default is not written, so that it follows the default of another version. */
function merged(given: Config['settings'], changes: Readonly<Record<string, unknown>>): Config['settings'] {
  return Object.fromEntries(
    Object.entries({ ...given, ...changes }).filter(([, value]) => value !== undefined),
  )
}

/** A pause holds for the run even when the disk is full. */
function createPauseStore(file: ConfigFile, log: Pick<Log, 'warn'>): PauseStore {
  return {
    load() {
      const untilMs = file.read()['alertsPausedUntilMs']
      return typeof untilMs === 'number' && Number.isFinite(untilMs) ? untilMs : null
    },
    save(untilMs) {
      const written = file.update((config) => ({ ...config, alertsPausedUntilMs: untilMs }))
      if (!written.ok) log.warn(`The pause of the alerts could not be written down: ${written.error}`)
    },
  }
}

/** What cannot be read is told once; what cannot be written is refused. */
function createGuardStore(file: ConfigFile, tell: (text: string) => void): GuardStore {
  let parsedFrom: Config['guards'] | null = null
  let parsed: { readonly accountId: string; readonly guard: AccountGuard } | null = null
  return {
    load(accountId) {
      const { guards } = file.read()
      if (parsed !== null && parsedFrom === guards && parsed.accountId === accountId) return parsed.guard
      const { guard, problems } = parseGuard(guards, accountId)
      problems.forEach(tell)
      parsedFrom = guards
      parsed = { accountId, guard }
      return guard
    },
    save: (accountId, guard) =>
      file.update((config) => ({ ...config, guards: withGuard(config.guards, accountId, guard) })),
  }
}
