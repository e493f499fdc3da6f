import { randomUUID } from 'node:crypto'
import type { AccountRecord } from '../../core/settings/config-schema'
import type { Intent } from '../../core/intents/intent'
import { parseKey } from '../../core/settings/api-key'
import { createMonitor, type Monitor } from '../../core/monitor'
import { createNotices } from '../../core/view/notices'
import type { PodId } from '../../core/pods/pod'
import type { Provider } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import type { Settings } from '../../core/settings/settings'
import { type AccountView, emptySnapshot, type Snapshot } from '../../core/view/snapshot'
import type { PodHistory } from '../../core/polling/fleet'
import type { KeptKey } from '../../core/polling/connection'
import type { HostRule } from '../../providers/http/base-url'
import { providers } from '../../providers/index'
import type { Demo } from '../../simulator/demo'
import type { DemoCommand, KeyVerdict } from '../../shared/ipc'
import { accountIdOf } from '../../node/account-id'
import { portsOf } from './account-ports'
import { chooseBaseUrl } from './choose-base-url'
import { createKeyKeeper, openActionsProblem } from './key-store'
import { tryKey } from './verify-key'
import type { SessionOptions } from './account-session-options'
import { steerDemo } from './demo-controls'

/** The account that is watched, if any: from the store at start, from a pasted key, or the demo. */
export interface Session {
  /** Connects the stored account, if its key can be read. Asks the keyring, so it may take a while. */
  restore(): Promise<void>
  snapshot(): Snapshot
  histories(podIds: readonly PodId[]): readonly PodHistory[]
  /** See `Monitor.costs`. */
  costs: Monitor['costs']
  /** Tries the key on the clipboard; keeps and connects it if it is accepted. */
  pasteKey(): Promise<KeyVerdict>
  /** Asks Runpod what the key in use sees. */
  testKey(): Promise<KeyVerdict>
  startDemo(): Promise<void>
  steerDemo(command: DemoCommand): Result<void, string>
  /** Leaves the demo, or forgets the account and its key; an error in words when it could not be erased. */
  disconnect(): Promise<Result<void, string>>
  /** Asks the monitor of the connected account; fails when there is none. */
  ask<T>(request: (monitor: Monitor) => Result<T, string>): Result<T, string>
  /** That of the connected account; null: there is none. */
  provider(): Provider | null
  /** Takes up what another process had asked for when it ended. */
  adopt(intents: readonly Intent[]): void
  refresh(): void
  /** The pause of the alerts began or ended; after it, what was held back is said at the next look. */
  redraw(): void
  dismissNotice(noticeId: string): void
  suspend(): void
  resume(): void
  wake(): void
  look(): void
  /** Sends nothing any more, and ends once what was sent is answered. */
  end(): Promise<void>
  dispose(): void
}

