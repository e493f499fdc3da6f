import { createHash, randomUUID } from 'node:crypto'
import type { IntentAction } from '../core/intents'
import { parseKey } from '../core/key'
import type { Monitor } from '../core/monitor'
import { createMonitor } from '../core/monitor'
import type { PodId } from '../core/pod'
import type { Clock, Notifier, Provider, ProviderError } from '../core/ports'
import type { Result } from '../core/result'
import { fail } from '../core/result'
import type { Settings } from '../core/settings'
import type { AccountView, PodHistory, Snapshot } from '../core/snapshot'
import { emptySnapshot } from '../core/snapshot'
import { parseBaseUrl } from '../providers/base-url'
import type { HostRule } from '../providers/base-url'
import { providers } from '../providers/index'
import { createDemo } from '../simulator/demo'
import type { KeyVerdict } from '../shared/ipc'
import type { OpenJournal } from './journal'
import { forgetfulJournal } from './journal'
import type { Log } from './log'
import type { Secrets } from './secrets'
import type { AppStore } from './store'
import { createMemoryMarks } from './memory-marks'

export interface SessionOptions {
  readonly clock: Clock
  readonly store: AppStore
  readonly journal: OpenJournal
  readonly secrets: Secrets
  readonly notifier: Notifier
  readonly log: Pick<Log, 'warn' | 'hide'>
  /** Podkeeper's version. */
  readonly version: string
  readonly hosts: HostRule
  /** As set in the environment; it goes before the setting. */
  readonly baseUrl: string | undefined
  readonly readClipboard: () => Promise<string>
  /** Each with a higher revision than the one before, whatever the account. */
  readonly onSnapshot: (snapshot: Snapshot) => void
}

/** The account that is watched, if any: from the store at start, from a pasted key, or the demo. */
export interface Session {
  /** Connects the stored account, if its key can be read. */
  restore(): Promise<void>
  snapshot(): Snapshot
  histories(): readonly PodHistory[]
  /** Tries the key on the clipboard; keeps and connects it if it is accepted. */
  pasteKey(): Promise<KeyVerdict>
  startDemo(): Promise<void>
  /** Leaves the demo, or forgets the account and its key. */
  disconnect(): Promise<void>
  act(podId: PodId, action: IntentAction): Result<void, string>
  undo(intentId: string): Result<void, string>
  refresh(): void
  dismissNotice(noticeId: string): void
  suspend(): void
  resume(): void
  wake(): void
  look(): void
  /** Sends nothing any more, and ends once what was sent is answered. */
  end(): Promise<void>
  dispose(): void
}

/** In the demo things come to pass while somebody looks. */
const demoSettings: Partial<Settings> = { idleAlertAfterMin: 1, bootMin: 0.5, pollActiveS: 5 }

