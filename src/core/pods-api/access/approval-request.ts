import * as v from 'valibot'
import type { ReadonlyOutput } from '../../base/readonly-output'
import { formatUsdPerHour } from '../../base/text/format'
import { labPodQuestion } from '../../confirmation/account-questions'
import { jobQuestion } from '../../confirmation/job-questions'
import { newPodQuestion } from '../../confirmation/new-pod-question'
import { podLine } from '../../confirmation/pod-questions'
import type { Question } from '../../confirmation/question-queue'
import { type CreatePlan, createPlanSchema } from '../../creation/create-plan'
import type { Pod } from '../../pods/pod'
import { shortName } from '../../pods/pod-name'
import { jobSpecSchema } from '../../queue/jobs/job-spec'

/** What an agent may do once a person agreed. */
export const approvalRequestSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('start'), podId: v.pipe(v.string(), v.minLength(1), v.maxLength(200)) }),
  v.strictObject({ kind: v.literal('create'), plan: createPlanSchema }),
  v.strictObject({ kind: v.literal('job'), spec: jobSpecSchema }),
])

export type ApprovalRequest = ReadonlyOutput<typeof approvalRequestSchema>

export interface ApprovalQuestionOptions {
  readonly agent: string
  readonly accountName: string
  /** Of the account, as they were last observed. */
  readonly pods: readonly Pod[]
}

/** What a person is asked: all that the request decides. Null: there is no such pod. */
export function approvalQuestion(
  request: ApprovalRequest,
  options: ApprovalQuestionOptions,
): Question | null {
  const question = questionOf(request, options)
  if (question === null) return null
  const asked = { tone: 'bad' as const, text: `The agent “${options.agent}” asks for this.` }
  return { ...question, text: { ...question.text, lines: [asked, ...question.text.lines] } }
}

function questionOf(
  request: ApprovalRequest,
  { accountName, pods }: ApprovalQuestionOptions,
): Question | null {
  switch (request.kind) {
    case 'create':
      return createQuestion(request.plan, accountName)
    case 'job':
      return jobQuestion({ spec: request.spec, isNew: true, accountName })
    case 'start': {
      const pod = pods.find(({ id }) => id === request.podId)
      return pod === undefined ? null : startQuestion(pod, accountName)
    }
  }
}

function createQuestion(plan: CreatePlan, accountName: string): Question {
  const pod = plan.candidates[0]?.pod
  return pod?.kind === 'lab'
    ? labPodQuestion(
        accountName,
        pod,
        plan.variables.map(({ name }) => name),
      )
    : newPodQuestion({ plan, template: null, warnings: [], accountName })
}

/** The API reports no price of a stopped pod. */
const priceText = ({ costPerHourUsd }: Pick<Pod, 'costPerHourUsd'>): string =>
  costPerHourUsd === null || costPerHourUsd === 0
    ? 'It costs money while it runs. Its price is not known.'
    : `It costs ${formatUsdPerHour(costPerHourUsd)} while it runs.`

function startQuestion(pod: Pod, accountName: string): Question {
  return {
    text: {
      title: `Start ${shortName(pod.name)}?`,
      lines: [podLine(pod, accountName), { tone: 'plain', text: priceText(pod) }],
      warning: null,
      field: null,
      confirmLabel: 'Start pod',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** "a start of train-1". `podName`: of a pod to start. */
export function approvalText(request: ApprovalRequest, podName: string): string {
  switch (request.kind) {
    case 'start':
      return `a start of ${shortName(podName)}`
    case 'create':
      return `the pod ${shortName(request.plan.name)}`
    case 'job':
      return `the job ${shortName(request.spec.name)}`
  }
}

/** A clause to follow "requested", for the activity log. */
export const waitingText = (what: string): string => `${what}, which a person has to agree to`
