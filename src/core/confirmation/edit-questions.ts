import { formatGb, formatUsd } from '../base/text/format'
import {
  isDeferred,
  isHarmless,
  isRestarting,
  keptPath,
  type PodEdit,
  type ShownConfiguration,
} from '../changes/pod-edit'
import type { Pod } from '../pods/pod'
import { plainName, shortName } from '../pods/pod-name'
import { STORAGE_RATES, storagePerHourUsd } from '../pods/storage-rates'
import { bad, type ConfirmationLine, good, plain } from './confirmation'
import { podLine } from './pod-questions'
import type { Question } from './question-queue'

import { shown, variablesText, yesOrNo } from './change-questions'

/* Questions before a pod is edited. Values of variables are never in them. See docs/product-rules.md#115-volumes-and-edits. */

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
