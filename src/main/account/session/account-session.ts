import { type AccountId, parsePodKey } from '../../../core/pods/pod'
import type { Monitor } from '../../../core/monitor/monitor-types'
import { fail, ok, type Result } from '../../../core/base/result'
import { createAccountEditing, isToBeWatched } from './account-editing'
import { accountText, sessionText } from '../account-text'
import { type AccountList, type AccountListContext, createAccountList } from './account-list'
import { createAccountProviders } from './create-account-providers'
import { createAccountPrompts } from '../account-prompts'
import type { AccountSessionOptions } from '../account-session-options'
import type { KeyCheckResult } from '../../../shared/requests/account-requests'
import type { AccountSession } from '../account-session-types'
import { createDemoAccount } from './demo-account'
import { DEMO_ID } from './demo-entry'
import { createKeyStore, openActionsProblem } from '../key/key-store'
import { checkKey } from '../key/verify-key'
import { createLabKeys } from './lab-keys'
import { createPasteKey } from './paste-key'
import { createPodHistories } from '../pod-histories'
import { createSessionSnapshots } from '../session-snapshots'
import { createTakeoverRepublish } from '../../../core/monitor/takeover'
import { overallBudgets } from '../../../core/money/account-settings'
import { restoreAccounts } from './restore-accounts'

