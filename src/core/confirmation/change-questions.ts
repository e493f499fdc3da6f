import { formatGb, formatUsd } from '../base/text/format'
import { plainText } from '../base/text/plain-text'
import {
  isDeferred,
  isHarmless,
  isRestarting,
  keptPath,
  type PodEdit,
  type ShownConfiguration,
} from '../changes/pod-edit'
import type { VolumeChange } from '../changes/volume-change'
import { grownPriceText, newPriceText } from '../changes/volume-price-text'
import { upToPerHourText, workersText } from '../endpoints/endpoint-text'
import type { EndpointView } from '../endpoints/endpoint-view'
import type { Pod } from '../pods/pod'
import { plainName, shortName } from '../pods/pod-name'
import type { NetworkVolume } from '../pods/provider'
import { STORAGE_RATES, storagePerHourUsd, volumePerMonthUsd } from '../pods/storage-rates'
import { acceptedNames, type ConfirmationLine } from './confirmation'
import { accountLine, podLine } from './pod-questions'
import type { Question } from './question-queue'

/*
 * Questions before a change that costs money, restarts a pod or destroys something. Values of variables are never in
 * them. See docs/product-rules.md#115-volumes-and-edits.
 */

const plain = (text: string): ConfirmationLine => ({ tone: 'plain', text })
const bad = (text: string): ConfirmationLine => ({ tone: 'bad', text })
const good = (text: string): ConfirmationLine => ({ tone: 'good', text })

/** Beyond this, a text would hide what stands below it. */
const MAX_SHOWN_CHARS = 200

function shown(text: string): string {
  const characters = Array.from(plainText(text))
  return characters.length <= MAX_SHOWN_CHARS
    ? characters.join('')
    : `${characters.slice(0, MAX_SHOWN_CHARS - 1).join('')}…`
}

const variablesText = (names: readonly string[]): string =>
  names.map((name) => shortName(name, 60)).join(', ')

/** What is known of the volume that is changed. */
export interface VolumeUse {
  /** Null for a new one. */
  readonly volume: NetworkVolume | null
  readonly others: readonly NetworkVolume[]
}

/** Null: the change is not asked about. */
export function volumeQuestion(
  change: VolumeChange,
  use: VolumeUse,
  accountName: string | null,
): Question | null {
  switch (change.kind) {
    case 'create':
      return newVolumeQuestion(change, accountName)
    case 'grow':
      return grownVolumeQuestion(change, use.volume, accountName)
    case 'delete':
      return deletedVolumeQuestion(change, use, accountName)
    case 'rename':
      return null
  }
}

type ChangeOf<K extends VolumeChange['kind']> = Extract<VolumeChange, { readonly kind: K }>

function newVolumeQuestion(change: ChangeOf<'create'>, accountName: string | null): Question {
  const { name, sizeGb, dataCenterId, kind } = change.spec
  const isHighPerformance = kind === 'high-performance'
  const perMonthUsd = volumePerMonthUsd({ sizeGb, isHighPerformance })
  return {
    text: {
      ...yesOrNo,
      title: `Create the volume ${shortName(name)}?`,
      lines: [
        ...accountLine(accountName),
        plain(
          `${formatGb(sizeGb)} in ${shown(dataCenterId)}${isHighPerformance ? ', high performance' : ''}`,
        ),
        bad(newPriceText(perMonthUsd)),
        plain('Its size can grow but not shrink, and it can’t be moved to another data center.'),
      ],
      confirmLabel: 'Create volume',
      isDestructive: false,
    },
  }
}

function grownVolumeQuestion(
  change: ChangeOf<'grow'>,
  volume: NetworkVolume | null,
  accountName: string | null,
): Question {
  const isHighPerformance = volume?.isHighPerformance ?? true
  const before = volumePerMonthUsd({ sizeGb: change.volume.sizeGb, isHighPerformance })
  const after = volumePerMonthUsd({ sizeGb: change.sizeGb, isHighPerformance })
  return {
    text: {
      ...yesOrNo,
      title: `Grow ${shortName(change.volume.name)} to ${formatGb(change.sizeGb)}?`,
      lines: [
        ...accountLine(accountName),
        bad(grownPriceText(before, after)),
        bad('It can’t be made smaller later.'),
      ],
      confirmLabel: 'Grow volume',
      isDestructive: false,
    },
  }
}

