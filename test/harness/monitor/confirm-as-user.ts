import { confirm, type Confirmed, shownPod } from '../../../src/core/confirmation/confirmation'
import type { Monitor } from '../../../src/core/monitor/monitor-types'
import type { PodId } from '../../../src/core/pods/pod'

/** The confirmation of a user who is shown the pod now and types the required text. */
export function confirmed({ accountPods }: Pick<Monitor, 'accountPods'>, podId: PodId): Confirmed {
  const { accountId, pods } = accountPods()
  const pod = pods.find(({ id }) => id === podId)
  const shown = pod && shownPod(accountId, pod, pods)
  const yes = shown && confirm(shown, shown.acceptedInputs[0] ?? '')
  if (!yes) throw new Error(`${podId} cannot be confirmed`)
  return yes
}
