import { alertName } from '../alerts/alert-history'
import type { PendingAlert } from '../alerts/alert'
import type { Guard } from '../guard/account-guard'
import type { WritePermission } from '../intents/write-permission'
import type { StopAfterJob } from '../idle/sample'
import {
  DUE_SOON_MS,
  type Impediment,
  type ObstacleCode,
  type ObstacleView,
  type RuleOutlook,
} from '../obstacles/obstacle'
import type { ObstacleTracker } from '../obstacles/obstacle-tracker'
import type { GuardInPodView } from '../pod-guard/guard-in-pod-view'
import type { EarlierPod } from '../money/costs/earlier-pods'
import { outlookOfEarlier } from '../guard/earlier-outlooks'
import type { PodGuards } from '../pod-guard/pod-guards'
import { serviceOf } from '../pods/labs/service-name'
import type { Pod, PodId } from '../pods/pod'
import type { ConnectionView } from '../polling/connection'

export interface ActingRulesOptions {
  /** Whose API the account uses. */
  readonly service: string
  readonly obstacles: ObstacleTracker
  readonly guard: Pick<Guard, 'ruleOutlooks' | 'accountView'>
  readonly podGuards: Pick<PodGuards, 'viewOf' | 'couldStop'>
  readonly pods: () => readonly Pod[]
  /** See `CostTracker.earlierPods`. */
  readonly earlierPods: () => readonly EarlierPod[]
  readonly stopAfterJob: (podId: PodId) => StopAfterJob
  readonly connection: () => ConnectionView
  readonly permission: () => WritePermission
  readonly areNotificationsFailing: () => boolean
  /** Why this program only reads its data folder. */
  readonly folderObstacle: () => Impediment | null
  /** See `MonitorGuardContext`. */
  readonly saveProblem: () => string | null
}

/** Collects what keeps the rules of an account from being carried out, and says who else would act. */
export interface ActingRules {
  /** The alerts of rules that nobody can carry out. Called after each poll, failed ones included, and between polls. */
  judge(): readonly PendingAlert[]
  /** What is shown now. */
  obstacles(): readonly ObstacleView[]
}

export function createActingRules(options: ActingRulesOptions): ActingRules {
  const { obstacles, guard, podGuards } = options

  const setOneOf = (codes: readonly ObstacleCode[], found: Impediment | null): void =>
    codes.forEach((code) => obstacles.set(code, found?.code === code ? found.why : null))

  function setAccountObstacles(): void {
    setOneOf(
      ['folder-held', 'folder-format', 'folder-unusable', 'server-keeps', 'server-lost'],
      options.folderObstacle(),
    )
    setOneOf(
      ['key-refused', 'key-forbidden', 'offline'],
      connectionObstacle(options.connection(), options.service),
    )
    obstacles.set(
      'read-only-key',
      options.permission().refusedSince === null ? null : refusedText(options.service),
    )
    obstacles.set('notifications', options.areNotificationsFailing() ? rejectedText : null)
  }

  return {
    obstacles() {
      setAccountObstacles()
      return obstacles.views()
    },
    judge() {
      setAccountObstacles()
      const pods = new Map(options.pods().map((pod) => [pod.id, pod]))
      const own = guard.ruleOutlooks().map((outlook): RuleOutlook => {
        const pod = pods.get(outlook.podId)
        const { rule } = outlook
        // A guard in the pod knows of no budget.
        const isOfGuard = rule === 'quiet' || rule === 'max-hours'
        return { ...outlook, isCovered: pod !== undefined && isOfGuard && podGuards.couldStop(pod, rule) }
      })
      const able = new Set(own.filter(({ impediment }) => impediment === null).map(({ podId }) => podId))
      const { areAutoStopsPaused, isDryRun } = guard.accountView()
      const earlier = areAutoStopsPaused || isDryRun ? [] : options.earlierPods()
      const outlooks = [
        ...own,
        ...earlier.flatMap((pod) => earlierAfterJobOutlook(pod, options.stopAfterJob(pod.podId))),
        ...[...pods.values()].flatMap((pod) => afterJobOutlook(pod, options.stopAfterJob(pod.id))),
        ...[...pods.values()].flatMap((pod) => guardOutlook(pod, podGuards.viewOf(pod), able.has(pod.id))),
      ]
      obstacles.set('cannot-save', outlooks.some(isDueSoon) ? options.saveProblem() : null)
      return obstacles.judge(outlooks)
    },
  }
}

