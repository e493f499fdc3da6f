import type { CommandRun } from '../../output/command-run'
import { randomUUID } from 'node:crypto'
import { type CreatePlan, maskedEnvironment } from '../../../core/creation/create-plan'
import { type EvaluatedForm, evaluateForm } from '../../../core/creation/form/evaluate-form'
import { storageSentences } from '../../../core/creation/form/form-storage'
import { emptyPodForm, type FormContext, hasOwnKey, type PodForm } from '../../../core/creation/form/pod-form'
import type { Provider } from '../../../core/pods/provider'
import { createBody } from '../../../providers/runpod/pod-bodies'
import { type Control, refusalExit } from '../../account/open-control'
import { CliExit, exitCodes } from '../../output/exit'
import { accountJson, JSON_VERSION, type NamedAccount, progressJson } from '../../output/json'
import { nothingText } from '../../output/nothing-text'
import type { Interrupts } from '../../output/terminal'
import { promptLine } from '../confirm-by-name'
import { connectionExit } from '../first-snapshot'
import type { CreateBase } from './create-base'
import type { CreatePodChoices } from './create-options'
import { type CreateOutcome, followCreate } from './follow-create'
import { savePreset } from './preset'
import { readFormContext } from '../../../core/creation/form/read-form-context'
import { cloudsOf, toForm } from './to-form'
import { createText } from './create-text'

export interface CreateOptions extends Pick<
  CommandRun,
  'isDryRun' | 'isConfirmed' | 'keyboard' | 'isJson' | 'output'
> {
  /** Absent: from scratch. */
  readonly base?: CreateBase
  readonly account: NamedAccount
  readonly control: Control
  readonly provider: Provider
  readonly choices: CreatePodChoices
  /** Of `--env` and `--env-file`. */
  readonly environmentLines: readonly string[]
  readonly waits: boolean
  /** Where SSH keys are kept; null where the system knows none. */
  readonly home: string | null
  readonly interrupts: Interrupts
}

/** Creates a pod in a cloud. Values of its environment are never printed. Throws a `CliExit` if nothing was begun. */
export async function createInCloud(options: CreateOptions): Promise<number> {
  const { account, control, provider, choices, output, isDryRun } = options
  const { base } = options
  if (base === undefined && choices.gpu === undefined && choices.cpu === undefined)
    throw new CliExit(exitCodes.usage, createText.noHardware)
  const listed = await control.requests.account()
  if (!listed.ok) throw refusalExit(listed.error, true)
  const problem = connectionExit(listed.value.connection)
  if (problem) throw problem
  const { pods } = listed.value
  const podNames = pods.map(({ name }) => name)
  const copy = base === undefined ? null : await base.copy(podNames)
  const baseForm = copy?.form ?? emptyPodForm
  const isCpuPod = choices.cpu !== undefined || (choices.gpu === undefined && baseForm.hardware === 'cpu')
  const { context, unread } = await readFormContext(provider, {
    clouds: cloudsOf(choices, baseForm),
    gpuCount: choices.count ?? baseForm.gpuCount,
    vcpuCount: isCpuPod ? (choices.vcpus ?? baseForm.vcpuCount) : null,
    hasTemplates: choices.template !== undefined || baseForm.templateId !== null,
    podNames,
    burnPerHourUsd: pods.reduce((sum, { costPerHourUsd }) => sum + (costPerHourUsd ?? 0), 0),
  })
  for (const text of unread) output.progress(text)
  const form = toForm(choices, options.environmentLines, context, baseForm)
  const evaluated = evaluateForm(form, context, copy?.environment)
  if (evaluated.plan === null) throw new CliExit(exitCodes.usage, problemText(evaluated))
  const { environment } = evaluated
  const plan = copy?.complete?.(evaluated.plan) ?? evaluated.plan
  if (choices.savePreset !== undefined) {
    savePreset(choices.savePreset, form)
    output.progress(createText.savedAsPreset(choices.savePreset))
  }
  if (isDryRun) {
    output.result(dryRunText(options, evaluated, plan))
    for (const line of moneyLines(evaluated)) output.progress(line)
    return exitCodes.ok
  }
  for (const line of describe(options.account, form, context, evaluated)) output.progress(line)
  for (const line of copy?.sentences(form) ?? []) output.progress(line)
  await confirmCreate(options)
  const ownKey = hasOwnKey(form) ? await makeOwnKey(options.home) : null
  const outcome = await followCreate({
    ...options,
    plan: ownKey === null ? plan : { ...plan, ownKey: ownKey.key },
    environment,
  }).catch((cause: unknown) => {
    // Where the reply was lost, a pod may have it.
    const isLost = cause instanceof CliExit && cause.exitCode === exitCodes.unreachable
    if (!isLost) ownKey?.remove()
    throw cause
  })
  return printOutcome(outcome, account, options)
}

