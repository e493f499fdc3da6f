import * as v from 'valibot'
import { createSchema } from '../../core/pods-api/api-schemas'
import { keepOnChoices } from '../../core/pod-rules/pod-rules'
import { createForToken, planCreate, priceLimit } from '../../node/pods-api/accounts/create-for-token'
import { createExperiments } from '../../node/pods-api/accounts/experiments'
import { serveText } from '../../node/pods-api/accounts/serve-text'
import { actForToken } from '../../node/pods-api/accounts/token-actions'
import { mcpText } from './mcp-text'
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

/** Without a token, says what would happen and gives one out. */
async function actInTwoSteps(
  context: ToolContext,
  action: 'start' | 'stop',
  { pod: query, confirmToken: token }: { readonly pod: string; readonly confirmToken?: string | undefined },
): Promise<string> {
  const found = await findPod(context, query)
  const { account, pod: target } = found
  const { holder, caller, confirmTokens, now } = context
  if (target.openAction !== null) throw new ToolProblem(mcpText.underWay(target.openAction))
  if (!target.actions.includes(action)) throw new ToolProblem(mcpText.notAllowed(action, target.phase))
  if (action === 'stop' && !target.isDataKept) throw new ToolProblem(mcpText.losesData)
  // A pod that was started again since, does something else or costs something else, is not what was previewed.
  const { id, phase, startedAtMs, verdict, costPerHourUsd, stopImpactText } = target
  const seen = [phase, startedAtMs, verdict.state, costPerHourUsd, stopImpactText]
  const what = JSON.stringify([action, account.id, id, ...seen])
  if (token === undefined) return previewOf(found, action, confirmTokens.give(what, now()))
  if (!confirmTokens.take(token, what, now())) throw new ToolProblem(mcpText.badConfirm)
  const ids = { accountId: account.id, podId: target.id, tokenName: caller.name }
  const progress = await actForToken(holder, ids, action)
  if (progress.kind === undefined) throw refusedProblem(progress.refusal.message)
  return progress.kind === 'done' ? mcpText.done(action) : mcpText.inProgress(action)
}

function previewOf({ account, pod: target }: FoundPod, action: 'start' | 'stop', token: string): string {
  const money =
    action === 'start'
      ? mcpText.startCost(target.costPerHourUsd || null)
      : mcpText.saves(target.costPerHourUsd)
  const data = {
    pod: target.name,
    id: target.id,
    account: account.name,
    ...(action === 'stop' && { verdict: target.verdict, stopDoesToData: target.stopImpactText }),
  }
  return withData(`${mcpText.preview(action, token)} ${money}`, data)
}

const stopPod = tool({
  name: 'stop_pod',
  title: 'Stop a pod',
  description:
    'Stops a running pod; its volume stays. First call previews and returns a confirmToken, second call with it stops.',
  isReadOnly: false,
  isDestructive: true,
  isIdempotent: true,
  input: v.object({ pod, confirmToken }),
  run: (input, context) => actInTwoSteps(context, 'stop', input),
})

const startPod = tool({
  name: 'start_pod',
  title: 'Start a pod',
  description:
    'Starts a stopped pod, which costs money. First call previews and returns a confirmToken, second call with it starts.',
  isReadOnly: false,
  isIdempotent: true,
  input: v.object({ pod, confirmToken }),
  run: (input, context) => actInTwoSteps(context, 'start', input),
})

const { labId: _labId, ...createEntries } = createSchema.entries

const createPod = tool({
  name: 'create_pod',
  title: 'Create a pod',
  description:
    'Creates a pod with a price limit per hour. First call previews with its price and returns a confirmToken, second call with it creates.',
  isReadOnly: false,
  isIdempotent: false,
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
    const { caller, holder, confirmTokens, now } = context
    const limit = priceLimit(caller.maxHourlyUsd, request.maxHourlyUsd)
    if (limit === null) throw new ToolProblem(mcpText.noLimit)
    const planned = await planCreate(account, details, { ...request, labId: account.id }, limit, caller.name)
    if (!planned.ok) throw refusedProblem(planned.refusal.message)
    const { plan, environment } = planned
    // What is offered, in another order or at another price, is not what was previewed.
    const offers = plan.candidates.map(({ label, perHourUsd }) => ({ label, perHourUsd }))
    const what = JSON.stringify(['create', account.id, request, limit, offers])
    const [first] = offers
    if (token === undefined) {
      const price = mcpText.createCost(first?.perHourUsd ?? null, limit)
      const heading = `${mcpText.preview('create', confirmTokens.give(what, now()))} ${price}`
      return withData(heading, { account: account.name, inThisOrder: offers })
    }
    if (!confirmTokens.take(token, what, now())) throw new ToolProblem(mcpText.badConfirm)
    const progress = await createForToken(holder, account.id, plan, environment)
    if (progress.kind === undefined) throw refusedProblem(progress.refusal.message)
    return progress.kind === 'created' ? mcpText.created(bounded(progress.podId, 100)) : mcpText.createGoesOn
  },
})

const keepRunning = tool({
  name: 'keep_running',
  title: 'Keep a pod running',
  description: 'Holds automatic stops of a pod for a while, or ends that with "off".',
  isReadOnly: false,
  isIdempotent: true,
  input: v.object({ pod, for: v.picklist([...keepOnChoices, 'off']) }),
  async run({ pod: query, for: choice }, context) {
    const { account, pod: target } = await findPod(context, query)
    const { holder, caller } = context
    const recorded = await holder.ask(account.id, (requests) =>
      requests.recordRequest(caller.name, serveText.asked.keepOn(target.name), target.id),
    )
    if (!recorded.ok) throw refusedProblem(recorded.error.message)
    const kept = await holder.ask(account.id, (requests) =>
      requests.keepOn(target.id, choice === 'off' ? null : choice),
    )
    if (!kept.ok) throw refusedProblem(kept.error.message)
    return choice === 'off' ? mcpText.notKept : mcpText.kept(choice)
  },
})

const addJob = tool({
  name: 'add_job',
  title: 'Add a job',
  description: 'Adds a shell command to the queue of an account. It runs on an idle pod that fits.',
  isReadOnly: false,
  isIdempotent: false,
  input: v.object({
    account: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
    title: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
    command: v.pipe(v.string(), v.minLength(1), v.maxLength(32_000)),
    gpuType: v.optional(v.picklist(['H200', 'H100', 'A100', 'CPU']), 'CPU'),
  }),
  async run({ account: asked, title, command, gpuType }, context) {
    const {
      read: [{ account }],
    } = await readAccounts(context, asked)
    const request = { labId: account.id, title, command, computeMode: gpuType, priority: 'normal' } as const
    const added = await experimentsOf(context, await context.holder.queue()).addExperiment(account, {
      ...request,
      estimatedSeconds: undefined,
    })
    if (!added.ok) throw refusedProblem(added.refusal.message)
    const { _id } = v.parse(v.object({ _id: v.string() }), added.value)
    return mcpText.jobAdded(_id)
  },
})

const cancelJob = tool({
  name: 'cancel_job',
  title: 'Cancel a job',
  description: 'Cancels a job of the queue, and ends it on its pod if it runs.',
  isReadOnly: false,
  isDestructive: true,
  isIdempotent: true,
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