function deletedVolumeQuestion(
  change: ChangeOf<'delete'>,
  { volume, others }: VolumeUse,
  accountName: string | null,
): Question {
  const { id, name, sizeGb, dataCenterId } = change.volume
  const inputs = acceptedNames({ id, name }, others)
  const isNameTyped = inputs.includes(name)
  const size = sizeGb === null ? '' : `${formatGb(sizeGb)} `
  const perMonthUsd = volume && volumePerMonthUsd(volume)
  return {
    text: {
      ...yesOrNo,
      title: `Delete the volume ${shortName(name)}?`,
      lines: [
        ...accountLine(accountName),
        bad(
          `Destroys the volume (${size}in ${shown(dataCenterId ?? 'an unknown data center')}) and everything on it`,
        ),
        bad('There is no copy, and Runpod can’t bring it back'),
        plain('No pod in the list uses it; serverless endpoints that use it aren’t shown here'),
        ...(perMonthUsd === null ? [] : [good(`Ends ${formatUsd(perMonthUsd)} a month`)]),
      ],
      field: {
        label: isNameTyped
          ? inputs.length > 1
            ? `Type the volume’s name, or its id: ${id}`
            : 'Type the volume’s name'
          : `Another volume has that name. Type this one’s id: ${id}`,
        isSecret: false,
        acceptedInputs: inputs,
      },
      confirmLabel: `Delete ${shortName(name, 32)}`,
      isDestructive: true,
    },
  }
}

export function minimumQuestion(
  { id, name, minWorkers, maxWorkers, perHourUsd, activity }: EndpointView,
  accountName: string | null,
): Question {
  const workers = workersText(minWorkers ?? 0)
  return {
    text: {
      ...yesOrNo,
      title: `Set the minimum of ${shortName(name)} to 0 workers?`,
      lines: [
        ...accountLine(accountName),
        plain(`The endpoint (id ${shown(id)}) always keeps ${workers} now (${upToPerHourText(perHourUsd)})`),
        ...(activity.kind === 'busy'
          ? [bad('One of its workers processed a request when it was read last')]
          : []),
        bad('The first request after a pause waits until a worker has started'),
        maxWorkers === 0
          ? bad('Its maximum is 0, so no worker is started for requests either')
          : good(
              'Requests still work: Runpod starts workers for them, up to the maximum, which stays as it is',
            ),
      ],
      confirmLabel: 'Set minimum to 0',
      isDestructive: false,
    },
  }
}

const yesOrNo = { warning: null, field: null, isHarmful: true } as const

/** An edit that does more than to rename or lock. */
export function editQuestion(
  edit: PodEdit,
  configuration: ShownConfiguration,
  pod: Pod,
  accountName: string | null,
): Question {
  return {
    text: {
      ...yesOrNo,
      title: isRestarting(edit, pod)
        ? `Change ${shortName(pod.name)} and restart it?`
        : `Change ${shortName(pod.name)}?`,
      lines: [podLine(pod, accountName), ...editLines(edit, configuration, pod)],
      confirmLabel: isRestarting(edit, pod) ? 'Change and restart' : 'Change pod',
      isDestructive: isRestarting(edit, pod),
    },
  }
}

