import type { CommandPod } from './pod-account'
import type { CommandRun } from '../../output/command-run'
import { plainText } from '../../../core/base/text/plain-text'
import { type EditField, editFormOf, evaluateEdit } from '../../../core/changes/edit-form'
import {
  editProblem,
  isHarmless,
  type PodEdit,
  type ShownConfiguration,
  shownConfiguration,
  toPodChanges,
} from '../../../core/changes/pod-edit'
import { editLines } from '../../../core/confirmation/edit-questions'
import { maskedEnvironment } from '../../../core/creation/create-plan'
import type { Pod } from '../../../core/pods/pod'
import type { PodConfiguration } from '../../../core/pods/pod-request'
import type { Provider } from '../../../core/pods/provider'
import { updateBody } from '../../../providers/runpod/pod-bodies'
import { refusalExit } from '../../account/open-control'
import { CliExit, exitCodes } from '../../output/exit'
import { accountJson, JSON_VERSION } from '../../output/json'
import { changeNeedsYes, nothingText, withNothing } from '../../output/nothing-text'
import { promptLine } from '../confirm-by-name'
import { readAccount } from './controlled-pod'
import { unclearText } from './unclear-text'
import { findPod } from '../find/find-pod'
import { readExit } from '../read-exit'
import { editText } from './control-text'
import { changeRefusalText } from '../../../core/changes/refusal-text'

/** The options of `podkeeper edit`, as they are typed. */
export interface EditChoices {
  readonly name?: string
  readonly image?: string
  readonly args?: string
  /** False: none. */
  readonly registry?: string | false
  readonly globalNetworking?: boolean
  readonly port?: readonly string[]
  readonly removeEnv?: readonly string[]
  readonly disk?: string
  readonly persistent?: string
  readonly lock?: true
  readonly unlock?: true
}

export interface EditOptions
  extends CommandPod, Pick<CommandRun, 'isDryRun' | 'isConfirmed' | 'keyboard' | 'isJson' | 'output'> {
  readonly provider: Provider
  readonly choices: EditChoices
  /** Of `--env` and `--env-file`. */
  readonly environmentLines: readonly string[]
}

/** Edits a pod. Values of variables are never printed. Throws a `CliExit` with nothing changed. */
export async function editPod(options: EditOptions): Promise<number> {
  const { account, provider, control, choices, output, isJson, isDryRun } = options
  if (choices.lock && choices.unlock) throw new CliExit(exitCodes.usage, editText.oneLock)
  const given = formChanges(choices, options.environmentLines)
  if (Object.keys(given).length === 0 && !choices.lock && !choices.unlock)
    throw new CliExit(exitCodes.usage, editText.nothingGiven)
  const { pods } = await readAccount(control, output)
  const { id, name } = findPod(pods, options.podQuery)
  const [pod, configuration, secretNames] = await readPod(provider, id)
  const shown = shownConfiguration(configuration)
  const form = { ...editFormOf(shown), ...given }
  const takenNames = pods.filter((other) => other.id !== id).map((other) => other.name)
  const { problems, edit: changes } = evaluateEdit(form, shown, {
    takenNames,
    secretNames,
    hasGpu: pod.gpu !== null,
  })
  if (choices.persistent !== undefined && form.persistentGb === null)
    throw new CliExit(exitCodes.usage, withNothing(changeRefusalText.noPersistentDisk, 'changed'))
  if (problems.length > 0)
    throw new CliExit(
      exitCodes.usage,
      editText.problems(
        problems.map(({ field, line, message }) => editText.problem(optionNames[field], line, message)),
      ),
    )
  const edit: PodEdit = { ...changes, ...lockOf(choices, pod), ...resetOf(choices, shown) }
  const problem = editProblem(edit, pod)
  if (problem !== null) throw new CliExit(exitCodes.failed, plainText(problem))
  for (const { text } of editLines(edit, shown, pod)) output.progress(plainText(text))
  if (isDryRun) {
    output.result(dryRunText(edit, configuration, pod, options))
    return exitCodes.ok
  }
  if (!isHarmless(edit)) await confirmYes(options)
  const answer = await control.requests.editPod(id, edit, isHarmless(edit) ? null : shown)
  if (!answer.ok) throw refusalExit(answer.error)
  const { kind } = answer.value
  const message = unclearText(answer.value.message, control)
  if (isJson)
    output.result(
      JSON.stringify({
        version: JSON_VERSION,
        action: 'edit',
        account: accountJson(account),
        pod: { id, name },
        outcome: kind,
        message,
      }),
    )
  else if (kind === 'done') output.result(plainText(message))
  if (kind !== 'done') output.progress(plainText(message))
  return { done: exitCodes.ok, refused: exitCodes.failed, unclear: exitCodes.unreachable }[kind]
}

