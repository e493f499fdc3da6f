import type { Clock } from '../base/time/clock'
import type { Snapshot } from './snapshot'

/** Creates snapshots and publishes at most one per task, however many changes it includes. */
export interface SnapshotPublisher {
  /** The current snapshot, created again if something changed. */
  readonly snapshot: () => Snapshot
  /** Must be called after a change. */
  readonly publish: () => void
  readonly subscribe: (listener: (snapshot: Snapshot) => void) => () => void
  /** Publishes what is pending, and nothing afterward. */
  dispose(): void
}

export interface SnapshotPublisherOptions {
  readonly clock: Pick<Clock, 'defer'>
  /** `revision` increases with each call. */
  readonly create: (revision: number) => Snapshot
  /** Must not throw. */
  readonly report: (what: string, cause: unknown) => void
}

export function createSnapshotPublisher({
  clock,
  create,
  report,
}: SnapshotPublisherOptions): SnapshotPublisher {
  const listeners = new Set<(snapshot: Snapshot) => void>()
  let revision = 0
  let current = create(revision)
  let isStale = false
  let isPublicationDue = false
  let isDisposed = false

  /** Polling and actions continue even if the snapshot cannot be shown. */
  function runSafely(attempt: () => void): void {
    try {
      attempt()
    } catch (cause) {
      report('The snapshot could not be published', cause)
    }
  }

  function snapshot(): Snapshot {
    if (!isStale) return current
    isStale = false
    runSafely(() => (current = create(revision)))
    return current
  }

  function flush(): void {
    if (!isPublicationDue) return
    isPublicationDue = false
    if (listeners.size === 0) return
    const published = snapshot()
    runSafely(() => {
      for (const listener of listeners) listener(published)
    })
  }

  return {
    snapshot,
    publish() {
      if (isDisposed) return
      revision += 1
      isStale = true
      if (isPublicationDue) return
      isPublicationDue = true
      clock.defer(flush)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    dispose() {
      if (isDisposed) return
      isDisposed = true
      flush()
      listeners.clear()
    },
  }
}
