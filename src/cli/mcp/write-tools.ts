import * as v from 'valibot'
import type { CreatePlan } from '../../core/creation/create-plan'
import { type ApiCreate, createSchema } from '../../core/pods-api/api-schemas'
import { listPricePerHourUsd } from '../../core/pods/labs/list-price'
import { keepOnChoices } from '../../core/pod-rules/pod-rules'
import { createForToken, planCreate, priceLimit } from '../../node/pods-api/accounts/create-for-token'
import { createExperiments, toJobSpec } from '../../node/pods-api/accounts/experiments'
import { actForToken, keepOnForToken } from '../../node/pods-api/accounts/token-actions'
import { causeOf } from '../../node/pods-api/tool-hints'
import { mcpText } from './mcp-text'
import { permissionFor } from './permission'
import { findJob } from './read-tools'
import {
  findPod,
  type FoundPod,
  readAccounts,
  refusedProblem,
  tool,
  type Tool,
  type ToolContext,
  ToolProblem,
  withData,
} from './tool'
import { bounded } from './untrusted-text'

const pod = v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.description('Name or id of a pod.'))
const confirmToken = v.optional(
  v.pipe(v.string(), v.maxLength(100), v.description('From the preview that a call without it returns.')),
)

const confirmed = { pod, confirmToken }
type PodInput = v.InferOutput<v.ObjectSchema<typeof confirmed, undefined>>

/** The pod if the action is possible. `seen`: what it depends on, other than the action itself. */
async function findFor(context: ToolContext, action: 'start' | 'stop', query: string) {
  const found = await findPod(context, query)
  const { account, pod: target } = found
  if (target.openAction !== null) throw new ToolProblem(mcpText.underWay(target.openAction))
  if (!target.actions.includes(action)) throw new ToolProblem(mcpText.notAllowed(action, target.phase))
  // A pod that was started again since, does something else or costs something else, is not what was previewed.
  const { id, phase, startedAtMs, verdict, costPerHourUsd, stopImpactText } = target
  const seen = [phase, startedAtMs, verdict.state, costPerHourUsd, stopImpactText]
  return { ...found, what: JSON.stringify([action, account.id, id, ...seen]) }
}

async function carryOut(
  { holder, caller }: ToolContext,
  { account, pod: target }: FoundPod,
  action: 'start' | 'stop',
): Promise<string> {
  const progress = await actForToken(holder, targetOf(account, target, caller), action)
  if (progress.kind === undefined) throw refusedProblem(progress.refusal.message)
  return progress.kind === 'done' ? mcpText.done(action) : mcpText.inProgress(action)
}

const targetOf = (
  account: FoundPod['account'],
  { id, name }: FoundPod['pod'],
  caller: ToolContext['caller'],
) => ({ accountId: account.id, podId: id, podName: name, tokenName: caller.name })

const shownPod = ({ account, pod: target }: FoundPod) => ({
  pod: target.name,
  id: target.id,
  account: account.name,
})

const stopPod = tool({
  name: 'stop_pod',
  title: 'Stop a pod',
  description:
    'Stops a running pod; its volume stays. First call previews and returns a confirmToken, second call with it stops.',
  cause: causeOf('actForToken', 'stops'),
  input: v.object(confirmed),
  async run({ pod: query, confirmToken: token }: PodInput, context) {
    const found = await findFor(context, 'stop', query)
    const { pod: target, what } = found
    if (!target.isDataKept) throw new ToolProblem(mcpText.losesData)
    const { confirmTokens, now } = context
    if (token === undefined) {
      const heading = `${mcpText.preview('stop', confirmTokens.give(what, now()))} ${mcpText.saves(target.costPerHourUsd)}`
      const { verdict, stopImpactText: stopDoesToData } = target
      return withData(heading, { ...shownPod(found), verdict, stopDoesToData })
    }
    if (confirmTokens.take(token, { byAgent: what, byPerson: null }, now()) === null)
      throw new ToolProblem(mcpText.badConfirm)
    return carryOut(context, found, 'stop')
  },
})

const startPod = tool({
  name: 'start_pod',
  title: 'Start a pod',
  description: `Starts a stopped pod, which costs money. ${mcpText.twoCalls}`,
  cause: causeOf('actForToken', 'spends'),
  input: v.object(confirmed),
  async run({ pod: query, confirmToken: token }: PodInput, context) {
    const found = await findFor(context, 'start', query)
    const { account, pod: target, what } = found
    const { id: podId, maxHours } = target
    // The API reports 0 for a stopped pod.
    const perHourUsd = target.costPerHourUsd || null
    const permission = await permissionFor(
      context,
      {
        account,
        request: { kind: 'start', podId },
        action: 'start',
        terms: what,
        preview: what,
        use: perHourUsd === null ? null : { perHourUsd, maxHours, podId },
      },
      token,
    )
    if (permission.kind === 'wait')
      return withData(`${permission.heading} ${mcpText.startCost(perHourUsd)}`, shownPod(found))
    return carryOut(context, found, 'start')
  },
})

const { labId: _labId, ...createEntries } = createSchema.entries