/** Its key is on the disk before anything is sent. */
async function makeOwnKey(home: string | null) {
  // Loads ssh2, which other commands don't need.
  const { generatePodKey, removePodKey } = await import('../../../ssh/keys/generate-key')
  const runId = randomUUID()
  if (home === null) throw new CliExit(exitCodes.failed, createText.keyNotMade(createText.noHome))
  const key = generatePodKey(home, runId)
  if (!key.ok) throw new CliExit(exitCodes.failed, createText.keyNotMade(key.error))
  return { key: { runId, publicKey: key.value }, remove: () => removePodKey(home, runId) }
}

export function printOutcome(
  { exitCode, outcome, podId, message, progress }: CreateOutcome,
  account: NamedAccount,
  { isJson, output }: Pick<CreateOptions, 'isJson' | 'output'>,
): number {
  if (isJson)
    output.result(
      JSON.stringify({
        version: JSON_VERSION,
        action: 'create',
        account: accountJson(account),
        pod: podId && { id: podId },
        outcome,
        message,
        ...(progress && { progress: progressJson(progress) }),
      }),
    )
  else if (exitCode === exitCodes.ok) output.result(message)
  if (exitCode !== exitCodes.ok) output.progress(message)
  return exitCode
}

/** It costs money, so it takes a yes. Throws a `CliExit` without one, with nothing done. */
export async function confirmCreate({
  isConfirmed,
  keyboard,
}: Pick<CreateOptions, 'isConfirmed' | 'keyboard'>): Promise<void> {
  if (isConfirmed) return
  if (keyboard === null) throw new CliExit(exitCodes.usage, createText.needsYes)
  if ((await promptLine(keyboard, createText.askYes)) !== 'yes')
    throw new CliExit(exitCodes.failed, nothingText.created)
}

/** The options, by the field that they fill in. */
const optionNames: Partial<Readonly<Record<keyof PodForm, string>>> = {
  gpuTypeIds: '--gpu',
  gpuCount: '--count',
  cpuFlavorId: '--cpu',
  vcpuCount: '--vcpus',
  clouds: '--cloud',
  dataCenterIds: '--data-center',
  templateId: '--template',
  containerDiskGb: '--disk',
  storage: createText.storageOptions,
  ports: '--port',
  environment: '--env',
  allowedCudaVersions: '--cuda',
  minCudaVersion: '--min-cuda',
  hasGlobalNetworking: '--global-networking',
  maxHours: '--max-hours',
  monthlyBudgetUsd: '--budget',
  whenFree: '--max-price',
  mayExceedBudget: '--over-budget',
}

function problemText({ problems }: EvaluatedForm): string {
  const lines = problems.map(({ field, line, message }) => {
    const name = optionNames[field] ?? `--${field}`
    return createText.problem(name, line, message)
  })
  return createText.problems([...new Set(lines)])
}

function describe(
  { name }: NamedAccount,
  form: PodForm,
  context: FormContext,
  evaluated: EvaluatedForm,
): readonly string[] {
  const { plan } = evaluated
  if (plan === null) return []
  const template = context.templates.find(({ id }) => id === form.templateId) ?? null
  const [first] = plan.candidates
  const storage = first?.pod.kind === 'cloud' ? first.pod.storage : ({ kind: 'none' } as const)
  const from = form.image.trim() === '' ? (template?.name ?? '') : form.image.trim()
  const variables = plan.variables.map((each) => each.name)
  return [
    createText.title(plan.name, name, from),
    ...moneyLines(evaluated),
    ...storageSentences(storage, template),
    ...(variables.length === 0 ? [] : [createText.variables(variables)]),
    ...evaluated.warnings,
  ]
}

function moneyLines({ money }: EvaluatedForm): readonly string[] {
  const { choices, balanceLastsMs, upToMaxHoursUsd } = money
  return [
    ...choices.map(({ label, perHourUsd }, index) => createText.price(index, label, perHourUsd)),
    ...(upToMaxHoursUsd === null ? [] : [createText.upToMaxHours(upToMaxHoursUsd)]),
    ...(balanceLastsMs === null ? [] : [createText.balanceLasts(balanceLastsMs)]),
  ]
}

/** The requests in order, with values of variables masked. */
function dryRunText(
  { isJson, account }: CreateOptions,
  { environment, money }: EvaluatedForm,
  plan: CreatePlan,
): string {
  const requests = plan.candidates.flatMap(({ label, perHourUsd, pod }) => {
    if (pod.kind !== 'cloud') return []
    const { kind: _, ...spec } = pod
    return [{ label, perHourUsd, body: createBody({ ...spec, environment: maskedEnvironment(environment) }) }]
  })
  if (isJson)
    return JSON.stringify({
      version: JSON_VERSION,
      action: 'create',
      isDryRun: true,
      account: accountJson(account),
      requests,
      rules: plan.rules,
      maxPerHourUsd: money.maxPerHourUsd,
    })
  return requests.map(({ label, body }) => createText.request(label, body)).join('\n\n')
}