export function createSession(options: SessionOptions): Session {
  const { clock, store, journal, secrets, hosts, version } = options
  /** What the start found odd, until a monitor says it. */
  const untold = [
    ...store.problems,
    ...(journal.damagedCopy === null
      ? []
      : [
          `The journal of actions was damaged; what could be read goes on, the file is kept as ${journal.damagedCopy}.`,
        ]),
  ]
  let monitor: Monitor | null = null
  let closeDemo: (() => Promise<void>) | null = null
  let isTryingKey = false
  let revision = 0
  let current = emptySnapshot(clock.now().wallMs, untold)
  let changing: Promise<unknown> = Promise.resolve()

  /** Monitors count for themselves; windows want one count, to drop what is older than what they show. */
  function publish(snapshot: Snapshot): void {
    revision += 1
    current = { ...snapshot, revision }
    options.onSnapshot(current)
  }

  /** Accounts change one after the other: two at once could leave two monitors acting. */
  function exclusively<T>(change: () => Promise<T>): Promise<T> {
    const result = changing.then(change)
    changing = result.catch(() => {})
    return result
  }

  function providerFor(baseUrl: string, apiKey: string, allowed: HostRule): Provider {
    options.log.hide(apiKey)
    return providers.runpod.create({
      baseUrl,
      apiKey,
      version,
      hosts: allowed,
      now: () => clock.now(),
      random: Math.random,
    })
  }

  /** The address of Runpod's API to use, or why there is none. */
  function chosenBaseUrl(): Result<URL, string> {
    const text = options.baseUrl ?? store.settings().runpodBaseUrl ?? providers.runpod.defaultBaseUrl
    const url = parseBaseUrl(text, hosts)
    if (url.ok) return url
    const where = options.baseUrl === undefined ? 'The base URL of the settings' : 'RUNPOD_API_BASE_URL'
    if (hosts === 'any') return fail(`${where} (${text}) cannot be used. ${url.error}`)
    return fail(
      'This copy runs on a test runtime, an Electron out of support, so it talks to this computer only. ' +
        'Use a current Electron for a real key, or try the demo.',
    )
  }

  async function watch(
    account: Omit<AccountView, 'isMonitorOnly'>,
    provider: Provider,
    settings: () => Settings = () => store.settings(),
  ): Promise<void> {
    await leave()
    monitor = createMonitor({
      account,
      provider,
      clock,
      settings,
      notifier: options.notifier,
      journal: account.isDemo ? forgetfulJournal : journal,
      marks: account.isDemo ? createMemoryMarks() : store.marks,
      earlier: account.isDemo ? [] : journal.latest().filter((intent) => intent.accountId === account.id),
      openingNotices: untold.splice(0),
      random: Math.random,
      newId: randomUUID,
      report: options.log.warn,
    })
    monitor.subscribe(publish)
    monitor.start()
  }

  async function leave(): Promise<void> {
    monitor?.dispose()
    monitor = null
    await closeDemo?.()
    closeDemo = null
  }

  function showUnconnected(notices: readonly string[]): void {
    publish(emptySnapshot(clock.now().wallMs, notices))
  }

  async function tryKey(key: string): Promise<KeyVerdict> {
    const baseUrl = chosenBaseUrl()
    if (!baseUrl.ok) return { kind: 'undecided', message: baseUrl.error }
    const provider = providerFor(baseUrl.value.href, key, hosts)
    const [list, balance] = await Promise.all([provider.listPods(), provider.readBalance?.()])
    if (!list.ok) return verdictOf(list.error)
    const encrypted = await secrets.encrypt(key)
    const storage = encrypted.ok ? 'system-keyring' : 'session-only'
    const id = accountIdOf(baseUrl.value, key)
    const ending = key.slice(-4)
    store.saveAccount({
      id,
      baseUrl: baseUrl.value.href,
      keyEnding: ending,
      encryptedKey: encrypted.ok ? encrypted.value : null,
    })
    await watch({ id, isDemo: false, host: baseUrl.value.host, keyStorage: storage }, provider)
    const balanceUsd = balance?.ok ? balance.value.balanceUsd : null
    return { kind: 'accepted', podCount: list.value.pods.length, balanceUsd, ending, storage }
  }

  async function restore(): Promise<void> {
    const account = store.account()
    if (account === null) return
    const again = `Paste the key ending in ${account.keyEnding} again`
    if (account.encryptedKey === null) {
      showUnconnected([...untold, `${again}: it was kept for the last session only.`])
      return
    }
    const key = await secrets.decrypt(account.encryptedKey)
    if (!key.ok) {
      showUnconnected([...untold, `${again}: the system keyring does not give it out (${key.error}).`])
      return
    }
    const baseUrl = chosenBaseUrl()
    if (!baseUrl.ok) {
      showUnconnected([...untold, baseUrl.error])
      return
    }
    if (baseUrl.value.href !== account.baseUrl) {
      // A key is never shown to another host than the one that it was given for.
      const [was, is] = [account.baseUrl, baseUrl.value.href]
      showUnconnected([...untold, `The kept key is for ${was}. Paste one for ${is}.`])
      return
    }
    const id = accountIdOf(baseUrl.value, key.value)
    const provider = providerFor(baseUrl.value.href, key.value, hosts)
    await watch({ id, isDemo: false, host: baseUrl.value.host, keyStorage: 'system-keyring' }, provider)
  }

  async function startDemo(): Promise<void> {
    const demo = await createDemo()
    const provider = providerFor(`${demo.simulator.url}/v2`, demo.key, 'loopback-only')
    const account = { id: 'demo', isDemo: true, host: 'this computer', keyStorage: 'none-needed' } as const
    await watch(account, provider, () => ({ ...store.settings(), ...demoSettings }))
    closeDemo = () => demo.simulator.close()
  }

  async function disconnect(): Promise<void> {
    const wasDemo = monitor?.snapshot().account?.isDemo ?? false
    await leave()
    if (!wasDemo) store.saveAccount(null)
    showUnconnected([])
    if (wasDemo) await restore()
  }

  return {
    restore: () => exclusively(restore),

    snapshot: () => current,
    histories: () => monitor?.histories() ?? [],

    async pasteKey() {
      if (isTryingKey) return { kind: 'undecided', message: 'A key is being tried already.' }
      const key = parseKey(await options.readClipboard())
      if (key === null)
        return {
          kind: 'not-a-key',
          message:
            'The clipboard holds nothing that looks like an API key. Copy the key in Runpod, then paste again.',
        }
      isTryingKey = true
      try {
        return await exclusively(() => tryKey(key))
      } finally {
        isTryingKey = false
      }
    },

    startDemo: () => exclusively(startDemo),
    disconnect: () => exclusively(disconnect),

    act: (podId, action) => monitor?.act(podId, action) ?? fail('No account is connected.'),
    undo: (intentId) => monitor?.undo(intentId) ?? fail('No account is connected.'),
    refresh: () => monitor?.refresh(),
    dismissNotice(noticeId) {
      if (monitor) monitor.dismissNotice(noticeId)
      else {
        publish({ ...current, notices: current.notices.filter(({ id }) => id !== noticeId) })
      }
    },
    suspend: () => monitor?.suspend(),
    resume: () => monitor?.resume(),
    wake: () => monitor?.wake(),
    look: () => monitor?.look(),
    end: async () => monitor?.end(),
    dispose() {
      monitor?.dispose()
      void closeDemo?.()
    },
  }
}

/**
 * Names an account without knowing more of it than its key: the same key at the same address is the same
 * account, another key never inherits its journal. A one-way digest of a secret that cannot be guessed.
 */
function accountIdOf(baseUrl: URL, key: string): string {
  return createHash('sha256')
    .update(`podkeeper account\n${baseUrl.origin}\n${key}`)
    .digest('hex')
    .slice(0, 16)
}

function verdictOf(error: ProviderError): KeyVerdict {
  switch (error.kind) {
    case 'unauthorized':
      return { kind: 'refused', message: `Runpod does not accept this key. ${error.message}` }
    case 'forbidden':
      return { kind: 'refused', message: `The key is valid, but may not see pods. ${error.message}` }
    case 'unreadable':
      return {
        kind: 'undecided',
        message: `Something between us and Runpod answered in its place, so the key could not be tried. ${error.message}`,
      }
    default:
      return { kind: 'undecided', message: `The key could not be tried. ${error.message}` }
  }
}
