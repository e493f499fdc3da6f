import { formatGb } from '../base/text/format'
import type { ShownTemplate } from '../pods/catalog'
import { shortName } from '../pods/pod-name'
import type { ShownEndpoint } from '../endpoints/endpoint-view'
import type { PodEdit } from './pod-edit'
import type { VolumeChange } from './volume-change'

/* Texts for a change of a volume or a pod. They contain names of variables at most, never their values. */

export interface ChangeText {
  /** One word for the log. */
  readonly what: string
  /** "You asked to …" */
  readonly request: string
  /** "The volume data was created." */
  readonly done: string
  /** "The volume data was not created." */
  readonly notDone: string
  /** "Whether the volume data was created is not known." */
  readonly unclear: string
}

export function volumeChangeText(change: VolumeChange): ChangeText {
  const name = shortName(change.kind === 'create' ? change.spec.name : change.volume.name)
  const subject = `network volume ${name}`
  switch (change.kind) {
    case 'create': {
      const { sizeGb, dataCenterId } = change.spec
      return texts('create-volume', `create the ${subject} with ${formatGb(sizeGb)} in ${dataCenterId}`, [
        `The ${subject}`,
        'created',
      ])
    }
    case 'rename':
      return texts('rename-volume', `rename the ${subject} to ${shortName(change.name)}`, [
        `The ${subject}`,
        `renamed to ${shortName(change.name)}`,
      ])
    case 'grow':
      return texts('grow-volume', `grow the ${subject} to ${formatGb(change.sizeGb)}`, [
        `The ${subject}`,
        `grown to ${formatGb(change.sizeGb)}`,
      ])
    case 'delete':
      return texts('delete-volume', `delete the ${subject} with everything on it`, [
        `The ${subject}`,
        'deleted',
      ])
  }
}

export const templateDeleteText = ({ name }: ShownTemplate): ChangeText =>
  texts('delete-template', `delete the template ${shortName(name)}`, [
    `The template ${shortName(name)}`,
    'deleted',
  ])

export function minimumChangeText({ name }: Pick<ShownEndpoint, 'name'>): ChangeText {
  const subject = `minimum of the endpoint ${shortName(name)}`
  return texts('set-minimum', `set the ${subject} to 0 workers`, [`The ${subject}`, 'set to 0 workers'])
}

export function editText(podName: string, edit: PodEdit): ChangeText {
  const name = shortName(podName)
  const onlyField = Object.keys(edit).length === 1
  if (edit.isLocked !== undefined && onlyField) {
    const verb = edit.isLocked ? 'lock' : 'unlock'
    return texts(verb, `${verb} ${name}`, [name, `${verb}ed`])
  }
  if (edit.name !== undefined && onlyField)
    return texts('rename', `rename ${name} to ${shortName(edit.name)}`, [
      name,
      `renamed to ${shortName(edit.name)}`,
    ])
  return texts('edit', `edit ${name}: ${editSummary(edit)}`, [name, 'changed'])
}

function texts(what: string, request: string, [subject, participle]: readonly [string, string]): ChangeText {
  return {
    what,
    request: `You requested to ${request}.`,
    done: `${subject} was ${participle}.`,
    notDone: `${subject} was not ${participle}.`,
    unclear: `It is not known yet whether ${lowerThe(subject)} was ${participle}.`,
  }
}

const lowerThe = (subject: string): string => subject.replace(/^The (?=network |template |minimum )/, 'the ')

/** "image, ports, variables HF_TOKEN and SEED". */
function editSummary(edit: PodEdit): string {
  const { setVariables = {}, removedVariables = [] } = edit
  const set = Object.keys(setVariables)
  return [
    ...(edit.name === undefined ? [] : [`name ${shortName(edit.name)}`]),
    ...(edit.isLocked === undefined ? [] : [edit.isLocked ? 'locked' : 'unlocked']),
    ...(edit.image === undefined ? [] : [`image ${edit.image}`]),
    ...(edit.args === undefined ? [] : ['arguments']),
    ...(edit.registryId === undefined ? [] : [`registry credentials ${edit.registryId ?? 'none'}`]),
    ...(edit.hasGlobalNetworking === undefined
      ? []
      : [`global networking ${edit.hasGlobalNetworking ? 'on' : 'off'}`]),
    ...(edit.ports === undefined ? [] : [`ports ${edit.ports.join(' ') || 'none'}`]),
    ...(edit.containerDiskGb === undefined ? [] : [`container disk ${formatGb(edit.containerDiskGb)}`]),
    ...(edit.persistentGb === undefined ? [] : [`persistent disk ${formatGb(edit.persistentGb)}`]),
    ...(set.length === 0 ? [] : [`sets ${set.join(' ')}`]),
    ...(removedVariables.length === 0
      ? []
      : [`removes ${removedVariables.map((name) => shortName(name, 100)).join(' ')}`]),
  ].join(', ')
}
