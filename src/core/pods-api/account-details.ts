import * as v from 'valibot'
import { containerWord } from '../containers/container-text'
import { idleReason, unknownReason } from '../idle/idle-text'
import type { Activity } from '../idle/activity'
import { intentOrigins, isOpen } from '../intents/intent'
import { isStopSafe } from '../pods/data-impact'
import { impactSentence } from '../pods/data-impact-text'
import { type Pod, podActions } from '../pods/pod'
import { autoStopModes, groupRuleNames, podRulesSchema, ruleOriginsSchema } from '../pod-rules/pod-rules'
import { nextStops, type NextStopsOptions } from '../view/stops/next-stops'
import { nextStopSchema, servedNextStop } from '../guard/served-next-stop'
import type { AccountPods } from '../confirmation/confirmation-prompt'
import type { PodView, Snapshot } from '../view/snapshot'

/*
 * What the Pods API serves of an account, as the program that watches it tells others. Times are Unix ms, money is USD.
 * Null: not known.
 */

const text = v.pipe(v.string(), v.maxLength(10_000))
const ms = v.nullable(v.number())
const figure = v.nullable(v.number())

const podSchema = v.object({
  id: text,
  name: text,
  phase: v.picklist(['creating', 'running', 'stopped', 'error', 'terminated', 'unknown']),
  statusReason: v.nullable(text),
  actions: v.array(v.picklist(podActions)),
  gpuName: v.nullable(text),
  gpuCount: v.number(),
  hardware: v.nullable(text),
  costPerHourUsd: figure,
  /** Its id at the cloud, where a service manages it. */
  cloudPodId: v.nullable(text),
  terminatesAtMs: ms,
  ssh: v.nullable(v.object({ host: text, port: v.number(), username: text })),
  createdAtMs: ms,
  startedAtMs: ms,
  /** Means of its GPUs, percent. */
  gpuUtilPercent: figure,
  gpuMemoryPercent: figure,
  verdict: v.object({
    state: v.picklist(['busy', 'idle', 'unknown']),
    reason: v.nullable(text),
    sinceMs: ms,
    /** Observed, or as the service reports it. */
    idleForMs: figure,
  }),
  /** What a stop does to its data, as a sentence. */
  stopImpactText: text,
  /** Whether a stop certainly keeps some of its data. */
  isDataKept: v.boolean(),
  maxHours: figure,
  costSinceStartUsd: figure,
  monthUsd: figure,
  idleMonthUsd: figure,
  /** Null: it isn't kept running. `by`: the other computer that keeps it so. */
  keepOn: v.nullable(v.object({ untilMs: ms, by: v.exactOptional(text) })),
  isAutoStopEnabled: v.boolean(),
  /** In effect: its own and those for several pods, which `ruleOrigins` name. */
  rules: v.pick(podRulesSchema, [...groupRuleNames, 'atMaxHours']),
  ruleOrigins: v.exactOptional(ruleOriginsSchema),
  labels: v.exactOptional(v.array(text)),
  /** Absent: no rule stops it. */
  nextStop: v.exactOptional(nextStopSchema),
  openAction: v.nullable(v.picklist(podActions)),
  /** What asked for it. */
  lastAction: v.nullable(v.object({ action: v.picklist(podActions), origin: v.picklist(intentOrigins) })),
})
export type ApiPodDetails = v.InferOutput<typeof podSchema>

export const accountDetailsSchema = v.object({
  atMs: v.number(),
  /** When the pods were listed. */
  listedAtMs: ms,
  connection: text,
  pods: v.array(podSchema),
  perHourUsd: v.number(),
  balanceUsd: figure,
  autoStop: v.picklist(autoStopModes),
  /** Requests that are left of the key's quota. */
  quotaRequests: figure,
  /** Automatic stops that come next, or what holds them. `text`: a clause to follow the pod's name. */
  stops: v.array(v.object({ podId: text, podName: text, state: text, action: text, atMs: ms, text })),
  /** What keeps rules from being carried out. */
  obstacles: v.array(
    v.object({
      code: text,
      severity: v.picklist(['critical', 'warning']),
      podId: v.nullable(text),
      podName: v.nullable(text),
      sinceMs: v.number(),
      title: text,
      why: text,
      help: text,
    }),
  ),
  month: v.nullable(
    v.object({
      month: text,
      spentUsd: v.number(),
      todayUsd: v.number(),
      idleUsd: v.number(),
      /** A price, or a while, is not known, so `spentUsd` is a minimum. */
      isAtLeast: v.boolean(),
    }),
  ),
  /** How many experiments waited in a lab's own queue when that was last read. Null: it is no lab, or not known. */
  queuedExperiments: v.nullable(v.number()),
  /** What a lab's own provider last reported of its spending. Null: it is no lab, or not known. */
  labSpending: v.nullable(v.object({ totalUsd: figure, isOfMonth: v.boolean(), runningUsd: figure })),
})
export type AccountDetails = v.InferOutput<typeof accountDetailsSchema>