async function readPod(
  provider: Provider,
  id: string,
): Promise<readonly [Pod, PodConfiguration, readonly string[] | null]> {
  const [pod, configuration, secrets] = await Promise.all([
    provider.getPod(id),
    provider.readPodConfiguration?.(id),
    provider.listSecretNames?.(),
  ])
  if (configuration === undefined)
    throw new CliExit(exitCodes.usage, withNothing(changeRefusalText.cannotEdit, 'changed'))
  if (!pod.ok) throw readExit(pod.error)
  if (!configuration.ok) throw readExit(configuration.error)
  return [pod.value, configuration.value, secrets?.ok === true ? secrets.value : null]
}

const formChanges = (
  { name, image, args, registry, globalNetworking, port, removeEnv, disk, persistent }: EditChoices,
  environmentLines: readonly string[],
) => ({
  ...(name !== undefined && { name }),
  ...(image !== undefined && { image }),
  ...(args !== undefined && { args }),
  ...(registry !== undefined && { registryId: registry === false ? '' : registry }),
  ...(globalNetworking !== undefined && { hasGlobalNetworking: globalNetworking }),
  ...(port !== undefined && { ports: port.join('\n') }),
  ...(disk !== undefined && { containerDiskGb: disk }),
  ...(persistent !== undefined && { persistentGb: persistent }),
  ...(removeEnv !== undefined && { removedVariables: removeEnv }),
  ...(environmentLines.length > 0 && { environment: environmentLines.join('\n') }),
})

/** A lock that the pod has already is no change. */
function lockOf({ lock, unlock }: EditChoices, { isLocked }: Pod): Pick<PodEdit, 'isLocked'> {
  if (lock === undefined && unlock === undefined) return {}
  return isLocked === (lock === true) ? {} : { isLocked: lock === true }
}

/** What Runpod doesn't show can be reset all the same. */
const resetOf = (
  { registry, args }: EditChoices,
  shown: ShownConfiguration,
): Pick<PodEdit, 'registryId' | 'args'> => ({
  ...(registry === false && !shown.isRegistryKnown && { registryId: null }),
  ...(args?.trim() === '' && shown.args === null && { args: '' }),
})

const optionNames: Readonly<Record<EditField, string>> = {
  name: '--name',
  image: '--image',
  args: '--args',
  registryId: '--registry',
  hasGlobalNetworking: '--global-networking',
  ports: '--port',
  containerDiskGb: '--disk',
  persistentGb: '--persistent',
  environment: '--env',
  removedVariables: '--remove-env',
}

async function confirmYes({ isConfirmed, keyboard }: EditOptions): Promise<void> {
  if (isConfirmed) return
  if (keyboard === null) throw new CliExit(exitCodes.usage, changeNeedsYes)
  if ((await promptLine(keyboard, editText.ask)) !== 'yes')
    throw new CliExit(exitCodes.failed, nothingText.changed)
}

/** The request, with values of variables masked. */
function dryRunText(
  edit: PodEdit,
  configuration: PodConfiguration,
  { id }: Pod,
  { isJson, account }: EditOptions,
): string {
  const changes = toPodChanges(edit, configuration)
  if (!changes.ok) throw new CliExit(exitCodes.usage, withNothing(changes.error, 'changed'))
  const { environment } = changes.value
  const body = updateBody({
    ...changes.value,
    ...(environment && { environment: maskedEnvironment(environment) }),
  })
  if (isJson)
    return JSON.stringify({
      version: JSON_VERSION,
      action: 'edit',
      isDryRun: true,
      account: accountJson(account),
      pod: { id },
      request: body,
    })
  return editText.request(id, body)
}
