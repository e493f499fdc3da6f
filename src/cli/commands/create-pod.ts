import type { ReadStream } from 'node:tty'
import { formatUsdPerHour } from '../../core/base/format'
import { plainText } from '../../core/base/plain-text'
import type { Pod } from '../../core/pods/pod'
import {
  defaultLabPod,
  type LabPodChoice,
  labPodProblem,
  parseEnvironment,
} from '../../core/pods/lab-pod-spec'
import type { Provider, ProviderError } from '../../core/pods/provider'
import { CliExit, exitCodes } from '../output/exit'
import { accountJson, JSON_VERSION, type NamedAccount } from '../output/json'
import type { CliOutput } from '../output/terminal'
import { promptLine } from './confirm-by-name'

/** As typed. */
export interface CreatePodChoices {
  readonly gpu: string
  readonly count?: number
  readonly maxHours?: number
  readonly image?: string
  /** `NAME=value`, or `NAME` for the value of the command's own environment. */
  readonly env?: readonly string[]
  readonly volume?: number
}

export interface CreatePodOptions {
  readonly account: NamedAccount
  readonly provider: Provider
  readonly choices: CreatePodChoices
  readonly processEnvironment: Readonly<Record<string, string | undefined>>
  /** Without a question. */
  readonly isConfirmed: boolean
  readonly keyboard: ReadStream | null
  readonly isJson: boolean
  readonly output: CliOutput
}

/**
 * Creates a pod in a lab with exactly one request. Values of its environment are never printed. Throws a `CliExit`
 * unless it was accepted.
 */
export async function createPod(options: CreatePodOptions): Promise<void> {
  const { account, provider, choices, isConfirmed, keyboard, output } = options
  const choice = {
    gpuType: choices.gpu.trim().toUpperCase(),
    gpuCount: choices.count ?? defaultLabPod.gpuCount,
    maxHours: choices.maxHours ?? defaultLabPod.maxHours,
    image: choices.image ?? defaultLabPod.image,
    volumeGb: choices.volume ?? defaultLabPod.volumeGb,
  }
  const problem = labPodProblem(choice)
  if (problem !== null) throw new CliExit(exitCodes.usage, `${problem} Nothing was created.`)
  const environment = readEnvironment(choices.env ?? [], options.processEnvironment)
  if (provider.createLabPod === undefined)
    throw new CliExit(
      exitCodes.usage,
      `${plainText(account.name)} is no lab of Hubify, and pods are created in labs only. Nothing was created.`,
    )
  for (const line of descriptionLines(account, choice, Object.keys(environment))) output.progress(line)
  if (!isConfirmed) {
    if (keyboard === null)
      throw new CliExit(
        exitCodes.usage,
        'It costs money, so without a terminal it takes --yes. Nothing was created.',
      )
    if ((await promptLine(keyboard, 'Type yes to create it: ')) !== 'yes')
      throw new CliExit(exitCodes.failed, 'Nothing was created.')
  }
  const created = await provider.createLabPod({ ...choice, environment })
  if (!created.ok) throw failureExit(created.error)
  if (options.isJson) output.result(outcomeJson(account, created.value))
  else output.result(createdText(account, created.value))
}

function readEnvironment(
  given: readonly string[],
  own: CreatePodOptions['processEnvironment'],
): Readonly<Record<string, string>> {
  const lines = given.map((text) => (text.includes('=') ? text : `${text}=${own[text] ?? ''}`))
  const missing = given.find((text) => !text.includes('=') && own[text] === undefined)
  if (missing !== undefined)
    throw new CliExit(
      exitCodes.usage,
      'A variable without a value must be set in the environment of this command. Nothing was created.',
    )
  const environment = parseEnvironment(lines)
  if (!environment.ok) throw new CliExit(exitCodes.usage, `${environment.error} Nothing was created.`)
  return environment.value
}

function descriptionLines(
  account: NamedAccount,
  { gpuType, gpuCount, maxHours, image, volumeGb }: LabPodChoice,
  variables: readonly string[],
): readonly string[] {
  return [
    `A pod in ${plainText(account.name)}: ${gpuCount} × ${gpuType}, ${plainText(image)}, a volume of ${volumeGb} GB`,
    ...(variables.length === 0 ? [] : [`Variables: ${variables.join(', ')}`]),
    maxHours === null
      ? 'It runs, and costs money, until somebody ends it: give --max-hours to limit that.'
      : `Hubify terminates it after ${maxHours} h, which cannot be undone.`,
  ]
}

function createdText({ name }: NamedAccount, pod: Pod | null): string {
  if (pod === null) return `Hubify accepted it. The pod appears in ${plainText(name)}: podkeeper status`
  const price =
    pod.costPerHourUsd === null ? '' : ` at ${formatUsdPerHour(pod.costPerHourUsd, pod.isPriceApproximate)}`
  return `${plainText(pod.name)} (${plainText(pod.id)}) is created${price}.`
}

const outcomeJson = (account: NamedAccount, pod: Pod | null): string =>
  JSON.stringify({
    version: JSON_VERSION,
    action: 'create',
    account: accountJson(account),
    pod: pod && { id: pod.id, name: pod.name },
    outcome: 'accepted',
  })

function failureExit({ kind, message }: ProviderError): CliExit {
  if (kind === 'unreachable' || kind === 'unreadable')
    return new CliExit(
      exitCodes.unreachable,
      `${message} It is not known whether the pod was created. Look before you try again: podkeeper status`,
    )
  const code = kind === 'unauthorized' || kind === 'forbidden' ? exitCodes.noKey : exitCodes.failed
  return new CliExit(code, `The pod was not created. ${message}`)
}
