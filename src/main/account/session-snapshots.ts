import { createListeners } from '../../core/base/listeners'
import type { Clock } from '../../core/base/clock'
import type { Monitor } from '../../core/monitor'
import type { UnusableKey } from '../../core/polling/connection'
import type { Notices } from '../../core/view/notices'
import { emptySnapshot, type Snapshot } from '../../core/view/snapshot'
import type { AppStore } from '../settings/app-store'
import type { SessionAuditLog } from './session-audit-log'

export interface SessionSnapshotsOptions {
  readonly clock: Clock
  readonly store: Pick<AppStore, 'drainProblems'>
  readonly notices: Notices
  readonly auditLog: Pick<SessionAuditLog, 'view' | 'onChange'>
  /** Unix ms; null: they are not. */
  readonly alertsPausedUntilMs: () => number | null
}

/** The snapshots of the app, whatever account is watched: the only place that adds what no monitor knows. */
export interface SessionSnapshots {
  /** The current one. */
  readonly snapshot: () => Snapshot
  /** Calls back after changes, at most once per task, each time with a higher revision. Returns what unsubscribes. */
  readonly subscribe: (listener: (snapshot: Snapshot) => void) => () => void
  /** Something that snapshots show and no monitor knows has changed. */
  readonly republish: () => void
  /** From now on this monitor is shown. */
  watch(monitor: Monitor): void
  /** Its monitor ended; what it showed last stays until something else is shown. */
  freeze(): void
  /** Shows that no account is watched. */
  showDisconnected(keptKey?: UnusableKey): void
  dispose(): void
}

export function createSessionSnapshots(options: SessionSnapshotsOptions): SessionSnapshots {
  const { clock, store, notices, auditLog, alertsPausedUntilMs } = options
  const listeners = createListeners<[Snapshot]>()
  let monitor: Monitor | null = null
  /** What is shown while no monitor watches. */
  let frozen = emptySnapshot(clock.now().wallMs, [])
  let drawnFrom: Snapshot | null = null
  let current = frozen
  let revision = 0
  let problemCount = 0
  let isPublicationDue = false
  let isDisposed = false

  function snapshot(): Snapshot {
    takeStoreProblems()
    const base = monitor?.snapshot() ?? frozen
    if (base === drawnFrom) return current
    drawnFrom = base
    // Monitors count for themselves; windows want one count, to drop what is older than what they show.
    revision += 1
    current = {
      ...base,
      revision,
      notices: notices.all(),
      auditLog: auditLog.view(),
      alertsPausedUntilMs: alertsPausedUntilMs(),
    }
    return current
  }

  function takeStoreProblems(): void {
    for (const text of store.drainProblems()) {
      problemCount += 1
      notices.add({ id: `store-${problemCount}`, podId: null, text, atMs: clock.now().wallMs }, 'app')
    }
  }

  function publish(): void {
    if (!isDisposed) listeners.notify(snapshot())
  }

  /** A monitor publishes at most once per task, so with one everything goes through it. */
  function republish(): void {
    if (monitor !== null) {
      monitor.republish()
      return
    }
    frozen = { ...frozen }
    if (isPublicationDue) return
    isPublicationDue = true
    clock.defer(() => {
      isPublicationDue = false
      if (monitor === null) publish()
    })
  }

  takeStoreProblems()
  notices.onChange(republish)
  auditLog.onChange(republish)
  return {
    snapshot,
    subscribe: listeners.add,
    republish,
    watch(next) {
      monitor = next
      monitor.subscribe(publish)
      monitor.republish()
    },
    freeze() {
      if (monitor !== null) frozen = monitor.snapshot()
      monitor = null
    },
    showDisconnected(keptKey) {
      frozen = emptySnapshot(clock.now().wallMs, [], keptKey)
      republish()
    },
    dispose() {
      isDisposed = true
    },
  }
}
