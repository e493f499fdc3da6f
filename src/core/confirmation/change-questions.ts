import { formatGb, formatUsd } from '../base/text/format'
import { plainText } from '../base/text/plain-text'
import type { VolumeChange } from '../changes/volume-change'
import { grownPriceText, newPriceText } from '../changes/volume-price-text'
import type { SecretTemplate } from '../pods/catalog'
import { upToPerHourText, workersText } from '../endpoints/endpoint-text'
import type { EndpointView } from '../endpoints/endpoint-view'
import { shortName } from '../pods/pod-name'
import type { NetworkVolume } from '../pods/provider'
import { volumePerMonthUsd } from '../pods/storage-rates'
import { acceptedNames, bad, good, plain } from './confirmation'
import { accountLine } from './pod-questions'
import type { Question } from './question-queue'

/*
 * Questions before a change that costs money, restarts a pod or destroys something. Values of variables are never in
 * them. See docs/product-rules.md#115-volumes-and-edits.
 */

/** Beyond this, a text would hide what stands below it. */
const MAX_SHOWN_CHARS = 200

export function shown(text: string): string {
  const characters = Array.from(plainText(text))
  return characters.length <= MAX_SHOWN_CHARS
    ? characters.join('')
    : `${characters.slice(0, MAX_SHOWN_CHARS - 1).join('')}…`
}

export const variablesText = (names: readonly string[]): string =>
  names.map((name) => shortName(name, 60)).join(', ')

export const yesOrNo = { warning: null, field: null, isHarmful: true } as const

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

/** A template whose variables look like secrets in clear, of which it names the variables only. */
export function templateQuestion(
  { id, name, variableNames, isServerless }: SecretTemplate,
  others: readonly SecretTemplate[],
  accountName: string | null,
): Question {
  const inputs = acceptedNames({ id, name }, others)
  return {
    text: {
      ...yesOrNo,
      title: `Delete the template ${shortName(name)}?`,
      lines: [
        ...accountLine(accountName),
        bad(
          `Deletes the template with its ${isServerless ? 'settings for serverless workers' : 'settings for new pods'}`,
        ),
        bad('There is no copy, and Runpod can’t bring it back'),
        plain(`In plain text: ${variablesText(variableNames.slice(0, 10))}`),
        plain('Pods made from it keep these values. Replace a secret that others may have seen.'),
      ],
      field: {
        label: inputs.includes(name)
          ? inputs.length > 1
            ? `Type the template’s name, or its id: ${id}`
            : 'Type the template’s name'
          : `Another template has that name. Type this one’s id: ${id}`,
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
