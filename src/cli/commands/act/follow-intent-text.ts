import { formatRemaining } from '../../../core/base/text/format'
import { actionText, tooLateText, unconfirmedText } from '../../../core/intents/action-text'
import type { Intent, IntentAction } from '../../../core/intents/intent'
import type { ControlledPodView } from '../../../node/control/control-requests'

type PodName = Pick<ControlledPodView, 'name'>

const LOST = 'The program carrying this out quit or stopped responding'

/** How far an action is, while it is followed. `hint`: the keys that take it back. */
export const intentProgressText = {
  countdown: ({ name }: PodName, action: IntentAction, leftMs: number, hint: string) =>
    `${actionText[action].doing} ${name} in ${formatRemaining(leftMs)} · ${hint} to undo`,
  waitingForGpu: ({ name }: PodName, nextTryMs: number, hint: string) =>
    `${name} is waiting for a GPU · next try in ${formatRemaining(nextTryMs)} · ${hint} to cancel`,
  sent: ({ name }: PodName, action: IntentAction, service: string) =>
    `${actionText[action].doing} ${name}: sent to ${service}, waiting for its response`,
  accepted: ({ name }: PodName, action: IntentAction) =>
    `${actionText[action].doing} ${name}: accepted, waiting for the result`,
  tooLate: tooLateText,
} as const

/** How an action ended, as sentences. */
export const intentOutcomeText = {
  accepted: ({ name }: PodName, action: IntentAction, service: string) =>
    `${service} accepted the ${action} of ${name}.`,
  observed: ({ name }: PodName, action: IntentAction) => `${name} ${actionText[action].past}.`,
  canceled: (pod: ControlledPodView) => `Canceled: nothing was sent. ${unchangedText(pod)}`,
  didNotHappen: ({ name }: PodName, { action, message }: Intent) =>
    `${name}: the ${action} ${unconfirmedText(action)}. ${message ?? ''}`.trim(),
  failed({ id, name }: ControlledPodView, { action, message, lacksGpu }: Intent): string {
    const hint = lacksGpu ? `To wait until one is free, run podkeeper start --when-free ${id}` : ''
    return [`${name}: the ${action} failed.`, message ?? '', hint].filter((part) => part !== '').join(' ')
  },
  rateLimited: (pod: ControlledPodView, action: IntentAction, service: string) =>
    `${service} is rate-limiting the ${action} of ${pod.name}, so it was canceled: nothing was done. ${unchangedText(pod)}`,
  notConfirmed: ({ name }: PodName, action: IntentAction) =>
    `The ${action} of ${name} was sent, but its result could not be confirmed in time.`,
  undoUnknown: ({ name }: PodName, action: IntentAction) =>
    `You asked to undo the ${action} of ${name}, but whether that worked is not known yet.`,
  alreadySent: ({ name }: PodName, action: IntentAction) =>
    `The ${action} of ${name} was already sent and continues.`,
  lostWithoutJournal: `${LOST}, and its journal cannot be read.`,
  lostBeforeAccepted: `${LOST} before it accepted the request: nothing was done.`,
  lostBeforeSent: ({ name }: PodName, action: IntentAction) =>
    `${LOST} before the ${action} of ${name} was sent.`,
  lostAfterSent: ({ name }: PodName, action: IntentAction) =>
    `${LOST} after it began to send the ${action} of ${name}.`,
  unknown: (message: string) => `${message} To check, run podkeeper status`,
} as const

const unchangedText = ({ name, phase }: ControlledPodView): string => `${name} is still ${phase}.`
