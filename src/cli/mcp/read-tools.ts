import * as v from 'valibot'
import { isGpuOfType } from '../../core/pods/gpu-type'
import { mayAccess } from '../../core/pods-api/api-caller'
import { accountOfJob } from '../../node/pods-api/accounts/experiments'
import { createKeptJobs, type KeptJob } from '../../node/pods-api/accounts/kept-jobs'
import { hideKeys, readJobLogEnd } from '../../node/pods-api/accounts/log-end'
import { podBody } from '../../node/pods-api/accounts/served-account'
import { mcpText } from './mcp-text'
import {
  findPod,
  readAccounts,
  refusedProblem,
  tool,
  type Tool,
  type ToolContext,
  ToolProblem,
  withData,
  withRows,
} from './tool'
import { untrustedLines } from './untrusted-text'
import { labGpuTypes } from '../../core/pods/pod-request'

const reading = { cause: ['reads'] } as const
const account = v.optional(
  v.pipe(v.string(), v.maxLength(200), v.description('Name of an account; all accounts without it.')),
)
const pod = v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.description('Name or id of a pod.'))
const count = (max: number, what: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max), v.description(what))

const listPods = tool({
  ...reading,
  name: 'list_pods',
  title: 'List pods',
  description: 'Lists pods with state, what each does (busy, idle or unknown), cost per hour and GPU.',
  input: v.object({
    account,
    state: v.optional(v.picklist(['running', 'stopped', 'creating', 'error'])),
    onlyIdle: v.optional(v.boolean(), false),
  }),
  async run({ account: asked, state, onlyIdle }, context) {
    const { read, unread } = await readAccounts(context, asked)
    const pods = read.flatMap(({ account: { name }, details }) =>
      details.pods
        .filter(({ phase }) => state === undefined || phase === state)
        .filter(({ phase, verdict }) => !onlyIdle || (phase === 'running' && verdict.state === 'idle'))
        .map((each) => ({
          id: each.id,
          name: each.name,
          account: name,
          state: each.phase,
          verdict: each.phase === 'running' ? each.verdict.state : null,
          gpu: each.hardware,
          costPerHourUsd: each.costPerHourUsd,
          idleForMinutes:
            each.verdict.idleForMs === null ? null : Math.floor(each.verdict.idleForMs / 60_000),
        })),
    )
    return withRows(`${pods.length} ${pods.length === 1 ? 'pod' : 'pods'}.`, pods, unread)
  },
})

const explainPod = tool({
  ...reading,
  name: 'explain_pod',
  title: 'Explain a pod',
  description:
    'Says why a pod counts as busy, idle or unknown, what it costs, what stops it next, and what a stop would do to its data.',
  input: v.object({ pod }),
  async run({ pod: query }, context) {
    const { account: of, details, pod: found } = await findPod(context, query)
    const { verdict } = found
    const state =
      verdict.idleForMs !== null && verdict.state === 'idle'
        ? mcpText.idleFor(verdict.idleForMs)
        : verdict.state
    return withData(mcpText.podHeading(found.phase === 'running' ? state : found.phase), {
      ...podBody(of, found),
      account: of.name,
      allowedActions: found.actions.filter((action) => action !== 'terminate'),
      stopDoesToData: found.stopImpactText,
      isKeptRunning: found.keepOn !== null,
      monthUsd: found.monthUsd,
      idleMonthUsd: found.idleMonthUsd,
      nextStops: details.stops.filter(({ podId }) => podId === found.id),
    })
  },
})

const costs = tool({
  ...reading,
  name: 'costs',
  title: 'Costs',
  description:
    'What accounts cost now per hour and this month, in USD and UTC, with the idle part, and each pod.',
  input: v.object({ account }),
  async run({ account: asked }, context) {
    const { read, unread } = await readAccounts(context, asked)
    const rows = read.map(({ account: { name }, details }) => ({
      account: name,
      perHourUsd: details.perHourUsd,
      balanceUsd: details.balanceUsd,
      month: details.month,
      pods: details.pods.map(({ id, name: podName, monthUsd, idleMonthUsd }) => ({
        id,
        name: podName,
        monthUsd,
        idleMonthUsd,
      })),
    }))
    return withRows('Costs.', rows, unread)
  },
})