export function toAccountDetails(
  monitor: { readonly snapshot: () => Snapshot; readonly accountPods: () => AccountPods },
  options: NextStopsOptions,
): AccountDetails {
  const snapshot = monitor.snapshot()
  const { atMs, listedAtMs, connection, pods, burn, balance, quota, money, lab } = snapshot
  const observed = new Map(monitor.accountPods().pods.map((pod) => [pod.id, pod]))
  return {
    atMs,
    listedAtMs,
    connection: connection.kind,
    pods: pods.map((pod) => toPodDetails(pod, observed.get(pod.id))),
    perHourUsd: burn.perHourUsd,
    balanceUsd: balance.kind === 'known' ? balance.usd : null,
    autoStop: snapshot.guard.autoStop,
    quotaRequests: quota?.requests ?? null,
    stops: nextStops(snapshot, options).map(
      ({ podId, podName, state, action, atMs: dueAtMs, text: clause }) => ({
        podId,
        podName,
        state,
        action,
        atMs: dueAtMs,
        text: clause,
      }),
    ),
    obstacles: snapshot.obstacles.map(({ accountId: _account, ...obstacle }) => obstacle),
    month: money && {
      month: money.month,
      spentUsd: money.spent.usd,
      todayUsd: money.today.usd,
      idleUsd: money.spent.idleUsd,
      isAtLeast: money.spent.isAtLeast || money.spent.mayMissPods,
    },
    queuedExperiments: lab?.queue?.value.length ?? null,
    labSpending: lab?.spending?.value ?? null,
  }
}

function toPodDetails(pod: PodView, observed: Pod | undefined): ApiPodDetails {
  const ssh = observed?.ssh.direct ?? null
  const { id, name, phase, statusReason, gpuName, gpuCount, hardware, costPerHourUsd } = pod
  const { createdAtMs, startedAtMs, activity, guard, money, intent, managed } = pod
  const nextStop = phase === 'running' ? servedNextStop(guard) : null
  return {
    id,
    name,
    phase,
    // Its container is no status of its own there.
    statusReason: statusReason ?? (pod.container ? containerWord(pod.container, null) : null),
    actions: [...pod.actions],
    gpuName,
    gpuCount,
    hardware,
    costPerHourUsd,
    cloudPodId: managed?.cloudPodId ?? null,
    terminatesAtMs: managed?.terminatesAtMs ?? null,
    ssh:
      phase === 'running' && ssh !== null ? { host: ssh.host, port: ssh.port, username: ssh.username } : null,
    createdAtMs,
    startedAtMs,
    gpuUtilPercent: meanOf(pod.gpus.map(({ utilPercent }) => utilPercent)),
    gpuMemoryPercent: meanOf(pod.gpus.map(({ memoryUtilPercent }) => memoryUtilPercent)),
    verdict: toVerdict(phase === 'running' ? activity : null),
    stopImpactText: impactSentence(pod.stopImpact),
    isDataKept: isStopSafe(pod.stopImpact),
    maxHours: guard.rules.maxHours ?? null,
    costSinceStartUsd: pod.costSinceStartUsd,
    monthUsd: money?.monthUsd ?? null,
    idleMonthUsd: money?.idleMonthUsd ?? null,
    keepOn: guard.keepOn && {
      untilMs: guard.keepOn.untilMs,
      ...(guard.keptBy !== undefined && { by: guard.keptBy }),
    },
    isAutoStopEnabled: guard.isAutoStopEnabled,
    rules: guard.rules,
    ...(guard.ruleOrigins && { ruleOrigins: guard.ruleOrigins }),
    ...(observed?.labels && { labels: [...observed.labels] }),
    ...(nextStop && { nextStop }),
    openAction: intent !== null && isOpen(intent) ? intent.action : null,
    lastAction: intent && { action: intent.action, origin: intent.origin },
  }
}

/** Null unless each of them is known: a mean of some would be none. */
function meanOf(figures: readonly (number | null)[]): number | null {
  const known = figures.flatMap((each) => (each === null ? [] : [each]))
  if (known.length === 0 || known.length < figures.length) return null
  return Math.round((known.reduce((sum, each) => sum + each, 0) / known.length) * 10) / 10
}

function toVerdict(activity: Activity | null): ApiPodDetails['verdict'] {
  switch (activity?.kind) {
    case undefined:
      return { state: 'unknown', reason: unknownReason('not-running'), sinceMs: null, idleForMs: null }
    case 'unknown':
      return {
        state: 'unknown',
        reason: unknownReason(activity.reason),
        sinceMs: activity.sinceMs,
        idleForMs: null,
      }
    case 'busy':
      return { state: 'busy', reason: busyReasons[activity.by], sinceMs: null, idleForMs: 0 }
    case 'idle':
      return {
        state: 'idle',
        reason: idleReason(activity),
        sinceMs: activity.sinceMs,
        idleForMs: activity.idleForMs,
      }
  }
}

const busyReasons: Readonly<Record<Extract<Activity, { kind: 'busy' }>['by'], string>> = {
  gpu: 'its GPUs are working',
  cpu: 'its CPU is working',
  terminal: 'someone typed in one of its terminals',
  job: 'a job is running on it',
  report: 'the service that manages it reports so',
  inside: 'something works in it, as a look from inside found',
}
