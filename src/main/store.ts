import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import Store from 'electron-store'
import * as v from 'valibot'
import { parseMarks } from '../core/alerts'
import type { MarkStore } from '../core/ports'
import type { Settings } from '../core/settings'
import { parseSettings } from '../core/settings'
import type { Log } from './log'

/** The account that was connected last. The key is here only as the system keyring encrypted it. */
export interface AccountRecord {
  readonly id: string
  readonly baseUrl: string
  /** The key's last four characters. */
  readonly keyEnding: string
  /** Base64; null: the key was kept for its session only. */
  readonly encryptedKey: string | null
}

const accountSchema = v.object({
  id: v.string(),
  baseUrl: v.string(),
  keyEnding: v.string(),
  encryptedKey: v.nullable(v.string()),
})

export interface AppStore {
  settings(): Settings
  /** For people: what was odd about the file. */
  readonly problems: readonly string[]
  readonly marks: MarkStore
  account(): AccountRecord | null
  saveAccount(account: AccountRecord | null): void
}

/** Opens `config.json` of the user's folder; one that cannot be read is set aside, and said to be. */
export function openStore(userData: string, nowMs: number, log: Pick<Log, 'warn'>): AppStore {
  const problems: string[] = []
  const store = open(userData, nowMs, problems)
  const parsed = parseSettings(store.get('settings'))
  problems.push(...parsed.problems)
  return {
    settings: () => parsed.settings,
    problems,
    marks: createMarkStore(store, log),
    account() {
      const account = v.safeParse(accountSchema, store.get('account'))
      return account.success ? account.output : null
    },
    saveAccount: (account) => store.set('account', account),
  }
}

/** What was announced is remembered for the run even when the disk is full: else it would be said at every turn. */
function createMarkStore(store: Store, log: Pick<Log, 'warn'>): MarkStore {
  let kept = parseMarks(store.get('alertMarks'))
  return {
    load: () => kept,
    save(marks) {
      kept = marks
      try {
        store.set('alertMarks', marks)
      } catch (cause) {
        log.warn('What was announced could not be written down', cause)
      }
    },
  }
}

function open(userData: string, nowMs: number, problems: string[]): Store {
  const options = { cwd: userData, name: 'config', configFileMode: 0o600 }
  try {
    return new Store(options)
  } catch {
    const path = join(userData, 'config.json')
    const aside = `${path}.unreadable-${nowMs}`
    if (existsSync(path)) renameSync(path, aside)
    problems.push(`The settings could not be read and begin anew; the old file is kept as ${aside}.`)
    return new Store(options)
  }
}
