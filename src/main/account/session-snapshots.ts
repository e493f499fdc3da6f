import { createListeners } from '../../core/base/listeners'
import type { Clock } from '../../core/base/time/clock'
import type { Budgets } from '../../core/money/money-view'
import { type AccountSnapshot, mergeSnapshots } from '../../core/view/merge-snapshots'
import type { Notices } from '../../core/view/notices'
import { createPodColors, type PodColorStore } from '../../core/view/pod-colors'
import { type DemoView, demoNowMs } from '../../core/view/demo/demo-view'
import type { QueueView } from '../../core/queue/queue-view'
import { withLastSnapshot } from '../../core/view/last-snapshot/last-snapshot'
import type { LastSnapshot } from '../../core/view/last-snapshot/last-snapshot-codec'
import type { AccountId } from '../../core/pods/pod'
import { type ShownServerRules, withServerRules } from '../../core/view/window/server-rules'
import { emptySnapshot, type Snapshot } from '../../core/view/snapshot'
import type { AppStore } from '../settings/app-store'
import type { SessionAuditLog } from './session-audit-log'

export interface SessionSnapshotsOptions {
  readonly clock: Clock
  readonly store: Pick<AppStore, 'drainProblems'>
  readonly notices: Notices
  readonly auditLog: Pick<SessionAuditLog, 'view' | 'onChange'>
  /** Unix ms; null while alerts are not paused. */
  readonly alertsPausedUntilMs: () => number | null
  /** Those of all accounts together. */
  readonly budgets: () => Budgets
  /** The accounts as they are now, in the person's order. */
  readonly accountSnapshots: () => readonly AccountSnapshot[]
  /** Null: there is no queue, as in a demo without one. */
  readonly queueView: () => QueueView | null
  /** See `createTakeoverRepublish`. */
  readonly republishOnTakeover: () => void
  readonly podColors: PodColorStore
  /** The pods of an earlier run, until the account is listed in this one. */
  readonly lastSnapshotOf: (accountId: AccountId) => LastSnapshot | null
  /** See `withServerRules`. */
  readonly rulesAtServer: (accountId: AccountId) => ShownServerRules | null
  /** What the windows know of the demo; null: it doesn't run. */
  readonly demo: () => DemoView | null
  /** Has each monitor publish its snapshot again. */
  readonly republishMonitors: () => void
}

/** The app's snapshots, of all accounts. The only place that adds data which monitors do not have. */
export interface SessionSnapshots {
  /** The current snapshot. */
  readonly snapshot: () => Snapshot
  /**
   * The same for windows: with the pods of an earlier run until those of this one are known, and with the rules of a
   * server that keeps the account. Nothing else may use it, because nothing in it but `snapshot` was observed.
   */
  readonly shownSnapshot: () => Snapshot
  /**
   * Calls back after changes, at most once per task, each time with a higher revision. Returns a function
   * that unsubscribes.
   */
  readonly subscribe: (listener: (snapshot: Snapshot) => void) => () => void
  /** Call when an account or its snapshot changed. */
  readonly changed: () => void
  /** Call when data changed that snapshots contain and monitors do not have. */
  readonly republish: () => void
  dispose(): void
}

export function createSessionSnapshots(options: SessionSnapshotsOptions): SessionSnapshots {
  const { clock, store, notices, auditLog, alertsPausedUntilMs } = options
  const listeners = createListeners<[Snapshot]>()
  const podColors = createPodColors(options.podColors)
  /** Nothing of the demo outlives it. */
  const demoColors = createPodColors()
  let current = emptySnapshot(clock.now().wallMs, [])
  /** What `current` was merged from. */
  let mergedFrom: readonly AccountSnapshot[] | null = null
  let published: Snapshot | null = null
  let revision = 0
  let problemCount = 0
  let isPublicationDue = false
  let isDisposed = false

  function snapshot(): Snapshot {
    takeStoreProblems()
    const accountSnapshots = options.accountSnapshots()
    if (mergedFrom !== null && isUnchanged(mergedFrom, accountSnapshots)) return current
    mergedFrom = accountSnapshots
    revision += 1
    current = merge(accountSnapshots)
    return current
  }

  function merge(accountSnapshots: readonly AccountSnapshot[]): Snapshot {
    const demo = options.demo()
    const realNowMs = clock.now().wallMs
    const nowMs = demo === null ? realNowMs : demoNowMs(demo.clock, realNowMs)
    const queue = options.queueView()
    const merged = mergeSnapshots(accountSnapshots, options.budgets(), nowMs)
    return {
      ...merged,
      ...(demo && { demo }),
      ...(queue && { queue }),
      pods: (demo === null ? podColors : demoColors).paint(merged.pods),
      revision,
      notices: notices.all(),
      auditLog: auditLog.view(),
      alertsPausedUntilMs: alertsPausedUntilMs(),
    }
  }

  function shownSnapshot(): Snapshot {
    const observed = snapshot()
    const accountSnapshots = mergedFrom ?? []
    const nowMs = clock.now().wallMs
    const shown = accountSnapshots.map((one) =>
      withServerRules(
        withLastSnapshot(one, options.lastSnapshotOf(one.entry.id), nowMs),
        options.rulesAtServer(one.entry.id),
      ),
    )
    return shown.every((one, index) => one === accountSnapshots[index]) ? observed : merge(shown)
  }

  function takeStoreProblems(): void {
    for (const text of store.drainProblems()) {
      problemCount += 1
      const atMs = clock.now().wallMs
      notices.add({ id: `store-${problemCount}`, accountId: null, podId: null, text, atMs })
    }
  }

  /** Monitors publish at most once per task, and all that were due then are published together. */
  function changed(): void {
    if (isPublicationDue) return
    isPublicationDue = true
    clock.defer(() => {
      isPublicationDue = false
      options.republishOnTakeover()
      const next = snapshot()
      // A monitor may tell of a change that was published already.
      if (isDisposed || next === published) return
      published = next
      listeners.notify(next)
    })
  }

  function republish(): void {
    mergedFrom = null
    options.republishMonitors()
    changed()
  }

  takeStoreProblems()
  notices.onChange(republish)
  auditLog.onChange(republish)
  return {
    snapshot,
    shownSnapshot,
    subscribe: listeners.add,
    changed,
    republish,
    dispose() {
      isDisposed = true
    },
  }
}

/** Names and colors are stored elsewhere, so entries are compared by their content. */
function isUnchanged(before: readonly AccountSnapshot[], now: readonly AccountSnapshot[]): boolean {
  return (
    before.length === now.length &&
    before.every(({ entry, snapshot }, index) => {
      const other = now[index]
      return snapshot === other?.snapshot && JSON.stringify(entry) === JSON.stringify(other.entry)
    })
  )
}
