import type { Clock } from '../base/clock'
import type { Snapshot } from './snapshot'

/** Draws snapshots, and publishes one at most once per task, however many changes it takes in. */
export interface SnapshotPublisher {
  /** The current one; draws it when something changed since the last. */
  readonly snapshot: () => Snapshot
  /** Something changed. */
  readonly publish: () => void
  readonly subscribe: (listener: (snapshot: Snapshot) => void) => () => void
  /** Publishes what is still to be published, and nothing afterward. */
  dispose(): void
}

export interface SnapshotPublisherOptions {
  readonly clock: Pick<Clock, 'defer'>
  /** Revisions rise. */
  readonly draw: (revision: number) => Snapshot
  /** Must not throw. */
  readonly report: (what: string, cause: unknown) => void
}

export function createSnapshotPublisher({
  clock,
  draw,
  report,
}: SnapshotPublisherOptions): SnapshotPublisher {
  const listeners = new Set<(snapshot: Snapshot) => void>()
  let revision = 0
  let current = draw(revision)
  let isStale = false
  let isPublicationDue = false
  let isDisposed = false

  /** What was asked for, or observed, goes on even if it cannot be shown. */
  function runSafely(attempt: () => void): void {
    try {
      attempt()
    } catch (cause) {
      report('The picture could not be shown', cause)
    }
  }

  function snapshot(): Snapshot {
    if (!isStale) return current
    isStale = false
    runSafely(() => (current = draw(revision)))
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
