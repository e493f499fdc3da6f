import { formatMoment, formatTimeOfDay } from '../base/text/format'
import { unlinked } from '../channels/messages/unlinked'
import { shortName } from '../pods/pod-name'
import { verbLabels } from './offer/offer-buttons'
import type { PhoneAction, PhonePod } from './offer/phone'

/* What a phone channel says. See docs/product-rules.md#143-answers-from-the-phone. */

const questions: Readonly<Record<PhoneAction, (name: string) => string>> = {
  stop: (name) => `Stop ${name} now?`,
  'keep-4h': (name) => `Keep ${name} running for 4 h from now?`,
  'keep-morning': (name) => `Keep ${name} running until tomorrow?`,
}

const named = (name: string): string => unlinked(shortName(name, 60))

export const phoneText = {
  tooOld: 'This button is too old. Send /status for new ones.',
  alreadyUsed: 'This was answered already.',
  dismissed: (name: string) => `Nothing was done to ${named(name)}.`,
  whileAway: (action: PhoneAction, { name, doing }: PhonePod) =>
    `You pressed ${verbLabels[action]} while I was away. ${named(name)} is ${doing} now. ${questions[action](named(name))}`,
  noLongerApplies: (action: PhoneAction, { name, doing }: PhonePod) =>
    `That alert no longer applies: ${named(name)} is ${doing} now. ${questions[action](named(name))}`,
  lost: (action: PhoneAction, name: string) =>
    `Podkeeper ended before it could do that, so nothing was done. ${questions[action](named(name))}`,
  askAgain: (why: string, action: PhoneAction, name: string) =>
    `${unlinked(why)} ${questions[action](named(name))}`,
  otherRun: (name: string) =>
    `${named(name)} was started again since that message, so nothing was done. Send /status for new buttons.`,
  notListed: (name: string) => `${named(name)} is no longer in the list, so nothing was done.`,
  notKnown: (why: string) => `${why} Nothing was done.`,
  notRunning: (name: string) => `${named(name)} isn’t running, so nothing was done.`,
  notStopped: (name: string, why: string) => `${named(name)} was not stopped, since ${why}.`,
  failed: (why: string) => `Nothing was done: ${unlinked(why)}`,
  stopping: (name: string) => `${named(name)} will be stopped in 60 s.`,
  kept: (name: string, untilMs: number | null, nowMs: number) =>
    untilMs === null
      ? `${named(name)} is kept running.`
      : `${named(name)} is kept running until ${formatMoment(untilMs, { nowMs })}.`,
  keptLonger: (name: string, untilMs: number, nowMs: number) =>
    untilMs === Number.POSITIVE_INFINITY
      ? `${named(name)} is kept running until you cancel that in Podkeeper. Nothing was changed.`
      : `${named(name)} is kept running until ${formatMoment(untilMs, { nowMs })} already. Nothing was changed.`,
  observed: (name: string, atMs: number) => `${named(name)} stopped, seen at ${formatTimeOfDay(atMs)}.`,
  stoppedLate: (name: string, atMs: number) =>
    `${named(name)} stopped after all, seen at ${formatTimeOfDay(atMs)}.`,
  refused: (name: string, message: string | null) =>
    `The stop of ${named(name)} failed.${message === null ? '' : ` ${unlinked(message)}`} Look at it in Podkeeper.`,
  stillRunning: (name: string, seconds: number, isSeenRunning: boolean) =>
    isSeenRunning
      ? `${named(name)} is still running ${seconds} s after the stop was sent. I’ll say if it stops later.`
      : `${named(name)} was not seen to stop within ${seconds} s after the stop was sent. I’ll say if it stops later.`,
  undone: (name: string) => `Undone. ${named(name)} is not stopped.`,
  keepUndone: (name: string) => `Undone. ${named(name)} is no longer kept running.`,
  tooLateToUndo: 'It is too late to undo that.',
  nothingToUndo: 'There is nothing to undo.',
  help: 'Send /status to see your running pods with their buttons, or /undo within 60 s of a button. I never start, create or terminate a pod.',
  pods: (running: number, isMore: boolean) =>
    running === 0
      ? 'No pod is running.'
      : `${running === 1 ? '1 pod is' : `${running} pods are`} running.${isMore ? ' These are some of them.' : ''}`,
  pod: ({ name, doing, keptUntilMs }: PhonePod, nowMs: number) => {
    const kept =
      keptUntilMs === null
        ? ''
        : keptUntilMs === Number.POSITIVE_INFINITY
          ? ' Kept running until canceled.'
          : ` Kept running until ${formatMoment(keptUntilMs, { nowMs })}.`
    return `${named(name)} is ${doing}.${kept}`
  },
} as const

/** What the activity log says. */
export const phoneLogText = {
  pressed: (person: string, action: PhoneAction, name: string) =>
    `${person} pressed ${verbLabels[action]} for ${name}.`,
  undo: (person: string, name: string) => `${person} pressed Undo for ${name}.`,
  status: (person: string) => `${person} asked for the status.`,
  ignored: (channelName: string, count: number) =>
    `${channelName}: ${count === 1 ? '1 message was' : `${count} messages were`} ignored, because they came from nobody that Podkeeper listens to.`,
} as const
