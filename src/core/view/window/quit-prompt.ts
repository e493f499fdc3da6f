import { formatUsdPerHour } from '../../base/text/format'
import type { PodView, Snapshot } from '../snapshot'

/** The text of the prompt shown when the user quits. */
export interface QuitPrompt {
  readonly message: string
  readonly detail: string
  /** The label of the button that does not quit now. */
  readonly stayLabel: string
  readonly quitLabel: string
}

/** Whether an action is not sent yet, so that a later quit waits for it. */
export const hasUnsentAction = ({ pods }: Snapshot): boolean =>
  pods.some(({ intent }) => intent?.phase === 'scheduled')

/**
 * The prompt while an action is not sent yet, shells are open or files are copied (`shells` and `transfers` list the
 * pod name of each); null when nothing would be lost.
 */
export function quitPrompt(
  { pods, creates = [] }: Snapshot,
  shells: readonly string[],
  transfers: readonly string[] = [],
): QuitPrompt | null {
  const unsent = pods.filter(({ intent }) => intent?.phase === 'scheduled')
  const [first] = unsent
  if (first === undefined) {
    const lost = creates.filter(({ endsWithProgram }) => endsWithProgram).map(({ name }) => name)
    return createPrompt(lost, shells) ?? transferPrompt(transfers, shells) ?? shellPrompt(shells)
  }
  const labels = { stayLabel: 'Wait', quitLabel: 'Quit anyway' }
  const shellsSuffix = shells.length === 0 ? '' : `\n${shellsEndText(shells)}`
  if (unsent.length === 1)
    return {
      message: `Quit before the ${first.intent?.action} of ${first.name} is sent?`,
      detail: `If Podkeeper quits now, it is canceled${consequenceText(first)}. If you wait, Podkeeper quits automatically once it is sent.${shellsSuffix}`,
      ...labels,
    }
  return {
    message: `Quit before ${unsent.length} actions are sent?`,
    detail: [
      'If Podkeeper quits now, they are canceled:',
      ...unsent.map((pod) => `• ${pod.intent?.action} ${pod.name}${consequenceText(pod)}`),
      `If you wait, Podkeeper quits automatically once they are sent.${shellsSuffix}`,
    ].join('\n'),
    ...labels,
  }
}

/** Pods that would not be created any more; the others go on when Podkeeper runs again. */
function createPrompt(names: readonly string[], shells: readonly string[]): QuitPrompt | null {
  if (names.length === 0) return null
  const shellsSuffix = shells.length === 0 ? '' : `\n${shellsEndText(shells)}`
  return {
    message:
      names.length === 1
        ? `Quit before ${names.join('')} is created?`
        : `Quit before ${names.length} pods are created?`,
    detail: `If Podkeeper quits now, ${names.join(', ')} won’t be created, because Podkeeper doesn’t store the values of variables.${shellsSuffix}`,
    stayLabel: 'Cancel',
    quitLabel: 'Quit anyway',
  }
}

/** What was copied stays as a part, from which the same transfer goes on. */
function transferPrompt(transfers: readonly string[], shells: readonly string[]): QuitPrompt | null {
  if (transfers.length === 0) return null
  const isOne = transfers.length === 1
  const shellsSuffix = shells.length === 0 ? '' : `\n${shellsEndText(shells)}`
  return {
    message: isOne
      ? `Quit while files are copied (${transfers.join('')})?`
      : `Quit while ${transfers.length} transfers of files run?`,
    detail: `${isOne ? 'The transfer ends' : 'They end'}. Start ${isOne ? 'it' : 'them'} again later to continue from where ${isOne ? 'it is' : 'they are'}.${shellsSuffix}`,
    stayLabel: 'Cancel',
    quitLabel: 'Quit anyway',
  }
}

function shellPrompt(shells: readonly string[]): QuitPrompt | null {
  if (shells.length === 0) return null
  return {
    message:
      shells.length === 1 ? 'Quit with a terminal open?' : `Quit with ${shells.length} terminals open?`,
    detail: `${shellsEndText(shells)} The pods keep running.`,
    stayLabel: 'Cancel',
    quitLabel: 'Quit',
  }
}

function shellsEndText(shells: readonly string[]): string {
  const names = [...new Set(shells)]
  const where = names.length > MAX_NAMES ? `${names.length} pods` : names.join(', ')
  return `The ${shells.length === 1 ? 'terminal' : 'terminals'} on ${where} will close, along with what runs in ${shells.length === 1 ? 'it' : 'them'} unless tmux or a similar program keeps ${shells.length === 1 ? 'it' : 'them'} running.`
}

/** Additional pods are only counted. */
const MAX_NAMES = 4

function consequenceText({ intent, costPerHourUsd, isPriceApproximate }: PodView): string {
  if (intent?.action !== 'stop') return ''
  const rate = costPerHourUsd === null ? '' : ` at ${formatUsdPerHour(costPerHourUsd, isPriceApproximate)}`
  return `, and the pod keeps running${rate}`
}
