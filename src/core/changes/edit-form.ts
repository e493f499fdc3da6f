import { parsePortLines, parseVariableLines, wholeNumberIn } from '../creation/form/form-lines'
import { podNameProblem } from '../pods/pod-name'
import { isArguments, isImageName, isRegistryId } from '../pods/pod-request'
import { requestSizeProblem } from '../pods/request-size'
import type { PodEdit, ShownConfiguration } from './pod-edit'

/*
 * The form that edits a pod, as it is typed. `evaluateEdit` makes an edit of what was changed, or says field by field
 * what is wrong. No message has a value of a variable.
 */

export interface EditForm {
  readonly name: string
  readonly image: string
  /** Empty: those of the image, or they are not known and stay. */
  readonly args: string
  /** Empty: none, or it is not known whether there are any, and they stay. */
  readonly registryId: string
  /** Null: it is not known, and stays. */
  readonly hasGlobalNetworking: boolean | null
  /** One per line, such as "8888/http". */
  readonly ports: string
  readonly containerDiskGb: string
  /** Null: the pod has no such disk, and none can be added. */
  readonly persistentGb: string | null
  /** Lines of NAME=value: variables to add or replace. */
  readonly environment: string
  readonly removedVariables: readonly string[]
}

export type EditField = keyof EditForm

export interface EditProblem {
  readonly field: EditField
  /** In a field of several lines, 1 is the first; null: all of it. */
  readonly line: number | null
  readonly message: string
}

export interface EditContext {
  /** Names of other pods. */
  readonly takenNames: readonly string[]
  /** Null: they can't be read, so references are not checked. */
  readonly secretNames: readonly string[] | null
  /** Pods without a GPU have no global networking. */
  readonly hasGpu: boolean
}

export interface EvaluatedEdit {
  readonly problems: readonly EditProblem[]
  /** What was changed, as far as it is right. Empty: nothing. */
  readonly edit: PodEdit
}

/** The form with nothing changed. */
export function editFormOf(shown: ShownConfiguration): EditForm {
  const { name, image, args, registryId, hasGlobalNetworking, ports, containerDiskGb, storage } = shown
  return {
    name,
    image,
    args: args ?? '',
    registryId: registryId ?? '',
    hasGlobalNetworking,
    ports: ports.join('\n'),
    containerDiskGb: containerDiskGb === null ? '' : String(containerDiskGb),
    persistentGb: storage?.kind === 'persistent' ? String(storage.sizeGb) : null,
    environment: '',
    removedVariables: [],
  }
}

export function evaluateEdit(form: EditForm, shown: ShownConfiguration, context: EditContext): EvaluatedEdit {
  const problems: EditProblem[] = []
  const report = (field: EditField, message: string | null, line: number | null = null): void => {
    if (message !== null) problems.push({ field, message, line })
  }
  const before = editFormOf(shown)
  const isChanged = (field: EditField): boolean => form[field] !== before[field]
  const name = form.name.trim()
  const image = form.image.trim()
  if (isChanged('name') && name !== shown.name)
    report('name', podNameProblem(name) ?? (context.takenNames.includes(name) ? NAME_TAKEN : null))
  if (isChanged('image') && !isImageName(image)) report('image', 'Enter an image such as runpod/pytorch:2.8.')
  const args = form.args.trim()
  if (isChanged('args') && !isArguments(args)) report('args', 'Enter the arguments as one line.')
  else if (isChanged('args')) report('args', requestSizeProblem({ args }))
  const registryId = form.registryId.trim()
  if (isChanged('registryId') && registryId !== '' && !isRegistryId(registryId))
    report('registryId', 'Enter the id that the credentials have in Runpod.')
  if (isChanged('hasGlobalNetworking') && form.hasGlobalNetworking === true && !context.hasGpu)
    report('hasGlobalNetworking', 'Only pods with GPUs can have global networking.')
  const ports = isChanged('ports') ? parsePortLines(form.ports) : null
  if (ports?.ok === false) report('ports', ports.error.message, ports.error.line)
  const containerDiskGb = wholeNumberIn(form.containerDiskGb)
  if (isChanged('containerDiskGb') && (containerDiskGb === null || containerDiskGb < 1))
    report('containerDiskGb', 'Enter a whole number of GB for the container disk, at least 1.')
  const persistentGb = form.persistentGb === null ? null : wholeNumberIn(form.persistentGb)
  const currentGb = shown.storage?.kind === 'persistent' ? shown.storage.sizeGb : 0
  if (isChanged('persistentGb') && (persistentGb === null || persistentGb < currentGb))
    report(
      'persistentGb',
      `Enter a whole number of GB, at least ${currentGb}, because the disk can only grow.`,
    )
  const variables = parseVariableLines(form.environment, context.secretNames)
  if (!variables.ok) report('environment', variables.error.message, variables.error.line)
  const isSetting = variables.ok && Object.keys(variables.value).length > 0
  if ((isSetting || form.removedVariables.length > 0) && shown.variables === null)
    report('environment', 'Runpod doesn’t show the pod’s variables, so changing some would lose the others.')
  const both = form.removedVariables.find((each) => variables.ok && each in variables.value)
  if (both !== undefined) report('environment', `${both} is both set and removed.`)
  return {
    problems,
    edit: {
      ...(isChanged('name') && name !== shown.name && { name }),
      ...(isChanged('image') && image !== shown.image && { image }),
      ...(isChanged('args') && args !== shown.args && { args }),
      ...(isChanged('registryId') && { registryId: registryId === '' ? null : registryId }),
      ...(isChanged('hasGlobalNetworking') &&
        form.hasGlobalNetworking !== null && { hasGlobalNetworking: form.hasGlobalNetworking }),
      ...(ports?.ok === true && !isSameList(ports.value, shown.ports) && { ports: ports.value }),
      ...(containerDiskGb !== null && containerDiskGb !== shown.containerDiskGb && { containerDiskGb }),
      ...(persistentGb !== null && persistentGb !== currentGb && { persistentGb }),
      ...(isSetting && { setVariables: variables.value }),
      ...(form.removedVariables.length > 0 && { removedVariables: form.removedVariables }),
    },
  }
}

const NAME_TAKEN = 'Another pod already has this name.'

const isSameList = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join()
