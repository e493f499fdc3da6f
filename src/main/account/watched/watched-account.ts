import type { UnusableKey } from '../../../core/polling/connection'
import type { Monitor } from '../../../core/monitor/monitor-types'
import type { Provider } from '../../../core/pods/provider'
import type { Result } from '../../../core/base/result'
import { type AccountRecord, watchesEndpoints, watchesNewPods } from '../../../core/settings/account-record'
import type { Settings } from '../../../core/settings/settings'
import type { AccountSnapshot } from '../../../core/view/merge-snapshots'
import {
  type AccountEntry,
  type AccountView,
  emptySnapshot,
  type Snapshot,
} from '../../../core/view/snapshot'
import { chooseApiAddress } from '../api-address'
import { type AccountIdentityOptions, createAccountIdentity } from './account-identity'
import type { SessionContext } from '../account-session-options'

export type KeyDetails = Pick<AccountView, 'host' | 'keyStorage' | 'sessionOnlyReason' | 'keyEnding'>

export interface WatchedAccountOptions extends Pick<AccountIdentityOptions, 'becomes'> {
  /** As it is stored, or as it was when it could not be stored. */
  readonly record: () => AccountRecord
  readonly settings: () => Settings
  /** Whether there are other accounts. */
  readonly hasOthers: () => boolean
}

/** One account of the session, with its monitor while its key is in use. */
export interface WatchedAccount {
  record(): AccountRecord
  accountSnapshot(): AccountSnapshot
  monitor(): Monitor | null
  provider(): Provider | null
  /** Watches with this key from now on. */
  watch(provider: Provider, details: KeyDetails): void
  /** Uses this key from now on; one that is paused stays so. */
  replaceKey(provider: Provider, details: KeyDetails): void
  /** Watches again with the key that was used last; false where there is none. */
  watchAgain(): boolean
  /** Ends the watch. Without `why` the last snapshot stays until the next one. */
  pause(why?: Omit<UnusableKey, 'ending'>): void
  answerQuestion(isSameAccount: boolean): Promise<Result<boolean, string>>
  dispose(): void
}

export function createWatchedAccount(
  context: SessionContext,
  options: WatchedAccountOptions,
): WatchedAccount {
  const { session, onChange } = context
  const { record, settings } = options
  const { clock, notices } = session
  let monitor: Monitor | null = null
  let provider: Provider | null = null
  let inUse: { readonly provider: Provider; readonly details: KeyDetails } | null = null
  /** Shown while there is no monitor. */
  let frozen: Snapshot = emptySnapshot(clock.now().wallMs, [])

  function watch(next: Provider, details: KeyDetails): void {
    stop()
    inUse = { provider: next, details }
    const { id, possibleAccountId, lab } = record()
    const earlier = session.store.knownAccounts().find((known) => known.id === possibleAccountId)
    const question = earlier && { earlierKeyEnding: earlier.keyEnding }
    const account = { id, isDemo: false, ...details, ...question }
    const started = session.folderHost.createMonitor({
      account,
      provider: next,
      settings,
      notifier: session.notifier,
      notices,
      auditLog: session.auditLog.logForAccount(account),
      podApiBase() {
        const { url } = chooseApiAddress(session.baseUrl, settings().runpodBaseUrl, session.hosts)
        return url.ok ? url.value.href.replace(/\/$/, '') : null
      },
      label: () => (options.hasOthers() ? record().name : null),
      isRunpod: lab === undefined,
      isUnclear: question !== undefined,
      addedAtMs: record().addedAtMs ?? null,
    })
    provider = next
    monitor = started
    monitor.subscribe(onChange)
    monitor.start()
    identity.follow(next)
    onChange()
  }

  function stop(): void {
    identity.stop()
    if (monitor === null) return
    const { id } = record()
    monitor.dispose()
    // Nothing is known of the pods of an account that a person paused.
    frozen = record().isPaused === true ? emptySnapshot(clock.now().wallMs, []) : monitor.snapshot()
    monitor = null
    provider = null
    notices.dismissAccount(id)
    session.onAccountChange()
  }

  const identity = createAccountIdentity(context, {
    account: () => (monitor === null ? null : record()),
    snapshot: () => monitor?.snapshot(),
    becomes: options.becomes,
    notify: (text) =>
      notices.add({
        id: `account ${record().id}`,
        accountId: record().id,
        podId: null,
        text,
        atMs: clock.now().wallMs,
      }),
  })

  return {
    record,
    accountSnapshot: () => ({
      entry: toEntry(record(), inUse?.details, provider?.webFallback?.().features),
      snapshot: monitor?.snapshot() ?? frozen,
    }),
    monitor: () => monitor,
    provider: () => provider,
    watch,
    replaceKey(next, details) {
      if (record().isPaused === true) inUse = { provider: next, details }
      else watch(next, details)
      onChange()
    },
    watchAgain() {
      if (inUse === null) return false
      watch(inUse.provider, inUse.details)
      return true
    },
    pause(why) {
      stop()
      if (why !== undefined)
        frozen = emptySnapshot(clock.now().wallMs, [], { ending: record().keyEnding, ...why })
      onChange()
    },
    answerQuestion: identity.answer,
    dispose() {
      identity.stop()
      monitor?.dispose()
    },
  }
}

function toEntry(
  record: AccountRecord,
  details: KeyDetails | undefined,
  webFeatures: AccountEntry['webFeatures'],
): AccountEntry {
  const { id, name, color, baseUrl, keyEnding, provider, lab, isPaused = false } = record
  const { monthlyBudgetUsd = null, dailyBudgetUsd = null } = record
  return {
    id,
    name,
    color,
    isDemo: false,
    host: details?.host ?? new URL(baseUrl).host,
    keyEnding,
    ...(provider !== undefined && { provider }),
    ...(lab !== undefined && { lab }),
    ...(webFeatures !== undefined && { webFeatures }),
    isPaused,
    monthlyBudgetUsd,
    dailyBudgetUsd,
    watchesNewPods: watchesNewPods(record),
    watchesEndpoints: watchesEndpoints(record),
  }
}
