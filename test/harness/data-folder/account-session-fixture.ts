import { join } from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import { type AccountRecord, inOrder } from '../../../src/core/settings/account-record'
import { knownAccountsOf } from '../../../src/core/settings/account-identity'
import {
  type AppConfig,
  emptyConfig,
  withAccount,
  withoutAccount,
} from '../../../src/core/settings/config-schema'
import type { Alert, Notifier } from '../../../src/core/alerts/alert'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { defaultSettings, type Settings } from '../../../src/core/settings/settings'
import type { Monitor } from '../../../src/core/monitor/monitor-types'
import { showAccount } from '../../../src/core/view/merge-snapshots'
import type { Snapshot } from '../../../src/core/view/snapshot'
import type { PollSpread } from '../../../src/core/polling/poll-spread'
import { allAuditEntries } from '../../../src/core/audit-log/audit-log'
import { createListeners } from '../../../src/core/base/listeners'
import { createNotices } from '../../../src/core/view/notices'
import { createSystemClock } from '../../../src/node/clock'
import { openPodColorsFile } from '../../../src/node/data-folder/pod-colors-file'
import { openKeyUsageFile } from '../../../src/node/data-folder/key-usage-file'
import { openJournal } from '../../../src/node/data-folder/journal/journal'
import {
  openCreatesFile,
  openOutboxFile,
  openQueueFile,
  queuePath,
} from '../../../src/node/data-folder/journal/lazy-journal'
import type { FolderLock } from '../../../src/node/data-folder/lock/folder-lock'
import { createFolderHost } from '../../../src/node/host/folder-host'
import type { FolderHost } from '../../../src/node/host/host-types'
import type { UsageHistories } from '../../../src/node/usage-histories'
import { migratedFolder } from './migrated-folder'
import type { Keyring } from '../../../src/main/account/key/keyring'
import { createAccountSession } from '../../../src/main/account/session/account-session'
import type { AccountSession } from '../../../src/main/account/account-session-types'
import type { AccountSessionOptions } from '../../../src/main/account/account-session-options'
import { createMemoryAccountRules, createMemoryAuditLog } from '../../../src/node/in-memory/memory-files'
import type { AppStore } from '../../../src/main/settings/app-store'
import {
  createSimulator,
  FULL_KEY,
  type Simulator,
  type SimulatorOptions,
} from '../../../src/simulator/simulator'

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

/** A keyring that gives back each key that it took. */
export const workingKeyring: Keyring = {
  storage: 'system-keyring',
  encrypt: (text) => Promise.resolve(ok(Buffer.from(text).toString('base64'))),
  decrypt: (base64) =>
    Promise.resolve(ok({ text: Buffer.from(base64, 'base64').toString(), isOutdated: false })),
}

/** As it is stored, with `FULL_KEY` in the harness's keyring. */
export const storedAccount = (over: Partial<AccountRecord> = {}): AccountRecord => ({
  id: 'x',
  baseUrl: 'https://api.runpod.io/v2',
  keyEnding: 'cess',
  encryptedKey: 'eA==',
  name: 'Runpod',
  color: 'blue',
  ...over,
})

