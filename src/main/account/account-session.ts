import { randomUUID } from 'node:crypto'
import type { AccountRecord } from '../../core/settings/config-schema'
import type { Intent } from '../../core/intents/intent'
import { parseApiKey } from '../../core/settings/api-key'
import { createMonitor } from '../../core/monitor'
import type { Monitor } from '../../core/monitor-types'
import type { PodId } from '../../core/pods/pod'
import type { Provider } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import type { Settings } from '../../core/settings/settings'
import type { AccountView } from '../../core/view/snapshot'
import type { PodHistory } from '../../core/polling/fleet'
import type { UnusableKey } from '../../core/polling/connection'
import type { HostRule } from '../../providers/http/base-url'
import { providers } from '../../providers/index'
import type { Demo } from '../../simulator/demo'
import type { DemoCommand, KeyCheckResult } from '../../shared/ipc'
import { systemUtcOffset } from '../../node/clock'
import { accountIdOf } from '../../node/account-id'
import { accountPortsOf } from './account-ports'
import { createSessionSnapshots, type SessionSnapshots } from './session-snapshots'
import { chooseBaseUrl } from './choose-base-url'
import { createKeyStore, openActionsProblem } from './key-store'
import { checkKey } from './verify-key'
import type { AccountSessionOptions } from './account-session-options'
import { runDemoCommand } from './demo-controls'

/** The watched account, if any: the stored one, one connected with a pasted key, or the demo. */
export interface AccountSession extends Pick<SessionSnapshots, 'snapshot' | 'subscribe' | 'republish'> {
  /** Connects the stored account if its key can be read. This may be slow, because it asks the keyring. */
  restore(): Promise<void>
  histories(podIds: readonly PodId[]): readonly PodHistory[]
  /** See `Monitor.costs`. */
  costs: Monitor['costs']
  /** Checks the key on the clipboard; stores and connects it if it is accepted. */
  pasteKey(): Promise<KeyCheckResult>
  /** Asks Runpod what the current key may read. */
  testKey(): Promise<KeyCheckResult>
  startDemo(): Promise<void>
  runDemoCommand(command: DemoCommand): Result<void, string>
  /** Leaves the demo, or removes the account and its key; the error says why the key could not be erased. */
  disconnect(): Promise<Result<void, string>>
  /** The monitor of the connected account; null without one. */
  monitor(): Monitor | null
  /** Passes a request to the monitor of the connected account; fails without one. */
  withMonitor<T>(request: (monitor: Monitor) => Result<T, string>): Result<T, string>
  /** The provider of the connected account; null without one. */
  provider(): Provider | null
  /** Resumes intents of another process that ended. */
  adopt(intents: readonly Intent[]): void
  refresh(): void
  suspend(): void
  resume(): void
  wake(): void
  checkWatchdog(): void
  /** Sends nothing more and resolves once sent actions were answered. */
  shutDown(): Promise<void>
  dispose(): void
}