/** One whose time isn't known may be due at any moment. */
const isDueSoon = ({ dueInMs }: RuleOutlook): boolean => dueInMs === null || dueInMs <= DUE_SOON_MS

const refusedText = (service: string): string => `${service} refused every action of this key`
const rejectedText = 'the system rejected the last notification'

function connectionObstacle(connection: ConnectionView, service: string): Impediment | null {
  switch (connection.kind) {
    case 'key-refused':
      return { code: 'key-refused', why: `${service} rejected the API key` }
    case 'forbidden':
      return { code: 'key-forbidden', why: 'the API key can’t access pods' }
    case 'key-doubted':
      return { code: 'offline', why: `${service} rejected the API key once` }
    case 'offline':
      return { code: 'offline', why: `${service} can’t be reached` }
    case 'unreadable':
      return { code: 'offline', why: `${service} sent no readable response` }
    case 'rate-limited':
      return { code: 'offline', why: `${service} limits the rate of every request` }
    default:
      return null
  }
}

/** A stop after a job needs no warning. What else uses the pod is alerted by the queue. */
function afterJobOutlook(pod: Pod, stop: StopAfterJob): readonly RuleOutlook[] {
  if (stop === null || (pod.phase !== 'running' && pod.phase !== 'unknown')) return []
  const impediment: Impediment | null =
    pod.phase === 'unknown'
      ? { code: 'status-unknown', why: `its status, ${pod.rawStatus}, is unknown` }
      : stop === 'unread'
        ? { code: 'unreadable', why: `${serviceOf(pod)} didn’t say its present state` }
        : null
  return [
    {
      podId: pod.id,
      podName: pod.name,
      startedAtMs: pod.startedAtMs ?? pod.createdAtMs,
      rule: 'after-job',
      action: 'stop',
      dueInMs: 0,
      impediment,
      isCovered: false,
    },
  ]
}

const earlierAfterJobOutlook = (pod: EarlierPod, stop: StopAfterJob): readonly RuleOutlook[] =>
  stop === null
    ? []
    : [{ ...outlookOfEarlier(pod), rule: 'after-job', action: 'stop', dueInMs: 0, isCovered: false }]

/** The guard in a pod as a rule of its own: somebody has to stop the pod once it is due. */
function guardOutlook(pod: Pod, view: GuardInPodView | null, isCovered: boolean): readonly RuleOutlook[] {
  const code: ObstacleCode | null =
    view?.wish !== 'stop'
      ? null
      : view.state === 'silent'
        ? 'guard-silent'
        : view.state === 'unarmed'
          ? 'guard-unarmed'
          : null
  if (view === null || code === null) return []
  const { idleMs, idleLimitMs, problem } = view
  return [
    {
      podId: pod.id,
      podName: pod.name,
      startedAtMs: pod.startedAtMs ?? pod.createdAtMs,
      rule: 'pod-guard',
      action: 'stop',
      // One that says nothing of its idle time is due no sooner than that is known.
      dueInMs: idleMs === null || idleLimitMs === null ? Number.POSITIVE_INFINITY : idleLimitMs - idleMs,
      impediment: { code, why: problem ?? 'it does not run in the pod' },
      isCovered,
    },
  ]
}

/**
 * The guard's alerts and those of rules that nobody can carry out. Where both are about the same, the guard's says more,
 * and it is as urgent.
 */
export function mergeUnableAlerts(
  guardAlerts: readonly PendingAlert[],
  unable: readonly PendingAlert[],
  isImpaired: ObstacleTracker['isUnable'],
): readonly PendingAlert[] {
  const names = new Set(guardAlerts.map(({ key }) => alertName(key)))
  return [
    ...guardAlerts.map((alert) => {
      const { kind, podId } = alert.key
      return kind === 'activity-unknown' && podId !== null && isImpaired(podId, 'quiet')
        ? { ...alert, isCritical: true }
        : alert
    }),
    ...unable.filter(({ key }) => !names.has(alertName(key))),
  ]
}