/** What changes, and what that does to the pod. */
export function editLines(
  edit: PodEdit,
  shownPod: ShownConfiguration,
  pod: Pick<Pod, 'phase'>,
): readonly ConfirmationLine[] {
  const { image, args, registryId, isRegistryKnown, containerDiskGb, ports, storage } = shownPod
  const { setVariables = {}, removedVariables = [] } = edit
  const set = Object.keys(setVariables)
  const lines: ConfirmationLine[] = []
  if (edit.name !== undefined) lines.push(plain(`Name: ${plainName(edit.name)}`))
  if (edit.isLocked !== undefined) lines.push(plain(edit.isLocked ? 'Locked' : 'Unlocked'))
  if (edit.image !== undefined) lines.push(plain(`Image: ${shown(edit.image)} (now ${shown(image)})`))
  if (edit.args !== undefined)
    lines.push(plain(`Arguments: ${shown(edit.args) || IMAGE_ARGS} (now ${argsText(args)})`))
  if (edit.registryId !== undefined)
    lines.push(
      plain(
        `Registry credentials: ${shown(edit.registryId ?? 'none')} (now ${isRegistryKnown ? shown(registryId ?? 'none') : 'not known'})`,
      ),
    )
  if (edit.hasGlobalNetworking !== undefined)
    lines.push(plain(`Global networking: ${edit.hasGlobalNetworking ? 'on' : 'off'}`))
  if (edit.ports !== undefined) {
    lines.push(plain(`Ports: ${edit.ports.join(', ') || 'none'} (now ${shown(ports.join(', ')) || 'none'})`))
    if (ports.includes(SSH_PORT) && !edit.ports.includes(SSH_PORT))
      lines.push(bad('Direct SSH connections end, because port 22/tcp is closed.'))
  }
  if (set.length > 0) lines.push(plain(`Variables set: ${variablesText(set)}`))
  if (removedVariables.length > 0) lines.push(bad(`Variables removed: ${variablesText(removedVariables)}`))
  if (edit.containerDiskGb !== undefined)
    lines.push(plain(`Container disk: ${diskText(edit.containerDiskGb, containerDiskGb)}`))
  if (edit.persistentGb !== undefined)
    lines.push(
      plain(
        `Persistent disk: ${diskText(edit.persistentGb, storage?.kind === 'persistent' ? storage.sizeGb : null)}`,
      ),
      bad('A persistent disk can’t be made smaller later, and costs twice as much while the pod is stopped.'),
    )
  return [...lines, ...effectLines(edit, storage, pod)]
}

const SSH_PORT = '22/tcp'
const IMAGE_ARGS = 'those of the image'
const argsText = (args: string | null): string => (args === null ? 'not known' : shown(args) || IMAGE_ARGS)

/** "100 GB, now 50 GB: $10.00 instead of $5.00 a month while it runs". */
function diskText(sizeGb: number, currentGb: number | null): string {
  const perMonth = (gb: number): string =>
    formatUsd(storagePerHourUsd(gb, 'containerRunning') * STORAGE_RATES.hoursPerMonth)
  return currentGb === null
    ? `${formatGb(sizeGb)}, ${perMonth(sizeGb)} a month while it runs`
    : `${formatGb(sizeGb)}, now ${formatGb(currentGb)}: ${perMonth(sizeGb)} instead of ${perMonth(currentGb)} a month while it runs`
}

/** The start script of Runpod's images starts both. */
const ARGS_WARNING =
  'Arguments may replace what the image starts. If that is its start script, SSH and Jupyter don’t start.'

function effectLines(
  edit: PodEdit,
  storage: ShownConfiguration['storage'],
  pod: Pick<Pod, 'phase'>,
): readonly ConfirmationLine[] {
  if (isHarmless(edit)) return []
  if (pod.phase === 'stopped') return [plain('The pod is stopped, so this takes effect when it starts.')]
  if (isDeferred(edit))
    return [
      plain(
        'What runs in the pod keeps running. Global networking changes when the pod starts or restarts next.',
      ),
    ]
  const path = keptPath(storage)
  return [
    ...(edit.args === undefined ? [] : [bad(ARGS_WARNING)]),
    bad('Restarts the pod now, and ends everything that runs in it.'),
    path === null
      ? bad('Wipes everything in the pod, because no volume is known to keep anything.')
      : bad(`Wipes everything outside ${shown(path)}.`),
    ...(path === null ? [] : [good(`Keeps ${shown(path)}.`)]),
  ]
}