export function fakeStore(
  settings: () => Settings,
  state: { config: AppConfig } = { config: emptyConfig },
): AppStore {
  return {
    path: 'config.json',
    settings,
    changeSettings: () => ok(undefined),
    update: () => ok(undefined),
    onSettings: () => () => {},
    drainProblems: () => [],
    alertPause: { load: () => null, save: () => {} },
    snippets: { load: () => [], save: () => ok(undefined) },
    terminalBounds: { load: () => null, save: () => {} },
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

function fakeAuditLog(): AccountSessionOptions['auditLog'] & { readonly entries: () => readonly string[] } {
  const listeners = createListeners()
  const log = createMemoryAuditLog(listeners.notify)
  const record = (text: string, accountId: string): void =>
    void log.record({ ...emptyEntry, text, accountId })
  return {
    entries: () =>
      log
        .page(null, allAuditEntries, 1_000)
        .entries.map(({ text }) => text)
        .reverse(),
    logForAccount: () => log,
    logForProgram: () => log,
    endDemo: () => {},
    recordRemoval: ({ id, name }) => record(`removed ${name}`, id),
    recordChange: (before, after) => record(`changed ${before.name} to ${after.name}`, after.id),
    view: () => log.view(),
    onChange: listeners.add,
  }
}

const emptyEntry = {
  atMs: 1,
  podId: null,
  podName: null,
  kind: 'key',
  what: 'account',
  tone: 'plain',
} as const

export interface Bench {
  readonly session: AccountSession
  readonly folderHost: FolderHost
  readonly snapshots: Snapshot[]
  readonly journalPath: string
  clipboard: string
  readonly clipboardReads: number
  /** Titles of what was asked in main's own window. */
  readonly questions: readonly string[]
  /** The accounts whose last snapshots were erased. */
  readonly forgotten: readonly string[]
  /** Whether the person agrees to what is asked there. */
  isAgreed: boolean
  /** The first one. */
  readonly account: AccountRecord | null
  readonly store: AppStore
  /** Texts of the activity log, oldest first. */
  readonly entries: () => readonly string[]
  readonly alerts: Alert[]
}

/** A lock that nobody else asks for. */
function heldLock(folder: string, journalPath: string, nowMs: () => number): FolderLock {
  const role = { kind: 'active' } as const
  return {
    start: async () => role,
    role: () => role,
    isActing: () => true,
    mayWrite: () => ok(undefined),
    journal: openJournal(journalPath, nowMs()),
    creates: openCreatesFile(join(folder, 'creates.jsonl'), nowMs),
    queue: openQueueFile(queuePath(folder), nowMs),
    outbox: openOutboxFile(join(folder, 'outbox.jsonl'), nowMs),
    dispose: () => {},
  }
}

/** The session of the app, with everything real but keyring, notifications and files. */
export function bench(
  changes: Partial<AccountSessionOptions> & {
    readonly pollSpread?: PollSpread
    readonly usageHistories?: UsageHistories
  } = {},
  ...accounts: readonly AccountRecord[]
): Bench {
  const clock = createSystemClock()
  const folder = migratedFolder('podkeeper-session-')
  const journalPath = join(folder, 'intents.jsonl')
  const snapshots: Snapshot[] = []
  const questions: string[] = []
  const forgotten: string[] = []
  const person = { clipboardReads: 0, isAgreed: true }
  const state = {
    clipboard: '',
    config: { ...emptyConfig, accounts } as AppConfig,
  }
  const store = changes.store ?? fakeStore(() => defaultSettings, state)
  const auditLog = fakeAuditLog()
  const alerts: Alert[] = []
  const { pollSpread, usageHistories, ...ofSession } = changes
  const nowMs = (): number => (changes.clock ?? clock).now().wallMs
  const notifier: Notifier = {
    async show(alert) {
      alerts.push(alert)
      return 'shown'
    },
  }
  let opened: AccountSession | null = null
  const folderHost = createFolderHost({
    folder,
    clock: changes.clock ?? clock,
    program: 'Podkeeper',
    createFolderLock: () => heldLock(folder, journalPath, nowMs),
    settings: () => store.settings(),
    accountRules: store.accountRules,
    monitors: () => opened?.monitors() ?? [],
    keyring: null,
    podAccess: null,
    sendHeartbeat: async () => ({ ok: true, value: undefined }),
    sendToChannel: async () => ({ kind: 'accepted', answer: '' }),
    isScreenLocked: () => null,
    notifier,
    alertsPausedUntilMs: () => null,
    inputAgoMs: changes.inputAgoMs ?? (() => null),
    onRole: () => {},
    onJournalProblem: () => {},
    onActivityProblem: () => {},
    onHistoryProblem: () => {},
    onChannels: () => {},
    report: () => {},
    pollSpread,
  })
  const session = createAccountSession({
    clock,
    store,
    accountKeys: new Map(),
    folderHost: { ...folderHost, usageHistories: usageHistories ?? folderHost.usageHistories },
    keyring: keyring({ encrypt: fail('none'), decrypt: fail('none') }),
    notices: createNotices(),
    auditLog,
    notifier,
    openKeyUsage: (keyId) => openKeyUsageFile(folder, keyId, nowMs),
    podColors: openPodColorsFile(folder, () => {}),
    lastSnapshots: { of: () => null, forget: (accountId) => void forgotten.push(accountId), save: () => {} },
    recordedPodIds: () => [],
    proxyEnvironment: {},
    log: { warn: () => {}, hide: () => {} },
    version: '0.0.0',
    hosts: 'loopback-only',
    baseUrl: undefined,
    hubifyBaseUrl: undefined,
    inputAgoMs: () => null,
    alertsPausedUntilMs: () => null,
    readClipboard: () => {
      person.clipboardReads += 1
      return Promise.resolve(state.clipboard)
    },
    writeClipboard: async (text) => void (state.clipboard = text),
    ask: (question) => {
      questions.push(question.text.title)
      return Promise.resolve(ok(person.isAgreed ? '' : null))
    },
    onAccountChange: () => {},
    ...ofSession,
  })
  opened = session
  session.subscribe((snapshot) => snapshots.push(snapshot))
  onTestFinished(() => session.dispose())
  return {
    questions,
    forgotten,
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
    folderHost,
    snapshots,
    journalPath,
    store,
    entries: auditLog.entries,
    alerts,
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

/** Long, for a busy computer. */
const CONNECTED_WITHIN_MS = 60_000

export const connected = (session: AccountSession) =>
  vi.waitFor(() => expect(session.snapshot().connection.kind).toBe('live'), CONNECTED_WITHIN_MS)

/** Waits until each account, or this one, is watched. */
export const liveAccounts = (session: AccountSession) =>
  vi.waitFor(
    () =>
      expect(session.snapshot().accounts.map(({ connection }) => connection.kind)).toEqual(
        session.snapshot().accounts.map(() => 'live'),
      ),
    CONNECTED_WITHIN_MS,
  )

/** What is known of one account. */
export const viewOf = ({ session }: Pick<Bench, 'session'>, accountId: string): Snapshot =>
  showAccount(session.snapshot(), accountId)

/** Pastes a key that is accepted, and returns the id of its account, which is watched then. */
export async function paste(b: Bench, key: string): Promise<string> {
  b.clipboard = key
  const check = await b.session.pasteKey()
  if (check.kind !== 'accepted') throw new Error(JSON.stringify(check))
  const { accountId } = check
  await vi.waitFor(() => expect(viewOf(b, accountId).connection.kind).toBe('live'), CONNECTED_WITHIN_MS)
  return accountId
}

/** Of this account, or of the first one. */
export function inMonitor<T>(b: Bench, run: (monitor: Monitor) => T, accountId = b.account?.id ?? ''): T {
  const result = b.session.withMonitor(accountId, (monitor) => ok(run(monitor)))
  if (!result.ok) throw new Error(result.error)
  return result.value
}
