import type { AccountRecord } from '../../core/settings/config-schema'
import { parseApiKey } from '../../core/settings/api-key'
import type { Monitor } from '../../core/monitor-types'
import type { Provider } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import type { Settings } from '../../core/settings/settings'
import type { AccountView } from '../../core/view/snapshot'
import type { UnusableKey } from '../../core/polling/connection'
import type { HostRule } from '../../providers/http/base-url'
import { providers } from '../../providers/index'
import type { Demo } from '../../simulator/demo'
import type { KeyCheckResult } from '../../shared/ipc'
import { accountIdOf } from '../../node/account-id'
import { createAccountIdentity } from './account-identity'
import { createAccountMonitor } from './create-account-monitor'
import { createSessionSnapshots } from './session-snapshots'
import { type ApiAddress, chooseApiAddress } from './api-address'
import { createAccountPrompts, NOT_A_KEY } from './account-prompts'
import { createKeyStore, openActionsProblem } from './key/key-store'
import { checkKey } from './key/verify-key'
import type { AccountSessionOptions } from './account-session-options'
import type { AccountSession } from './account-session-types'
import { runDemoCommand } from './demo-controls'

type KeyDetails = Pick<AccountView, 'host' | 'keyStorage' | 'sessionOnlyReason' | 'keyEnding'>

