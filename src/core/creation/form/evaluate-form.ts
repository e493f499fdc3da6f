import { formatNumber } from '../../base/text/format'
import type { PodTemplate } from '../../pods/catalog'
import { podNameProblem } from '../../pods/pod-name'
import { type CloudPodSpec, type Environment, isImageName, type PodStorage } from '../../pods/pod-request'
import { requestSizeProblem } from '../../pods/request-size'
import { HOUR_MS } from '../../base/time/time'
import {
  type CreateCandidate,
  type CreatePlan,
  MAX_CANDIDATES,
  type NewPodRules,
  plannedVariables,
  PUBLIC_KEY_VARIABLE,
} from '../create-plan'
import { computeChoices } from './form-compute'
import { amountIn, MAX_VARIABLES, parsePortLines, parseVariableLines, wholeNumberIn } from './form-lines'
import { type FormMoney, formMoney } from './form-money'
import { keepsData, storageOf, storageSentences } from './form-storage'
import { type FormContext, type FormProblem, hasOwnKey, type PodForm, type Report } from './pod-form'
import { computePerHourUsd, diskPerHourUsd } from '../pod-price'

const MAX_HOURS = { min: 0.25, max: 8_760 } as const

/** What a form comes to. */
export interface EvaluatedForm {
  /** Empty exactly if there is a plan. */
  readonly problems: readonly FormProblem[]
  /** What a person should know before the button, as sentences. */
  readonly warnings: readonly string[]
  readonly plan: CreatePlan | null
  /** The values of the plan's variables. They may be secrets. */
  readonly environment: Environment
  /** The disks of every choice, with that of the template. While a size is invalid, the usual one stands for it. */
  readonly disks: PodDisks
  /** Of what can be chosen so far, in order. */
  readonly money: FormMoney
}

export type PodDisks = Pick<CloudPodSpec, 'containerDiskGb' | 'storage'>

const USUAL_CONTAINER_DISK_GB = 50
const SSH_PORT = '22/tcp'

/**
 * Makes a plan of the form, or says why there can be none. Nothing is sent for it. `copied`: variables of another pod,
 * which those of the form replace.
 */
export function evaluateForm(form: PodForm, context: FormContext, copied: Environment = {}): EvaluatedForm {
  const problems: FormProblem[] = []
  const report: Report = (field, message, line) => void problems.push({ field, message, line: line ?? null })
  const template = context.templates.find(({ id }) => id === form.templateId) ?? null
  if (form.templateId !== null && template === null) report('templateId', 'This template isn’t available.')

  const name = form.name.trim()
  checkName(name, context, report)
  const image = form.image.trim()
  checkImage(image, template, report)
  const environment = parseVariableLines(form.environment, context.secretNames)
  if (!environment.ok) report('environment', environment.error.message, environment.error.line)
  const variables = { ...copied, ...(environment.ok && environment.value) }
  const isOwnKey = hasOwnKey(form)
  if (isOwnKey && PUBLIC_KEY_VARIABLE in variables)
    report('environment', `${PUBLIC_KEY_VARIABLE} is set by the key for this pod alone.`)
  if (Object.keys(variables).length + (isOwnKey ? 1 : 0) > MAX_VARIABLES)
    report('environment', `A pod can have ${MAX_VARIABLES} variables.`)
  const tooLong = requestSizeProblem({ args: form.args, env: variables })
  const isByArgs = (form.args ?? '').length > JSON.stringify(variables).length
  if (tooLong !== null) report(isByArgs ? 'args' : 'environment', tooLong)
  const ports = portsOf(form, report)
  const containerDiskGb = containerDiskOf(form, template, report)
  const storage = storageOf(form, context, template, report)
  const disks = withTemplateDisk(form, { containerDiskGb, storage }, template)
  const { compute, places } = computeChoices(form, context, { image, template, storage }, report)
  const { rules, warnings } = formRules(form, storage, template, report)

  const pods = compute.flatMap((hardware) =>
    hardware.clouds.map((cloud) => ({
      label: hardware.label + (hardware.clouds.length > 1 && cloud === 'COMMUNITY' ? ' (community)' : ''),
      pod: {
        kind: 'cloud' as const,
        name,
        compute: hardware.compute,
        cloud,
        dataCenterIds: places,
        image: image === '' ? null : image,
        templateId: template?.id ?? null,
        args: form.args,
        containerDiskGb,
        storage,
        ports,
        registryId: form.registryId,
        startSsh: form.hasSsh,
        startJupyter: form.hasJupyter ? true : null,
        hasGlobalNetworking: form.hasGlobalNetworking,
      },
    })),
  )
  const candidates: readonly CreateCandidate[] = pods.slice(0, MAX_CANDIDATES).map(({ label, pod }) => {
    const computeUsd = computePerHourUsd(pod, context.gpus[pod.cloud] ?? [], context.cpus ?? [])
    return {
      label,
      perHourUsd: computeUsd === null ? null : computeUsd + diskPerHourUsd(disks),
      pod,
    }
  })
  if (pods.length > MAX_CANDIDATES)
    report('gpuTypeIds', `Choose at most ${MAX_CANDIDATES} combinations of GPU and cloud.`)
  const money = formMoney(form, candidates, context.spending, rules, report)
  return {
    problems,
    warnings: [
      ...warnings,
      ...otherWarnings(form, context, ports),
      ...emptyWarnings(variables),
      ...money.warnings,
    ],
    plan:
      problems.length > 0
        ? null
        : {
            name,
            candidates,
            variables: plannedVariables(variables),
            rules,
            maxPerHourUsd: money.maxPerHourUsd,
            waitsForMs: money.waitHours === null ? null : money.waitHours * HOUR_MS,
            mayExceedBudget: form.mayExceedBudget,
          },
    environment: variables,
    disks,
    money,
  }
}

