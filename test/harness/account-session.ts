import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import { type AccountRecord, inOrder, knownAccountsOf } from '../../src/core/settings/account-record'
import {
  type AppConfig,
  emptyConfig,
  withAccount,
  withoutAccount,
} from '../../src/core/settings/config-schema'
import type { Alert } from '../../src/core/alerts/alert'
import { fail, ok, type Result } from '../../src/core/base/result'
import { defaultSettings, type Settings } from '../../src/core/settings/settings'
import type { Snapshot } from '../../src/core/view/snapshot'
import { createPollSpread } from '../../src/core/polling/poll-spread'
import { createListeners } from '../../src/core/base/listeners'
import { createNotices } from '../../src/core/view/notices'
import { createSystemClock } from '../../src/node/clock'
import { openJournal } from '../../src/node/data-folder/journal'
import type { Keyring } from '../../src/main/account/key/keyring'
import { createAccountSession } from '../../src/main/account/account-session'
import type { AccountSession } from '../../src/main/account/account-session-types'
import type { AccountSessionOptions } from '../../src/main/account/account-session-options'
import { createMemoryAccountRules } from '../../src/node/in-memory/memory-account-rules'
import type { AppStore } from '../../src/main/settings/app-store'
import { createMemoryAuditLog } from '../../src/node/in-memory/memory-audit-log'
import { createMemoryLedgerFiles } from '../../src/node/data-folder/ledger-files'
import { createMemoryAlertHistory } from '../../src/node/in-memory/memory-alert-history'
import {
  createSimulator,
  FULL_KEY,
  type Simulator,
  type SimulatorOptions,
} from '../../src/simulator/simulator'

/** A simulated Runpod with running pods of these names. */
export const runpodWith = (...names: string[]): Promise<Simulator> =>
  startRunpod({ pods: names.map((name) => ({ name, id: name, mode: 'training' })) })

/** A simulated Runpod, without pods unless it gets some. */
export async function startRunpod(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const runpod = await createSimulator({ seed: 1, pods: [], ...options })
  onTestFinished(() => runpod.close())
  return runpod
}

/** A keyring that returns the full key, except for `answers`. */
export function keyring(answers: {
  encrypt?: Result<string, string>
  decrypt?: Result<{ text: string; isOutdated: boolean }, string>
}): Keyring {
  const { encrypt = ok('eA=='), decrypt = ok({ text: FULL_KEY, isOutdated: false }) } = answers
  return {
    storage: 'system-keyring',
    encrypt: () => Promise.resolve(encrypt),
    decrypt: () => Promise.resolve(decrypt),
  }
}

export function fakeStore(
  settings: () => Settings,
  state: { config: AppConfig } = { config: emptyConfig },
): AppStore {
  return {
    path: 'config.json',
    settings,
    changeSettings: () => ok(undefined),
    onSettings: () => () => {},
    drainProblems: () => [],
    alertPause: { load: () => null, save: () => {} },
    accountRules: createMemoryAccountRules(),
    accounts: () => state.config.accounts,
    knownAccounts: () => knownAccountsOf(state.config),
    saveAccount: (record, apiAccountId, replacedId) => {
      state.config = withAccount(state.config, record, apiAccountId, replacedId)
      return ok(undefined)
    },
    removeAccount: (id) => {
      state.config = withoutAccount(state.config, id)
      return ok(undefined)
    },
    orderAccounts: (ids) => {
      state.config = { ...state.config, accounts: inOrder(state.config.accounts, ids) }
      return ok(undefined)
    },
  }
}

function fakeAuditLog(): AccountSessionOptions['auditLog'] {
  const listeners = createListeners()
  const log = createMemoryAuditLog(listeners.notify)
  return {
    logForAccount: () => log,
    logForProgram: () => log,
    endDemo: () => {},
    recordRemoval: () => {},
    recordChange: () => {},
    view: () => log.view(),
    onChange: listeners.add,
  }
}

export interface Bench {
  readonly session: AccountSession
  readonly snapshots: Snapshot[]
  readonly journalPath: string
  clipboard: string
  readonly clipboardReads: number
  /** Titles of what was asked in main's own window. */
  readonly questions: readonly string[]
  /** Whether the person agrees to what is asked there. */
  isAgreed: boolean
  readonly account: AccountRecord | null
  readonly store: AppStore
}

/** The session of the app, with everything real but keyring, notifications and files. */
export function bench(
  changes: Partial<AccountSessionOptions> = {},
  account: AccountRecord | null = null,
): Bench {
  const clock = createSystemClock()
  const journalPath = join(mkdtempSync(join(tmpdir(), 'podkeeper-session-')), 'intents.jsonl')
  const snapshots: Snapshot[] = []
  const questions: string[] = []
  const person = { clipboardReads: 0, isAgreed: true }
  const state = {
    clipboard: '',
    config: { ...emptyConfig, accounts: account === null ? [] : [account] } as AppConfig,
  }
  const store = changes.store ?? fakeStore(() => defaultSettings, state)
  const session = createAccountSession({
    clock,
    store,
    journal: openJournal(journalPath, clock.now().wallMs),
    keyring: keyring({ encrypt: fail('none'), decrypt: fail('none') }),
    notices: createNotices(),
    auditLog: fakeAuditLog(),
    notifier: { show: async (_alert: Alert) => 'shown' },
    openLedgerFiles: createMemoryLedgerFiles,
    recordedPodIds: () => [],
    proxyEnvironment: {},
    alertHistory: createMemoryAlertHistory(),
    mayAnnounce: () => true,
    log: { warn: () => {}, hide: () => {} },
    version: '0.0.0',
    hosts: 'loopback-only',
    pollSpread: createPollSpread(clock),
    baseUrl: undefined,
    hasTerminalInput: () => false,
    alertsPausedUntilMs: () => null,
    readClipboard: () => {
      person.clipboardReads += 1
      return Promise.resolve(state.clipboard)
    },
    ask: (question) => {
      questions.push(question.text.title)
      return Promise.resolve(ok(person.isAgreed ? '' : null))
    },
    onAccountChange: () => {},
    ...changes,
  })
  session.subscribe((snapshot) => snapshots.push(snapshot))
  onTestFinished(() => session.dispose())
  return {
    questions,
    get clipboardReads() {
      return person.clipboardReads
    },
    get isAgreed() {
      return person.isAgreed
    },
    set isAgreed(isAgreed) {
      person.isAgreed = isAgreed
    },
    session,
    snapshots,
    journalPath,
    store,
    get clipboard() {
      return state.clipboard
    },
    set clipboard(text) {
      state.clipboard = text
    },
    get account() {
      return store.accounts()[0] ?? null
    },
  }
}

export const connected = (session: AccountSession) =>
  vi.waitFor(() => expect(session.snapshot().connection.kind).toBe('live'))
