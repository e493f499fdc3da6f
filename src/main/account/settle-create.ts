import { fail, ok, type Result } from '../../core/base/result'
import type { CreateIntent } from '../../core/creation/create-intent'
import type { CreatePlan } from '../../core/creation/create-plan'
import type { Monitor } from '../../core/monitor/monitor-types'
import type { Environment } from '../../core/pods/pod-request'
import { accountText } from './account-text'

/**
 * Creates a pod, and resolves once it was accepted, or will not be made. A create whose answer is not clear goes on
 * after that, and its error says so.
 */
export function settleCreate(
  monitor: Pick<Monitor, 'createPod' | 'onCreate'>,
  plan: CreatePlan,
  environment: Environment,
): Promise<Result<void, string>> {
  return new Promise((resolve) => {
    let id: string | null = null
    const unsubscribe = monitor.onCreate((create) => {
      if (create.id === id) finish(outcomeOf(create))
    })
    function finish(outcome: Result<void, string> | null): void {
      if (outcome === null) return
      unsubscribe()
      resolve(outcome)
    }
    const created = monitor.createPod(plan, environment, false)
    if (created.ok) id = created.value
    else finish(created)
  })
}

/** Null: it is not known yet. */
function outcomeOf({ phase, message, isUnclear }: CreateIntent): Result<void, string> | null {
  switch (phase) {
    case 'accepted':
    case 'observed':
      return ok(undefined)
    case 'failed':
    case 'cancelled':
    case 'did-not-happen':
      return fail(message ?? accountText.notCreated)
    default:
      return isUnclear ? fail(accountText.createUnclear(message ?? '')) : null
  }
}