export function createSession(options: SessionOptions): Session {
  const { clock, store, journal, secrets, hosts, version } = options
  /** What the start found odd, until a monitor says it. */
  const untold = [...store.takeProblems()]
  const keeper = createKeyKeeper(store, journal, secrets)
  let monitor: Monitor | null = null
  /** The one that `monitor` watches by. */
  let provider: Provider | null = null
  let demo: Demo | null = null
  let isTryingKey = false
  let revision = 0
  let current: Snapshot = {
    ...emptySnapshot(clock.now().wallMs, untold),
    alertsPausedUntilMs: options.alertsPausedUntilMs(),
  }
  /** `current` as it came, without what is added here. */
  let received = current
  let changing: Promise<unknown> = Promise.resolve()
  /** What the store found odd while the app runs. */
  const storeNotices = createNotices([], 0)

  /** Monitors count for themselves; windows want one count, to drop what is older than what they show. */
  function publish(snapshot: Snapshot): void {
    revision += 1
    received = snapshot
    for (const [index, text] of store.takeProblems().entries())
      storeNotices.add(`store-${revision}-${index}`, null, text, snapshot.atMs)
    current = {
      ...snapshot,
      revision,
      notices: [...snapshot.notices, ...storeNotices.all()],
      alertsPausedUntilMs: options.alertsPausedUntilMs(),
    }
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

  const chosenBaseUrl = (): Result<URL, string> =>
    chooseBaseUrl(options.baseUrl, store.settings().runpodBaseUrl, hosts)

  async function watch(
    account: Omit<AccountView, 'isMonitorOnly'>,
    watched: Provider,
    settings: () => Settings = () => store.settings(),
  ): Promise<void> {
    await leave()
    provider = watched
    monitor = createMonitor({
      account,
      provider: watched,
      clock,
      settings,
      ...portsOf(account, options),
      openingNotices: untold.splice(0),
      random: Math.random,
      newId: randomUUID,
      report: options.log.warn,
    })
    monitor.subscribe(publish)
    monitor.start()
    publish(monitor.snapshot())
  }

  async function leave(): Promise<void> {
    monitor?.dispose()
    monitor = null
    provider = null
    await demo?.simulator.close()
    demo = null
  }

  function showUnconnected(notices: readonly string[], keptKey?: KeptKey): void {
    publish(emptySnapshot(clock.now().wallMs, notices, keptKey))
  }

  async function tryPasted(key: string): Promise<KeyVerdict> {
    const baseUrl = chosenBaseUrl()
    if (!baseUrl.ok) return { kind: 'undecided', message: baseUrl.error }
    const { href, host } = baseUrl.value
    const candidate = providerFor(href, key, hosts)
    const trial = await tryKey(candidate)
    if (!trial.ok) return trial.error
    const { podIds, balanceUsd } = trial.value
    const accepted = { text: key, keyId: accountIdOf(baseUrl.value, key), baseUrl: href, podIds }
    const id = keeper.accountOf(accepted, monitor?.snapshot())
    const underWay = openActionsProblem(monitor?.snapshot(), id)
    if (underWay !== null) return { kind: 'undecided', message: underWay }
    const place = await keeper.keep(accepted, id)
    await watch({ id, isDemo: false, host, ...place }, candidate)
    const { keyEnding: ending, keyStorage: storage } = place
    return { kind: 'accepted', podCount: podIds.length, balanceUsd, ending, storage }
  }

  /** Asks the keyring without holding up whoever pastes a key meanwhile; it may take its time. */
  async function restore(): Promise<void> {
    const account = store.account()
    if (account === null || monitor !== null) return
    const { keyEnding: ending, encryptedKey } = account
    if (encryptedKey === null) {
      const reason = 'It was kept for the last session only.'
      showUnconnected(untold, { ending, reason, canTryAgain: false })
      return
    }
    showUnconnected(untold, { ending, reason: 'Asking the system keyring for it…', canTryAgain: false })
    const key = await secrets.decrypt(encryptedKey)
    await exclusively(async () => {
      if (monitor !== null || store.account()?.encryptedKey !== encryptedKey) return
      if (key.ok) await connect(account, key.value.text)
      else {
        const reason = `The system keyring does not give it out: ${key.error}.`
        showUnconnected(untold, { ending, reason, canTryAgain: true })
      }
    })
    if (key.ok && key.value.isOutdated) await keeper.renew(account, key.value.text)
  }

  /** With a key that was kept. */
  async function connect(account: AccountRecord, key: string): Promise<void> {
    const { id, keyEnding } = account
    const baseUrl = chosenBaseUrl()
    const kept = (reason: string): KeptKey => ({ ending: keyEnding, reason, canTryAgain: true })
    if (!baseUrl.ok) {
      showUnconnected(untold, kept(baseUrl.error))
      return
    }
    const { href, host } = baseUrl.value
    if (href !== account.baseUrl) {
      // A key is never shown to another host than the one that it was given for.
      showUnconnected(untold, kept(`It is for ${account.baseUrl}. Paste one for ${href}.`))
      return
    }
    const keyStorage = secrets.storage
    await watch({ id, isDemo: false, host, keyStorage, keyEnding }, providerFor(href, key, hosts))
  }

  async function testKey(): Promise<KeyVerdict> {
    const account = monitor?.snapshot().account
    if (provider === null || !account) return { kind: 'undecided', message: 'No key is in use.' }
    const trial = await tryKey(provider)
    if (!trial.ok) return trial.error
    const { podIds, balanceUsd } = trial.value
    const { keyEnding: ending = '', keyStorage: storage } = account
    return { kind: 'accepted', podCount: podIds.length, balanceUsd, ending, storage }
  }

  async function startDemo(): Promise<void> {
    const { createDemo, demoSettings } = await import('../../simulator/demo') // The start does without it.
    const started = await createDemo()
    const ofDemo = providerFor(`${started.simulator.url}/v2`, started.key, 'loopback-only')
    const account = { id: 'demo', isDemo: true, host: 'this computer', keyStorage: 'none-needed' } as const
    await watch(account, ofDemo, () => ({ ...store.settings(), ...demoSettings }))
    demo = started
  }

  async function disconnect(): Promise<Result<void, string>> {
    const wasDemo = monitor?.snapshot().account?.isDemo ?? false
    await leave()
    const erased = wasDemo ? ok(undefined) : store.saveAccount(null)
    showUnconnected([])
    // Not waited for: it queues behind this change.
    if (wasDemo) void restore()
    return erased.ok ? erased : fail(`The key could not be erased: ${erased.error}. Try again`)
  }

  return {
    restore,
    snapshot: () => current,
    histories: (podIds) => monitor?.histories(podIds) ?? [],
    costs: (month) => monitor?.costs(month) ?? null,

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
        return await exclusively(() => tryPasted(key))
      } finally {
        isTryingKey = false
      }
    },

    testKey,
    startDemo: () => exclusively(startDemo),
    steerDemo(command) {
      const steered = steerDemo(demo, command)
      monitor?.refresh()
      return steered
    },
    disconnect: () => exclusively(disconnect),

    ask: (request) => (monitor ? request(monitor) : fail('No account is connected.')),
    provider: () => provider,
    adopt: (intents) => monitor?.adopt(intents.filter(({ accountId }) => accountId === current.account?.id)),
    refresh: () => monitor?.refresh(),
    redraw() {
      if (monitor) monitor.redraw()
      else publish(received)
    },
    dismissNotice(noticeId) {
      storeNotices.dismiss(noticeId)
      if (monitor) monitor.dismissNotice(noticeId)
      else publish({ ...received, notices: received.notices.filter(({ id }) => id !== noticeId) })
    },
    suspend: () => monitor?.suspend(),
    resume: () => monitor?.resume(),
    wake: () => monitor?.wake(),
    look: () => monitor?.look(),
    end: async () => monitor?.end(),
    dispose() {
      monitor?.dispose()
      void demo?.simulator.close()
    },
  }
}