const stock = tool({
  ...reading,
  name: 'gpu_stock',
  title: 'GPU stock and prices',
  description: 'GPUs that can be rented now, with price per hour and how many are free.',
  input: v.object({
    account,
    gpuType: v.optional(v.picklist(labGpuTypes)),
    gpuCount: v.optional(count(8, 'GPUs of one pod.'), 1),
  }),
  async run({ account: asked, gpuType, gpuCount }, context) {
    const accounts = await readAccounts(context, asked)
    const provider = accounts.read
      .map(({ account: { provider: each } }) => each)
      .find((each) => each?.listGpus !== undefined)
    const read = await provider?.listGpus?.({ cloud: 'SECURE', count: gpuCount })
    if (read === undefined) throw new ToolProblem(mcpText.noStock)
    if (!read.ok) throw refusedProblem(read.error.message)
    const rows = read.value
      .filter(
        ({ name, maxCount }) =>
          maxCount.SECURE >= gpuCount && (gpuType === undefined || isGpuOfType(name, gpuType)),
      )
      .map(({ name, memoryGb, priceUsd, stock: free }) => ({
        gpu: name,
        memoryGb,
        perHourUsd: priceUsd.SECURE === null ? null : priceUsd.SECURE * gpuCount,
        stock: free,
      }))
      .sort((a, b) => (a.perHourUsd ?? Infinity) - (b.perHourUsd ?? Infinity))
    return withData(mcpText.stock, rows)
  },
})

const podLog = tool({
  ...reading,
  name: 'pod_log',
  title: 'Log of a pod',
  description: 'The last lines that a pod printed, without secrets.',
  input: v.object({ pod, lines: v.optional(count(500, 'Lines.'), 50) }),
  async run({ pod: query, lines }, context) {
    const { account: of, pod: found } = await findPod(context, query)
    if (of.provider === null) throw new ToolProblem(mcpText.noLog)
    // The lines before these may have begun a key.
    const read = hideKeys((await context.readLog(of, found.id, lines)).join('\n'), true)
    return `${mcpText.data}\n${untrustedLines(read.split('\n'))}`
  },
})

const nextStops = tool({
  ...reading,
  name: 'next_stops',
  title: 'Next automatic stops',
  description: 'Automatic stops that come next, when, and what holds them.',
  input: v.object({ account }),
  async run({ account: asked }, context) {
    const { read, unread } = await readAccounts(context, asked)
    const stops = read.flatMap(({ account: { name }, details }) =>
      details.stops.map(({ podName, state, action, atMs, text }) => ({
        pod: podName,
        account: name,
        state,
        action,
        at: atMs === null ? null : new Date(atMs).toISOString(),
        text: `${podName} ${text}`,
      })),
    )
    return withRows(`${stops.length} automatic ${stops.length === 1 ? 'stop' : 'stops'}.`, stops, unread)
  },
})

const listJobs = tool({
  ...reading,
  name: 'list_jobs',
  title: 'List jobs',
  description: 'Jobs of the queue: running, waiting and ended ones.',
  input: v.object({}),
  async run(_input, context) {
    const { holder, caller } = context
    const [{ jobs }, there] = await Promise.all([holder.queue(), keptJobsOf(context).list()])
    const visible = jobs.filter((job) => mayAccess(caller, accountOfJob(job)))
    const own = visible.map(({ id, spec, state, statusText, run }) => ({
      id,
      name: spec.name,
      state,
      status: statusText,
      command: spec.command,
      pod: run?.podName ?? null,
      exitCode: run?.exitCode ?? null,
    }))
    const kept = there.jobs.map(({ account: { name }, job }) => ({
      id: job._id,
      name: job.title,
      state: job.status,
      status: job.statusText ?? null,
      pod: job.podId ?? null,
      atServerOfAccount: name,
    }))
    const rows = [...own, ...kept]
    const heading = `${rows.length} ${rows.length === 1 ? 'job' : 'jobs'}.`
    if (there.unread.length === 0) return withData(heading, rows)
    const notRead = there.unread.map(({ account: { name }, refusal }) => ({
      account: name,
      why: refusal.message,
    }))
    return withData(`${heading} ${mcpText.someQueuesUnread}`, { rows, notRead })
  },
})

const keptJobsOf = ({ holder, caller, accounts }: ToolContext) =>
  createKeptJobs({ holder, caller, accounts: accounts() })

/** At the server that keeps its account; null: in the queue here. Throws where the agent may not see it. */
export async function findJob(context: ToolContext, id: string): Promise<KeptJob | null> {
  const { holder, caller } = context
  const { jobs } = await holder.queue()
  const job = jobs.find((each) => each.id === id)
  if (job !== undefined && mayAccess(caller, accountOfJob(job))) return null
  const there = await keptJobsOf(context).find(id)
  if (!there.ok) throw refusedProblem(there.error.message)
  if (there.value === null) throw new ToolProblem(mcpText.noJob(id))
  return there.value
}

const jobLog = tool({
  ...reading,
  name: 'job_log',
  title: 'Log of a job',
  description: 'The end of what a job printed.',
  input: v.object({ jobId: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/)) }),
  async run({ jobId }, context) {
    const there = await findJob(context, jobId)
    const read = await (there === null
      ? readJobLogEnd(context.holder, jobId)
      : there.keeper.jobLog(there.job._id))
    if (!read.ok) throw refusedProblem(read.error.message)
    return `${mcpText.data}\n${untrustedLines(read.value.text.split('\n'))}`
  },
})

export const readTools: readonly Tool[] = [
  listPods,
  explainPod,
  costs,
  stock,
  podLog,
  nextStops,
  listJobs,
  jobLog,
]