export function createAccountSession(options: AccountSessionOptions): AccountSession {
  const { clock, store, auditLog, folderHost } = options
  const prompts = createAccountPrompts(options.ask)
  let pendingChange: Promise<unknown> = Promise.resolve()

  function runExclusively<T>(change: () => Promise<T>): Promise<T> {
    const result = pendingChange.then(change)
    pendingChange = result.catch(() => {})
    return result
  }

  const providers = createAccountProviders(options)

  const keyStore = createKeyStore({
    store,
    journal: folderHost.lock.journal,
    keyring: options.keyring,
    recordedPodIds: options.recordedPodIds,
    shownPodIds: (accountId) =>
      find(accountId)
        ?.accountSnapshot()
        .snapshot.pods.map(({ id }) => id) ?? [],
  })
  const demo = createDemoAccount({
    session: options,
    providers,
    onChange: () => snapshots.changed(),
    onViewChange: () => snapshots.republish(),
  })

  const shared = { session: options, keyStore, prompts, runExclusively, onChange: () => snapshots.changed() }
  const list: AccountList = createAccountList(shared)
  const { find, records } = list

  const monitor = (accountId: AccountId): Monitor | null =>
    demo.isRunning() ? demo.monitor(accountId) : (find(accountId)?.monitor() ?? null)

  function monitors(): readonly Monitor[] {
    if (demo.isRunning()) return demo.monitors()
    return list.all().flatMap((one) => one.monitor() ?? [])
  }

  const snapshots = createSessionSnapshots({
    ...options,
    budgets: () => overallBudgets(store.settings()),
    accountSnapshots: () =>
      demo.isRunning() ? demo.accountSnapshots() : list.all().map((one) => one.accountSnapshot()),
    lastSnapshotOf: options.lastSnapshots.of,
    rulesAtServer: (id) => (demo.isRunning() ? null : folderHost.servers.rulesThere(id)),
    demo: demo.view,
    queueView: () => (demo.isRunning() ? (demo.queue()?.view() ?? null) : folderHost.queue.view()),
    republishOnTakeover: createTakeoverRepublish(monitors),
    republishMonitors() {
      for (const one of monitors()) one.republish()
    },
  })
  const stopOverallBudget = snapshots.subscribe(({ accounts, money }) => {
    // Nothing of the demo is in the history of alerts.
    if (!demo.isRunning()) folderHost.checkOverallBudget(accounts.length, money)
  })

  const context: AccountListContext = { ...shared, list, providers, isDemo: demo.isRunning, leaveDemo }
  const restore = (): Promise<void> => restoreAccounts(context)

  async function startDemo(): Promise<Result<boolean, string>> {
    // Asked outside of `runExclusively`: a question without an answer holds up no other account.
    const openActions = (): string | null =>
      list
        .all()
        .map((one) => openActionsProblem(one.accountSnapshot().snapshot, DEMO_ID, sessionText.startDemoAgain))
        .find((problem) => problem !== null) ?? null
    const problem = openActions()
    if (problem !== null) return fail(problem)
    const mayStart =
      demo.isRunning() || monitors().length === 0 ? ok(true) : await prompts.mayStartDemo(records())
    if (!mayStart.ok || !mayStart.value) return mayStart
    return runExclusively(async () => {
      const newProblem = openActions()
      if (newProblem !== null) return fail(newProblem)
      await demo.end()
      auditLog.endDemo()
      for (const one of list.all()) one.pause()
      await demo.start()
      return ok(true)
    })
  }

  async function leaveDemo(): Promise<void> {
    if (!demo.isRunning()) return
    await demo.end()
    auditLog.endDemo()
    for (const one of list.all()) if (isToBeWatched(one)) one.watchAgain()
    snapshots.changed()
    // For those whose key was not read before. Not awaited, because it is queued behind this change.
    void restore()
  }

  async function testKey(accountId: AccountId): Promise<KeyCheckResult> {
    const account = find(accountId)
    const provider = account?.provider() ?? null
    const view = account?.accountSnapshot().snapshot.account ?? null
    if (account === null || provider === null || view === null)
      return { kind: 'undecided', message: sessionText.noKey }
    const check = await checkKey(provider, account.record().provider)
    if (!check.ok) return check.error
    const { podIds, balanceUsd } = check.value
    const { id: _, ...record } = account.record()
    return {
      kind: 'accepted',
      podCount: podIds.length,
      balanceUsd,
      ending: record.keyEnding,
      storage: view.keyStorage,
      accountId,
      accountName: record.name,
      isNew: false,
    }
  }

  function withMonitor<T>(
    accountId: AccountId,
    request: (monitor: Monitor) => Result<T, string>,
  ): Result<T, string> {
    const found = monitor(accountId)
    return found === null ? fail(accountText.notConnected) : request(found)
  }

  return {
    restore,
    snapshot: snapshots.snapshot,
    shownSnapshot: snapshots.shownSnapshot,
    subscribe: snapshots.subscribe,
    republish: snapshots.republish,
    pasteKey: createPasteKey(context),
    ...createLabKeys(context),
    ...createAccountEditing(context, restore),
    testKey,
    async answerAccountQuestion(accountId, isSameAccount) {
      return find(accountId)?.answerQuestion(isSameAccount) ?? fail(accountText.notConnected)
    },
    orderAccounts(accountIds) {
      const saved = store.orderAccounts(accountIds)
      list.reorder()
      snapshots.changed()
      return saved.ok ? saved : fail(sessionText.notStored(saved.error))
    },
    startDemo,
    leaveDemo: () => runExclusively(leaveDemo),
    demoQueue: demo.queue,
    runDemoCommand: demo.runCommand,
    histories: createPodHistories({
      monitor,
      usageHistories: folderHost.usageHistories,
      nowMs: () => clock.now().wallMs,
    }),
    costs: (accountId, month) => monitor(accountId)?.costs(month) ?? null,
    monitors,
    monitor,
    withMonitor,
    withPod(podKey, request) {
      const { accountId, podId } = parsePodKey(podKey)
      return withMonitor(accountId, (found) => request(found, podId))
    },
    provider: (accountId) =>
      demo.isRunning() ? demo.provider(accountId) : (find(accountId)?.provider() ?? null),
    keeperOf: (accountId) => (demo.isRunning() ? null : folderHost.servers.keeperOf(accountId)),
    ...createAllMonitors(monitors),
    shutDown: async () => void (await Promise.all(monitors().map((one) => one.shutDown()))),
    dispose() {
      options.lastSnapshots.save()
      stopOverallBudget()
      snapshots.dispose()
      for (const one of list.all()) one.dispose()
      void demo.end()
    },
  }
}

/** The requests that concern the monitors of all accounts, or the one of them that knows what is asked for. */
function createAllMonitors(
  monitors: () => readonly Monitor[],
): Pick<AccountSession, 'undo' | 'refresh' | 'suspend' | 'resume' | 'wake' | 'checkWatchdog'> {
  const eachMonitor = (run: (monitor: Monitor) => void) => (): void => monitors().forEach(run)

  return {
    undo(intentId) {
      const isOf = (one: Monitor): boolean =>
        one.snapshot().pods.some(({ intent }) => intent?.id === intentId)
      const owner = monitors().find(isOf)
      if (owner !== undefined) return owner.undo(intentId)
      // The pod of an intent may be gone. A monitor refuses those that it doesn't know.
      let refusal: Result<void, string> = fail(accountText.notConnected)
      for (const one of monitors()) {
        refusal = one.undo(intentId)
        if (refusal.ok) break
      }
      return refusal
    },
    refresh: eachMonitor((one) => one.refresh()),
    suspend: eachMonitor((one) => one.suspend()),
    resume: eachMonitor((one) => one.resume()),
    wake: eachMonitor((one) => one.wake()),
    checkWatchdog: eachMonitor((one) => one.checkWatchdog()),
  }
}
