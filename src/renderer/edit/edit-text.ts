import type { EditField, EditProblem } from '../../core/changes/edit-form'
import {
  isDeferred,
  isHarmless,
  isRestarting,
  keptPath,
  type PodEdit,
  type ShownConfiguration,
} from '../../core/changes/pod-edit'
import type { PlannedVariable } from '../../core/creation/create-plan'
import type { PodPhase } from '../../core/pods/pod'

/** The problem of a field; of several the first, with its line. */
export function problemText(problems: readonly EditProblem[], field: EditField): string | null {
  const problem = problems.find((one) => one.field === field)
  if (problem === undefined) return null
  return problem.line === null ? problem.message : `Line ${problem.line}: ${problem.message}`
}

/** What the changes do to the pod, as a sentence; null without any. */
export function effectText(edit: PodEdit, phase: PodPhase, { storage }: ShownConfiguration): string | null {
  if (Object.keys(edit).length === 0) return null
  if (isHarmless(edit)) return 'This takes effect at once and doesn’t touch what runs in the pod.'
  if (phase === 'stopped') return 'The pod is stopped, so this takes effect when it starts.'
  if (isDeferred(edit)) return 'This takes effect when the pod starts or restarts next.'
  const path = keptPath(storage)
  const wiped = path === null ? 'Everything in the pod is wiped.' : `Everything outside ${path} is wiped.`
  return `This restarts the pod and ends what runs in it. ${wiped}`
}

/** The button ends in an ellipsis where the app’s own window asks first. */
export function saveLabel(edit: PodEdit, phase: PodPhase): string {
  if (isHarmless(edit)) return 'Save'
  return isRestarting(edit, { phase }) ? 'Change and restart…' : 'Change pod…'
}

export const variableText = ({ secretName }: PlannedVariable): string =>
  secretName === null ? 'value hidden' : `secret ${secretName}`

export function variablesHelp(secretNames: readonly string[] | null): string {
  const reference = 'For a secret of your account: NAME={{ RUNPOD_SECRET_name }}.'
  if (secretNames === null) return `${reference} The names of your secrets could not be read.`
  return secretNames.length === 0
    ? `${reference} Your account has no secrets.`
    : `${reference} Your secrets: ${secretNames.join(', ')}`
}

export const editText = {
  gonePod: 'a pod that is gone',
  edit: 'Edit',
  notListed: 'Runpod no longer lists this pod, so it can’t be edited.',
  couldNotRead: (reason: string) => `Couldn’t read the pod: ${reason}`,
  reading: 'Reading how the pod is set up…',
  notChanged: (pod: string) => `${pod} was not changed`,
  name: 'Name',
  image: 'Image',
  ports: 'Ports',
  portsHelp: 'One per line, such as 8888/http or 22/tcp',
  nothingToSave: 'Nothing was changed yet',
  working: 'Working…',
  locked: 'This pod is locked. Unlock it to change anything that restarts it.',
  unlock: 'Unlock',
  on: 'On',
  off: 'Off',
  arguments: 'Arguments',
  argumentsHidden: 'Runpod doesn’t show the present ones. They stay unless you enter others.',
  argumentsHelp: 'Empty: those of the image. Also as {"entrypoint": […], "cmd": […]}.',
  registry: 'Registry credentials',
  registryHelp: 'ID in Runpod, for private images',
  registryHidden: 'Runpod doesn’t show whether it has any. They stay unless you enter an ID.',
  networking: 'Global networking',
  notKnown: 'Not known',
  containerDisk: 'Container disk',
  sizeHidden: 'Runpod doesn’t show its size.',
  persistentDiskAt: (path: string) => `Persistent disk at ${path}`,
  onlyGrows: 'It can only grow.',
  mountsUnknown: 'Podkeeper couldn’t read what is mounted.',
  networkVolumeAt: (path: string) => `Its network volume at ${path} can be grown on the Volumes page.`,
  noPersistentDisk: 'A persistent disk can’t be added to an existing pod.',
  variablesHidden:
    'Runpod doesn’t show this pod’s variables to this key, so they can’t be changed without losing some.',
  variables: 'Variables',
  willBeRemoved: 'will be removed',
  keepVariable: (name: string) => `Keep ${name}`,
  removeVariable: (name: string) => `Remove ${name}`,
  keep: 'Keep',
  remove: 'Remove',
  addVariables: 'Add or replace variables',
  variablesPlaceholder: 'NAME=value',
} as const
