import { fail, ok } from '../../core/base/result'
import { isOpen } from '../../core/intents/intent'
import type { Monitor } from '../../core/monitor/monitor-types'
import { accountOperations, type OperationRequester } from '../../core/operations/account-operations'
import type { ControlActions, ControlEvents, ControlRefusal } from './control-requests'

/** The creates of one command. */
export interface ControlCreates {
  readonly handlers: Pick<ControlActions, 'createPod' | 'undoCreate'>
  /** Whether one that it asked for is under way. */
  isFollowing(): boolean
  /** What was begun goes on. */
  dispose(): void
}

export function createControlCreates(
  ownMonitor: () => Monitor | null,
  events: Pick<ControlEvents, 'onCreate'>,
  noAccount: ControlRefusal,
  by: OperationRequester,
): ControlCreates {
  /** By id: whether it is open. */
  const followed = new Map<string, boolean>()
  const unsubscribes = new Map<Monitor, () => void>()

  function follow(monitor: Monitor): void {
    if (unsubscribes.has(monitor)) return
    const stop = monitor.onCreate((create) => {
      if (!followed.has(create.id)) return
      followed.set(create.id, isOpen(create))
      events.onCreate(create)
    })
    unsubscribes.set(monitor, stop)
  }

  return {
    handlers: {
      async createPod(plan, environment) {
        const monitor = ownMonitor()
        if (monitor === null) return fail(noAccount)
        const created = accountOperations(monitor, by).createPod(plan, environment)
        if (!created.ok) return created
        // Its first step was before its id was known; the others follow.
        followed.set(created.value, true)
        follow(monitor)
        return ok(created.value)
      },
      async undoCreate(createId) {
        const monitor = ownMonitor()
        return monitor === null ? fail(noAccount) : monitor.undoCreate(createId)
      },
    },
    isFollowing: () => [...followed.values()].some((isUnderWay) => isUnderWay),
    dispose() {
      for (const unsubscribe of unsubscribes.values()) unsubscribe()
      unsubscribes.clear()
    },
  }
}