export function createAccountSession(options: AccountSessionOptions): AccountSession {
  const { clock, store, journal, keyring, hosts, version, notices, auditLog, alertsPausedUntilMs } = options
  const prompts = createAccountPrompts(options.ask)
  const keyStore = createKeyStore(store, journal, keyring, options.recordedPodIds)
  let monitor: Monitor | null = null
  /** The provider that `monitor` uses. */
  let provider: Provider | null = null
  /** Of the real account that was watched last. */
  let keyDetails: KeyDetails | null = null
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
      proxyEnvironment: options.proxyEnvironment,
      now: () => clock.now(),
      random: Math.random,
    })
  }

  const apiAddress = (): ApiAddress =>
    chooseApiAddress(options.baseUrl, store.settings().runpodBaseUrl, hosts)

  /** The account that is watched and not the demo's; otherwise null. */
  function realAccount(): AccountView | null {
    const account = monitor?.snapshot().account ?? null
    return account?.isDemo === false ? account : null
  }

  async function startMonitor(
    account: Omit<AccountView, 'isMonitorOnly'>,
    newProvider: Provider,
    settings: () => Settings = () => store.settings(),
  ): Promise<void> {
    await stopMonitor()
    const started = createAccountMonitor(account, newProvider, settings, options)
    provider = newProvider
    monitor = started
    snapshots.watch(monitor)
    monitor.start()
  }

  /** Watches a real account, which may not be known yet to be an earlier one. */
  async function watchAccount(
    { id, possibleAccountId }: Pick<AccountRecord, 'id' | 'possibleAccountId'>,
    details: KeyDetails,
    newProvider: Provider,
  ): Promise<void> {
    keyDetails = details
    const earlier = store.knownAccounts().find((known) => known.id === possibleAccountId)
    const question = earlier && { earlierKeyEnding: earlier.keyEnding }
    await startMonitor({ id, isDemo: false, ...details, ...question }, newProvider)
    identity.follow(newProvider)
  }

  const identity = createAccountIdentity({
    clock,
    store,
    keyStore,
    prompts,
    snapshot: () => monitor?.snapshot(),
    async watchAs(account) {
      if (keyDetails && provider) await watchAccount(account, keyDetails, provider)
    },
    runExclusively,
    report: options.log.warn,
    notify: (text) => notices.add({ id: 'account', podId: null, text, atMs: clock.now().wallMs }, 'account'),
  })

  async function stopMonitor(): Promise<void> {
    identity.stop()
    monitor?.dispose()
    snapshots.freeze()
    monitor = null
    provider = null
    notices.dismissAccount()
    options.onAccountChange()
    await demo?.simulator.close()
    demo = null
  }

  async function pasteKey(): Promise<KeyCheckResult> {
    const { url, source } = apiAddress()
    if (!url.ok) return { kind: 'undecided', message: url.error }
    const maySend = await prompts.maySendKey(url.value, source)
    if (!maySend.ok || !maySend.value) {
      const refusal = `The clipboard was not read, and nothing was sent to ${url.value.host}.`
      return { kind: 'undecided', message: maySend.ok ? refusal : maySend.error }
    }
    const key = parseApiKey(await options.readClipboard())
    return key === null ? NOT_A_KEY : runExclusively(() => checkPastedKey(key, url.value))
  }

  async function checkPastedKey(key: string, baseUrl: URL): Promise<KeyCheckResult> {
    const { href, host } = baseUrl
    const candidate = providerFor(href, key, hosts)
    const check = await checkKey(candidate)
    if (!check.ok) return check.error
    const { podIds, balanceUsd, apiAccountId } = check.value
    const keyId = accountIdOf(baseUrl, key)
    const accepted = { text: key, keyId, baseUrl: href, podIds, apiAccountId }
    const account = keyStore.accountFor(accepted, monitor?.snapshot())
    const blockingProblem = openActionsProblem(monitor?.snapshot(), account.id, 'paste again')
    if (blockingProblem !== null) return { kind: 'undecided', message: blockingProblem }
    const left = realAccount()
    if (left !== null && left.id !== account.id) {
      const isPossiblySame = account.possibleAccountId === left.id
      const maySwitch = await prompts.maySwitch(left, key.slice(-4), isPossiblySame)
      if (!maySwitch.ok) return { kind: 'undecided', message: maySwitch.error }
      if (!maySwitch.value) return { kind: 'undecided', message: 'You kept the current key and account.' }
      // An action may have begun while the question was open.
      const newProblem = openActionsProblem(monitor?.snapshot(), account.id, 'paste again')
      if (newProblem !== null) return { kind: 'undecided', message: newProblem }
    }
    const keyPlace = await keyStore.save(accepted, account)
    await watchAccount(account, { host, ...keyPlace }, candidate)
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
    const { keyEnding } = account
    const { url } = apiAddress()
    const unusableKey = (reason: string): UnusableKey => ({ ending: keyEnding, reason, canTryAgain: true })
    if (!url.ok) {
      snapshots.showDisconnected(unusableKey(url.error))
      return
    }
    const { href, host } = url.value
    if (href !== account.baseUrl) {
      // A key is never sent to another host than the one it was given for.
      snapshots.showDisconnected(unusableKey(`It is for ${account.baseUrl}. Paste one for ${href}.`))
      return
    }
    const keyStorage = keyring.storage
    await watchAccount(account, { host, keyStorage, keyEnding }, providerFor(href, key, hosts))
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

  async function startDemo(): Promise<Result<boolean, string>> {
    const blockingProblem = openActionsProblem(monitor?.snapshot(), 'demo', 'start the demo again')
    if (blockingProblem !== null) return fail(blockingProblem)
    const left = realAccount()
    const mayStart = left === null ? ok(true) : await prompts.mayStartDemo(left)
    if (!mayStart.ok || !mayStart.value) return mayStart
    const newProblem = openActionsProblem(monitor?.snapshot(), 'demo', 'start the demo again')
    if (newProblem !== null) return fail(newProblem)
    const { createDemo, demoSettings } = await import('../../simulator/demo') // Loaded on demand, to keep startup fast.
    const started = await createDemo()
    const demoProvider = providerFor(`${started.simulator.url}/v2`, started.key, 'loopback-only')
    const account = { id: 'demo', isDemo: true, host: 'this computer', keyStorage: 'none-needed' } as const
    await startMonitor(account, demoProvider, () => ({ ...store.settings(), ...demoSettings }))
    demo = started
    return ok(true)
  }

  async function disconnect(): Promise<Result<boolean, string>> {
    const account = monitor?.snapshot().account ?? null
    const wasDemo = account?.isDemo ?? false
    const left = wasDemo ? null : (account ?? store.account())
    const mayDisconnect = left === null ? ok(true) : await prompts.mayDisconnect(left)
    if (!mayDisconnect.ok || !mayDisconnect.value) return mayDisconnect
    const problem = openActionsProblem(monitor?.snapshot(), '', 'forget the key again')
    if (problem !== null) return fail(problem)
    await stopMonitor()
    const erased = wasDemo ? ok(undefined) : store.saveAccount(null)
    snapshots.showDisconnected()
    auditLog.endAccount(erased.ok ? account : null)
    // Not awaited, because it is queued behind this change.
    if (wasDemo) void restore()
    return erased.ok ? ok(true) : fail(`The key could not be erased: ${erased.error}. Try again`)
  }

  return {
    restore,
    snapshot: snapshots.snapshot,
    demoSshKey: () => demo?.sshKey ?? null,
    subscribe: snapshots.subscribe,
    histories: (podIds) => monitor?.histories(podIds) ?? [],
    costs: (month) => monitor?.costs(month) ?? null,

    async pasteKey() {
      if (isCheckingKey) return { kind: 'undecided', message: 'A key is being tried already.' }
      isCheckingKey = true
      try {
        return await pasteKey()
      } finally {
        isCheckingKey = false
      }
    },

    testKey,
    answerAccountQuestion: identity.answer,
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
      identity.stop()
      snapshots.dispose()
      monitor?.dispose()
      void demo?.simulator.close()
    },
  }
}
