import { confirm, type Confirmed, shownPod } from '../../src/core/confirmation/confirmation'
import type { Monitor } from '../../src/core/monitor'
import type { PodId } from '../../src/core/pods/pod'

/** What somebody confirms who is shown the pod now, and types what has to be typed. */
export function confirmed({ seen }: Pick<Monitor, 'seen'>, podId: PodId): Confirmed {
  const { accountId, pods } = seen()
  const pod = pods.find(({ id }) => id === podId)
  const shown = pod && shownPod(accountId, pod, pods)
  const yes = shown && confirm(shown, shown.accepts[0] ?? '')
  if (!yes) throw new Error(`${podId} cannot be confirmed`)
  return yes
}
