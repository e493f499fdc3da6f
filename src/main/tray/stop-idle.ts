import { fail, ok, type Result } from '../../core/base/result'
import { type Ask, askWhether } from '../../core/confirmation/question-queue'
import type { PodKey } from '../../core/pods/pod'
import type { Snapshot } from '../../core/view/snapshot'
import { stopIdlePlan } from '../../core/view/stops/stop-plan'
import { notStoppedText, stopIdleQuestion } from '../../core/view/tray/stop-idle-question'
import type { BulkPodRequests } from '../account/requests/bulk-requests'

/**
 * Asks in main's own window about all idle pods, and stops those that are still idle, and keep their data, after the
 * yes. The error says in a sentence what was not stopped. See docs/product-rules.md#43-stop.
 */
export async function stopIdlePods(
  snapshot: () => Snapshot,
  ask: Ask,
  requests: Pick<BulkPodRequests, 'stopPods'>,
): Promise<Result<void, string>> {
  const shown = snapshot()
  const { stopped: asked, leftOut } = stopIdlePlan(shown.pods)
  if (asked.length === 0) return ok(undefined)
  const answer = await askWhether(ask, stopIdleQuestion({ stopped: asked, leftOut }, shown))
  if (!answer.ok) return answer
  if (!answer.value) return ok(undefined)
  const now = new Set<PodKey>(stopIdlePlan(snapshot().pods).stopped.map(({ key }) => key))
  const changed = asked.filter(({ key }) => !now.has(key))
  const failures = await requests.stopPods(asked.flatMap(({ key }) => (now.has(key) ? [key] : [])))
  const problems = [
    ...(changed.length === 0 ? [] : [notStoppedText(changed)]),
    ...new Set(failures.map(({ message }) => message)),
  ]
  return problems.length === 0 ? ok(undefined) : fail(problems.join(' '))
}
