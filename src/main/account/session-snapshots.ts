import { createListeners } from '../../core/base/listeners'
import type { Clock } from '../../core/base/clock'
import type { Monitor } from '../../core/monitor-types'
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
  /** Unix ms; null while alerts are not paused. */
  readonly alertsPausedUntilMs: () => number | null
}

/** The app's snapshots, for any account. The only place that adds data which monitors do not have. */
export interface SessionSnapshots {
  /** The current snapshot. */
  readonly snapshot: () => Snapshot
  /**
   * Calls back after changes, at most once per task, each time with a higher revision. Returns a function
   * that unsubscribes.
   */
  readonly subscribe: (listener: (snapshot: Snapshot) => void) => () => void
  /** Call when data changed that snapshots contain and monitors do not have. */
  readonly republish: () => void
  /** Shows this monitor from now on. */
  watch(monitor: Monitor): void
  /** The monitor ended. Its last snapshot is shown until something replaces it. */
  freeze(): void
  /** Shows that no account is connected. */
  showDisconnected(keptKey?: UnusableKey): void
  dispose(): void
}

export function createSessionSnapshots(options: SessionSnapshotsOptions): SessionSnapshots {
  const { clock, store, notices, auditLog, alertsPausedUntilMs } = options
  const listeners = createListeners<[Snapshot]>()
  let monitor: Monitor | null = null
  /** Shown while there is no monitor. */
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
    // Windows need revisions that increase across monitors, to discard outdated snapshots.
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

  /** A monitor publishes at most once per task, so with a monitor everything is published through it. */
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