/** A value may be missing because it is kept nowhere. */
function emptyWarnings(variables: Environment): readonly string[] {
  const names = Object.keys(variables).filter((name) => variables[name] === '')
  if (names.length === 0) return []
  return names.length === 1
    ? [`The variable ${names[0]} has no value.`]
    : [`These variables have no value: ${names.join(', ')}.`]
}

/** A template's own disk costs as well; CPU pods have none. */
function withTemplateDisk({ hardware }: PodForm, disks: PodDisks, template: PodTemplate | null): PodDisks {
  const persistent = template?.persistent ?? null
  const isFromTemplate = disks.storage.kind === 'template' && persistent !== null && hardware === 'gpu'
  return isFromTemplate ? { ...disks, storage: { kind: 'persistent', ...persistent } } : disks
}

function checkName(name: string, { podNames }: FormContext, report: Report): void {
  const problem = podNameProblem(name)
  if (problem !== null) report('name', problem)
  else if (podNames.includes(name)) report('name', 'Another pod already has this name.')
}

function checkImage(image: string, template: PodTemplate | null, report: Report): void {
  if (image === '' && template === null) report('image', 'Choose a template or enter an image.')
  else if (image !== '' && !isImageName(image)) report('image', 'Enter an image such as runpod/pytorch:2.8.')
}

/** With SSH, its port is published too. */
function portsOf(form: PodForm, report: Report): readonly string[] | null {
  if (form.ports === null) {
    if (form.templateId === null) report('ports', 'Without a template, enter the ports here.')
    return null
  }
  const ports = parsePortLines(form.ports)
  if (!ports.ok) {
    report('ports', ports.error.message, ports.error.line)
    return []
  }
  return form.hasSsh && !ports.value.includes(SSH_PORT) ? [...ports.value, SSH_PORT] : ports.value
}

function containerDiskOf(form: PodForm, template: PodTemplate | null, report: Report): number {
  const usual = Math.max(1, Math.round(template?.containerDiskGb ?? USUAL_CONTAINER_DISK_GB))
  if (form.containerDiskGb.trim() === '') return usual
  const sizeGb = wholeNumberIn(form.containerDiskGb)
  if (sizeGb !== null && sizeGb >= 1) return sizeGb
  report('containerDiskGb', 'Enter a whole number of GB for the container disk, at least 1.')
  return usual
}

const OWN_KEY_WARNING =
  'Only images that read PUBLIC_KEY, such as Runpod’s own, accept a key for this pod alone. It works at the pod’s public address; Runpod’s proxy asks for a key of your account.'

function otherWarnings(
  form: PodForm,
  { sshKeyCount }: FormContext,
  ports: readonly string[] | null,
): readonly string[] {
  const isWithoutKey = form.hasSsh && !form.hasOwnKey && sshKeyCount === 0
  return [
    ...(isWithoutKey
      ? ['Your account has no SSH key, so nobody can connect. Register one before you create the pod.']
      : []),
    ...(hasOwnKey(form) ? [OWN_KEY_WARNING] : []),
    ...(ports?.length === 0 ? ['No port is published, so nothing in the pod can be reached.'] : []),
    ...(form.hasSsh && form.clouds.includes('COMMUNITY')
      ? ['Community hosts may have no public address, so SSH may work only through Runpod’s proxy.']
      : []),
  ]
}

/** The rules from the first minute, and what a person should know about them. */
function formRules(
  form: PodForm,
  storage: PodStorage,
  template: PodTemplate | null,
  report: Report,
): { readonly rules: NewPodRules; readonly warnings: readonly string[] } {
  const maxHours = hoursOf(form, report)
  const budgetUsd = form.monthlyBudgetUsd.trim() === '' ? null : amountIn(form.monthlyBudgetUsd)
  if (form.monthlyBudgetUsd.trim() !== '' && budgetUsd === null)
    report('monthlyBudgetUsd', 'Enter an amount in USD above 0.')
  if (form.isStoppedAtBudget && form.monthlyBudgetUsd.trim() === '')
    report('monthlyBudgetUsd', 'Set the budget at which to stop the pod.')
  const stopsAtBudget = form.isStoppedAtBudget && budgetUsd !== null
  const stops = form.isAutoStopped || maxHours !== null || stopsAtBudget
  const isHeld = stops && !keepsData(storage, template) && !form.mayLoseData
  const [stopSentence] = storageSentences(storage, template)
  return {
    rules: {
      ...(form.isAutoStopped && { isAutoStopped: true }),
      ...(maxHours !== null && { maxHours }),
      ...(budgetUsd !== null && { monthlyBudgetUsd: budgetUsd }),
      ...(stopsAtBudget && { atBudget: 'stop' as const }),
      ...(stops && form.mayLoseData && { mayLoseData: true }),
      ...(form.keepOn !== null && { keepOn: form.keepOn }),
    },
    warnings: isHeld
      ? [`${stopSentence} So Podkeeper won’t stop it automatically, unless you allow losing data.`]
      : [],
  }
}

function hoursOf({ maxHours: text, whenFree }: PodForm, report: Report): number | null {
  if (text.trim() === '') {
    if (whenFree !== null)
      report('maxHours', 'Set maximum hours, because the pod may be created while you’re away.')
    return null
  }
  const hours = amountIn(text)
  if (hours !== null && hours >= MAX_HOURS.min && hours <= MAX_HOURS.max) return hours
  report('maxHours', `Enter a number of hours from ${MAX_HOURS.min} to ${formatNumber(MAX_HOURS.max)}.`)
  return null
}