const createPod = tool({
  name: 'create_pod',
  title: 'Create a pod',
  description: `Creates a pod with a price limit per hour. ${mcpText.twoCalls}`,
  cause: causeOf('createPod'),
  input: v.object({
    ...createEntries,
    account: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
    maxHourlyUsd: v.pipe(
      v.number(),
      v.gtValue(0),
      v.maxValue(10_000),
      v.description('Most that it may cost per hour, USD.'),
    ),
    confirmToken,
  }),
  async run({ account: asked, confirmToken: token, ...request }, context) {
    const {
      read: [{ account, details }],
    } = await readAccounts(context, asked)
    const { caller, holder } = context
    const limit = priceLimit(caller.maxHourlyUsd, request.maxHourlyUsd)
    if (limit === null) throw new ToolProblem(mcpText.noLimit)
    const planned = await planCreate(account, details, { ...request, labId: account.id }, limit, caller.name)
    if (!planned.ok) throw refusedProblem(planned.refusal.message)
    const { environment } = planned
    const { plan, use } = withinOffers(planned.plan, request)
    // What is offered, in another order or at another price, is not what was previewed.
    const offers = plan.candidates.map(({ label, perHourUsd }) => ({ label, perHourUsd }))
    const terms = ['create', account.id, request, limit]
    const permission = await permissionFor(
      context,
      {
        account,
        request: { kind: 'create', plan },
        action: 'create',
        terms: JSON.stringify(terms),
        preview: JSON.stringify([...terms, offers]),
        use,
      },
      token,
    )
    if (permission.kind === 'wait') {
      const price = mcpText.createCost(offers[0]?.perHourUsd ?? null, limit)
      return withData(`${permission.heading} ${price}`, { account: account.name, inThisOrder: offers })
    }
    const { agreed, settle } = permission
    const agreedPlan = agreed?.kind === 'create' ? agreed.plan : plan
    const progress = await createForToken(holder, account.id, agreedPlan, environment)
    if (progress.kind === undefined) {
      if (progress.isUnclear !== true) settle(null)
      throw refusedProblem(progress.refusal.message)
    }
    if (progress.kind === 'under-way') return mcpText.createGoesOn
    settle(progress.podId)
    return mcpText.created(bounded(progress.podId, 100))
  },
})

/** The plan at the prices that are offered now, and what it uses of a limit at most. */
function withinOffers(plan: CreatePlan, request: Pick<ApiCreate, 'gpuType' | 'gpuCount' | 'maxHours'>) {
  const { gpuType, gpuCount, maxHours = null } = request
  const prices = plan.candidates.map(
    ({ perHourUsd, pod: { kind } }) =>
      perHourUsd ?? (kind === 'lab' ? listPricePerHourUsd({ name: gpuType, count: gpuCount }) : null),
  )
  const highest = prices.includes(null) ? null : Math.max(...prices.map((usd) => usd ?? 0))
  return {
    plan: plan.maxPerHourUsd === null ? plan : { ...plan, maxPerHourUsd: highest },
    use: highest === null ? null : { perHourUsd: highest, maxHours, podId: null },
  }
}

const keepRunning = tool({
  name: 'keep_running',
  title: 'Keep a pod running',
  description: 'Holds automatic stops of a pod for a while, or ends that with "off".',
  cause: causeOf('keepOn'),
  input: v.object({ pod, for: v.picklist([...keepOnChoices, 'off']) }),
  async run({ pod: query, for: choice }, context) {
    const { account, pod: target } = await findPod(context, query)
    const { holder, caller } = context
    const kept = await keepOnForToken(holder, targetOf(account, target, caller), choice)
    if (!kept.ok) throw refusedProblem(kept.error.message)
    return choice === 'off' ? mcpText.notKept : mcpText.kept(choice)
  },
})

const addJob = tool({
  name: 'add_job',
  title: 'Add a job',
  description: `Adds a shell command to the queue of an account. It runs on an idle pod that fits. ${mcpText.twoCalls}`,
  cause: causeOf('addJob'),
  input: v.object({
    account: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
    title: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
    command: v.pipe(v.string(), v.minLength(1), v.maxLength(32_000)),
    gpuType: v.optional(v.picklist(['H200', 'H100', 'A100', 'CPU']), 'CPU'),
    confirmToken,
  }),
  async run({ account: asked, title, command, gpuType, confirmToken: token }, context) {
    const {
      read: [{ account }],
    } = await readAccounts(context, asked)
    const request = {
      labId: account.id,
      title,
      command,
      computeMode: gpuType,
      priority: 'normal',
      estimatedSeconds: undefined,
    } as const
    if (!context.limit.jobCommands.includes(command)) {
      const terms = JSON.stringify(['job', request])
      const permission = await permissionFor(
        context,
        {
          account,
          request: { kind: 'job', spec: toJobSpec(request, account.id) },
          action: 'add the job',
          terms,
          preview: terms,
          use: null,
        },
        token,
      )
      if (permission.kind === 'wait')
        return withData(permission.heading, { account: account.name, title, command })
    }
    const isThere = context.holder.keeperOf(account.id) !== null
    const added = await experimentsOf(context, await context.holder.queue()).addExperiment(account, request)
    if (!added.ok) throw refusedProblem(added.refusal.message)
    const { _id } = v.parse(v.object({ _id: v.string() }), added.value)
    return isThere ? mcpText.jobAddedThere(_id) : mcpText.jobAdded(_id)
  },
})

const cancelJob = tool({
  name: 'cancel_job',
  title: 'Cancel a job',
  description: 'Cancels a job of the queue, and ends it on its pod if it runs.',
  cause: causeOf('changeJob', 'stops'),
  input: v.object({ jobId: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/)) }),
  async run({ jobId }, context) {
    await findJob(context, jobId)
    const canceled = await experimentsOf(context, await context.holder.queue()).cancelExperiment(jobId)
    if (!canceled.ok) throw refusedProblem(canceled.refusal.message)
    return mcpText.jobCanceled
  },
})

const experimentsOf = (
  { holder, caller, accounts, now }: ToolContext,
  queue: Parameters<typeof createExperiments>[0]['queue'],
) => createExperiments({ holder, caller, accounts: accounts(), queue, nowMs: () => now().wallMs })

export const writeTools: readonly Tool[] = [stopPod, startPod, createPod, keepRunning, addJob, cancelJob]