export function createAccountSession(options: AccountSessionOptions): AccountSession {
  const { clock, store, journal, keyring, hosts, version, notices, auditLog, alertsPausedUntilMs } = options
  const keyStore = createKeyStore(store, journal, keyring)
  let monitor: Monitor | null = null
  /** The provider that `monitor` uses. */
  let provider: Provider | null = null
  let demo: Demo | null = null
  let isCheckingKey = false
  let pendingChange: Promise<unknown> = Promise.resolve()
  const snapshots = createSessionSnapshots({ clock, store, notices, auditLog, alertsPausedUntilMs })

  /** Account changes run one after the other, because two at once could leave two active monitors. */
  function runExclusively<T>(change: () => Promise<T>): Promise<T> {
    const result = pendingChange.then(change)
    pendingChange = result.catch(() => {})
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

  const chosenBaseUrl = (): Result<URL, string> =>
    chooseBaseUrl(options.baseUrl, store.settings().runpodBaseUrl, hosts)

  async function startMonitor(
    account: Omit<AccountView, 'isMonitorOnly'>,
    newProvider: Provider,
    settings: () => Settings = () => store.settings(),
  ): Promise<void> {
    await stopMonitor()
    const ports = accountPortsOf(account, {
      journal,
      alertHistory: options.alertHistory,
      accountRules: store.accountRules,
      mayAnnounce: options.mayAnnounce,
      ...(options.idleEpisodes && { idleEpisodes: options.idleEpisodes }),
      openLedgerFiles: options.openLedgerFiles,
    })
    const started = createMonitor({
      account,
      provider: newProvider,
      clock,
      settings,
      journal: ports.journal,
      earlierIntents: ports.earlierIntents,
      alertHistory: ports.alertHistory,
      accountRules: ports.accountRules,
      ledgerFiles: ports.ledgerFiles,
      mayAnnounce: ports.mayAnnounce,
      ...(ports.idleEpisodes && { idleEpisodes: ports.idleEpisodes }),
      auditLog: auditLog.logForAccount(account),
      notifier: options.notifier,
      notices,
      alertsPausedUntilMs,
      hasTerminalInput: options.hasTerminalInput,
      ...(options.lookInside && { lookInside: options.lookInside(account.id) }),
      utcOffset: systemUtcOffset,
      random: Math.random,
      newId: randomUUID,
      report: options.log.warn,
    })
    provider = newProvider
    monitor = started
    snapshots.watch(monitor)
    monitor.start()
  }

  async function stopMonitor(): Promise<void> {
    monitor?.dispose()
    snapshots.freeze()
    monitor = null
    provider = null
    notices.dismissAccount()
    await demo?.simulator.close()
    demo = null
  }

  async function checkPastedKey(key: string): Promise<KeyCheckResult> {
    const baseUrl = chosenBaseUrl()
    if (!baseUrl.ok) return { kind: 'undecided', message: baseUrl.error }
    const { href, host } = baseUrl.value
    const candidate = providerFor(href, key, hosts)
    const check = await checkKey(candidate)
    if (!check.ok) return check.error
    const { podIds, balanceUsd } = check.value
    const accepted = { text: key, keyId: accountIdOf(baseUrl.value, key), baseUrl: href, podIds }
    const id = keyStore.accountIdFor(accepted, monitor?.snapshot())
    const blockingProblem = openActionsProblem(monitor?.snapshot(), id)
    if (blockingProblem !== null) return { kind: 'undecided', message: blockingProblem }
    const keyPlace = await keyStore.save(accepted, id)
    await startMonitor({ id, isDemo: false, host, ...keyPlace }, candidate)
    const { keyEnding: ending, keyStorage: storage } = keyPlace
    return { kind: 'accepted', podCount: podIds.length, balanceUsd, ending, storage }
  }

  /** Asks the keyring, which may be slow, without delaying a key that is pasted meanwhile. */
  async function restore(): Promise<void> {
    const account = store.account()
    if (account === null || monitor !== null) return
    const { keyEnding: ending, encryptedKey } = account
    if (encryptedKey === null) {
      const reason = 'It was kept for the last session only.'
      snapshots.showDisconnected({ ending, reason, canTryAgain: false })
      return
    }
    snapshots.showDisconnected({
      ending,
      reason: 'Asking the system keyring for it…',
      canTryAgain: false,
    })
    const key = await keyring.decrypt(encryptedKey)
    await runExclusively(async () => {
      if (monitor !== null || store.account()?.encryptedKey !== encryptedKey) return
      if (key.ok) await connect(account, key.value.text)
      else {
        const reason = `The system keyring does not give it out: ${key.error}.`
        snapshots.showDisconnected({ ending, reason, canTryAgain: true })
      }
    })
    if (key.ok && key.value.isOutdated) await keyStore.reencrypt(account, key.value.text)
  }

  /** Connects with a stored key. */
  async function connect(account: AccountRecord, key: string): Promise<void> {
    const { id, keyEnding } = account
    const baseUrl = chosenBaseUrl()
    const unusableKey = (reason: string): UnusableKey => ({ ending: keyEnding, reason, canTryAgain: true })
    if (!baseUrl.ok) {
      snapshots.showDisconnected(unusableKey(baseUrl.error))
      return
    }
    const { href, host } = baseUrl.value
    if (href !== account.baseUrl) {
      // A key is never sent to another host than the one it was given for.
      snapshots.showDisconnected(unusableKey(`It is for ${account.baseUrl}. Paste one for ${href}.`))
      return
    }
    const keyStorage = keyring.storage
    await startMonitor({ id, isDemo: false, host, keyStorage, keyEnding }, providerFor(href, key, hosts))
  }

  async function testKey(): Promise<KeyCheckResult> {
    const account = monitor?.snapshot().account
    if (provider === null || !account) return { kind: 'undecided', message: 'No key is in use.' }
    const check = await checkKey(provider)
    if (!check.ok) return check.error
    const { podIds, balanceUsd } = check.value
    const { keyEnding: ending = '', keyStorage: storage } = account
    return { kind: 'accepted', podCount: podIds.length, balanceUsd, ending, storage }
  }

  async function startDemo(): Promise<void> {
    const { createDemo, demoSettings } = await import('../../simulator/demo') // Loaded on demand, to keep startup fast.
    const started = await createDemo()
    const demoProvider = providerFor(`${started.simulator.url}/v2`, started.key, 'loopback-only')
    const account = { id: 'demo', isDemo: true, host: 'this computer', keyStorage: 'none-needed' } as const
    await startMonitor(account, demoProvider, () => ({ ...store.settings(), ...demoSettings }))
    demo = started
  }

  async function disconnect(): Promise<Result<void, string>> {
    const account = monitor?.snapshot().account ?? null
    const wasDemo = account?.isDemo ?? false
    await stopMonitor()
    const erased = wasDemo ? ok(undefined) : store.saveAccount(null)
    snapshots.showDisconnected()
    auditLog.endAccount(erased.ok ? account : null)
    // Not awaited, because it is queued behind this change.
    if (wasDemo) void restore()
    return erased.ok ? erased : fail(`The key could not be erased: ${erased.error}. Try again`)
  }

  return {
    restore,
    snapshot: snapshots.snapshot,
    subscribe: snapshots.subscribe,
    histories: (podIds) => monitor?.histories(podIds) ?? [],
    costs: (month) => monitor?.costs(month) ?? null,

    async pasteKey() {
      if (isCheckingKey) return { kind: 'undecided', message: 'A key is being tried already.' }
      const key = parseApiKey(await options.readClipboard())
      if (key === null)
        return {
          kind: 'not-a-key',
          message:
            'The clipboard holds nothing that looks like an API key. Copy the key in Runpod, then paste again.',
        }
      isCheckingKey = true
      try {
        return await runExclusively(() => checkPastedKey(key))
      } finally {
        isCheckingKey = false
      }
    },

    testKey,
    startDemo: () => runExclusively(startDemo),
    runDemoCommand(command) {
      const result = runDemoCommand(demo, command)
      monitor?.refresh()
      return result
    },
    disconnect: () => runExclusively(disconnect),

    monitor: () => monitor,
    withMonitor: (request) => (monitor ? request(monitor) : fail('No account is connected.')),
    provider: () => provider,
    adopt: (intents) =>
      monitor?.adopt(intents.filter(({ accountId }) => accountId === monitor?.snapshot().account?.id)),
    refresh: () => monitor?.refresh(),
    republish: snapshots.republish,
    suspend: () => monitor?.suspend(),
    resume: () => monitor?.resume(),
    wake: () => monitor?.wake(),
    checkWatchdog: () => monitor?.checkWatchdog(),
    shutDown: async () => monitor?.shutDown(),
    dispose() {
      snapshots.dispose()
      monitor?.dispose()
      void demo?.simulator.close()
    },
  }
}
