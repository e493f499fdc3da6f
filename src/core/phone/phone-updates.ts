import { plainText } from '../base/text/plain-text'
import { HOUR_MS } from '../base/time/time'
import { shortName } from '../pods/pod-name'
import {
  type PhoneAction,
  type PhoneCommand,
  type PhoneOffer,
  type PhonePod,
  type PhoneSender,
  type PhoneState,
  type PhoneTarget,
  type PhoneUpdate,
  type PhoneWorld,
  UNDO_MS,
} from './offer/phone'
import { draftOf, type PhoneDraft, type PhoneStep, targetOf } from './phone-draft'
import { phoneLogText, phoneText } from './phone-text'
import { PRESENT_FOR_MS } from './presence'

export interface PhoneContext {
  readonly nowMs: number
  /** What arrived may be of any age: see `afterReply`. */
  readonly isAway: boolean
  /** The id of the only person who may write; null: who may write to the channel may press its buttons. */
  readonly personId: string | null
  /** How the activity log begins: "telegram". */
  readonly service: string
  readonly channelName: string
  /** Whether a stop may be offered and carried out. */
  readonly mayStop: boolean
  readonly world: PhoneWorld
  /** Must be unpredictable. */
  readonly newId: () => string
}

type Press = Extract<PhoneUpdate, { readonly kind: 'press' }>

/** One message has the buttons of one pod. */
const MAX_PODS_SHOWN = 6

/**
 * Takes what arrived. Nothing is carried out here: commands are in the state as `asked`, and are carried out once that
 * is on disk. See docs/product-rules.md#143-answers-from-the-phone.
 */
export function takeUpdates(
  before: PhoneState,
  updates: readonly PhoneUpdate[],
  cursor: string | null,
  context: PhoneContext,
): PhoneStep {
  const draft = draftOf(before, context.nowMs, context.newId)
  for (const update of updates) {
    if (draft.state().seen.includes(update.id)) continue
    draft.change({ seen: [...draft.state().seen, update.id] })
    if (update.kind === 'other' || !isFromPerson(update, context)) ignore(draft)
    else if (update.kind === 'press') takePress(draft, update, context)
    else takeText(draft, update.text, update.from, context)
  }
  if (cursor !== before.cursor) draft.change({ cursor, cursorAtMs: context.nowMs })
  logIgnored(draft, context)
  return draft.done()
}

function isFromPerson(
  update: Exclude<PhoneUpdate, { readonly kind: 'other' }>,
  { personId }: PhoneContext,
): boolean {
  if (personId === null) return update.kind === 'press'
  return update.isPrivate && update.from?.id === personId
}

const ignore = (draft: PhoneDraft): void => draft.change({ ignoredCount: draft.state().ignoredCount + 1 })

/** At most once an hour, so that nobody fills the log from outside. */
function logIgnored(draft: PhoneDraft, { nowMs, channelName }: PhoneContext): void {
  const { ignoredCount, ignoredLoggedAtMs } = draft.state()
  if (ignoredCount === 0 || Math.abs(nowMs - ignoredLoggedAtMs) < HOUR_MS) return
  draft.effect({ kind: 'log', text: phoneLogText.ignored(channelName, ignoredCount), target: null })
  draft.change({ ignoredCount: 0, ignoredLoggedAtMs: nowMs })
}

/** "telegram: Anna". */
function personOf(from: PhoneSender | null, { service }: PhoneContext): string {
  const name = from === null ? '' : plainText(from.name).trim()
  return name === '' ? service : `${service}: ${shortName(name, 40)}`
}

function takePress(draft: PhoneDraft, press: Press, context: PhoneContext): void {
  const { nowMs } = context
  const offer = draft.state().offers.find(({ id }) => id === press.offerId)
  const answer = (text: string): void => {
    if (press.callbackId !== null) draft.effect({ kind: 'answer', callbackId: press.callbackId, text })
  }
  if (offer === undefined) {
    // Without a person behind it, it is nothing but a line that somebody wrote.
    if (context.personId === null) return ignore(draft)
    return answer(phoneText.tooOld)
  }
  if (offer.usedAtMs !== null) return answer(phoneText.alreadyUsed)
  const { verb, messageId } = press
  if (!offer.buttons.includes(verb)) return ignore(draft)
  if (verb === 'stop' && !context.mayStop) return ignore(draft)
  const problem = verb === 'dismiss' || verb === 'undo' ? null : context.world.problemOf(offer.accountId)
  // Nothing is done to what isn't observed. The buttons stay, so that they can be pressed again.
  if (problem !== null) {
    if (press.callbackId === null) draft.say(phoneText.notKnown(problem))
    return answer(phoneText.notKnown(problem))
  }
  draft.setOffer({ ...offer, usedAtMs: nowMs })
  answer('')
  switch (verb) {
    case 'dismiss':
      return draft.say(phoneText.dismissed(offer.podName), { answers: messageId })
    case 'undo':
      return takeUndo(draft, offer.undoes, press, context)
    default:
      return takeAction(draft, offer, verb, press, context)
  }
}

function takeAction(
  draft: PhoneDraft,
  offer: PhoneOffer,
  action: PhoneAction,
  { from, messageId, agoMs }: Press,
  context: PhoneContext,
): void {
  const { world, nowMs } = context
  const target = targetOf(offer)
  const pod = podOf(world, offer)
  const refusal = refusalOf(action, offer, pod, nowMs)
  if (refusal !== null || pod === null) return draft.say(refusal ?? '', { answers: messageId })
  const isOld = agoMs === null ? context.isAway : agoMs > PRESENT_FOR_MS
  if (isOld) return draft.ask(phoneText.whileAway(action, pod), action, target, messageId)
  const isCurrent = offer.isQuestion || offer.alert === null || world.isCurrent(offer.alert)
  // More running time than was meant does no harm that a stop would do.
  if (action === 'stop' && !isCurrent)
    return draft.ask(phoneText.noLongerApplies(action, pod), action, target, messageId)
  const person = personOf(from, context)
  const command: PhoneCommand = {
    ...target,
    podName: pod.name,
    id: context.newId(),
    action,
    person,
    atMs: nowMs,
    phase: 'asked',
    isOwnHold: action !== 'stop' && pod.keptUntilMs === null,
  }
  draft.setCommand(command)
  draft.effect({ kind: 'log', text: phoneLogText.pressed(person, action, pod.name), target })
}

export const podOf = (
  world: PhoneWorld,
  { accountId, podId }: Pick<PhoneTarget, 'accountId' | 'podId'>,
): PhonePod | null => world.pods().find((pod) => pod.accountId === accountId && pod.podId === podId) ?? null

/** Why nothing is done, as a sentence; null: nothing speaks against it. */
export function refusalOf(
  action: PhoneAction,
  target: PhoneTarget,
  pod: PhonePod | null,
  nowMs: number,
): string | null {
  if (pod === null) return phoneText.notListed(target.podName)
  if (!pod.isRunning) return phoneText.notRunning(pod.name)
  if (pod.startedAtMs !== target.podStartedAtMs) return phoneText.otherRun(pod.name)
  if (action === 'stop')
    return pod.stopProblem === null ? null : phoneText.notStopped(pod.name, pod.stopProblem)
  const wantedMs = action === 'keep-4h' ? nowMs + 4 * HOUR_MS : null
  // A hold that lasts longer is never shortened from here.
  const isLonger =
    pod.keptUntilMs === Number.POSITIVE_INFINITY ||
    (pod.keptUntilMs !== null && wantedMs !== null && pod.keptUntilMs >= wantedMs)
  return isLonger && pod.keptUntilMs !== null ? phoneText.keptLonger(pod.name, pod.keptUntilMs, nowMs) : null
}

function takeUndo(
  draft: PhoneDraft,
  commandId: string | null,
  { from, messageId }: Pick<Press, 'from' | 'messageId'>,
  context: PhoneContext,
): void {
  const command = draft.state().commands.find(({ id }) => id === commandId)
  if (command === undefined) return draft.say(phoneText.nothingToUndo, { answers: messageId })
  const isTooLate = Math.abs(context.nowMs - command.atMs) > UNDO_MS
  if (isTooLate || command.phase === 'unconfirmed')
    return draft.say(phoneText.tooLateToUndo, { answers: messageId })
  const { podName } = command
  const text = phoneLogText.undo(personOf(from, context), podName)
  draft.effect({ kind: 'log', text, target: targetOf(command) })
  draft.effect({ kind: 'undo', command })
}

/** Texts carry out nothing but an undo: they say what is so, with new buttons. */
function takeText(draft: PhoneDraft, text: string, from: PhoneSender, context: PhoneContext): void {
  const [word = ''] = text.trim().toLowerCase().replace(/^\//, '').split(/[\s@]/, 1)
  if (word === 'undo') {
    const undoOffer = draft
      .state()
      .offers.filter(({ undoes, usedAtMs }) => undoes !== null && usedAtMs === null)
      .at(-1)
    if (undoOffer === undefined) return draft.say(phoneText.nothingToUndo)
    draft.setOffer({ ...undoOffer, usedAtMs: context.nowMs })
    return takeUndo(draft, undoOffer.undoes, { from, messageId: null }, context)
  }
  if (!['status', 'stop', 'keep', 'pods'].includes(word)) return draft.say(phoneText.help)
  draft.effect({ kind: 'log', text: phoneLogText.status(personOf(from, context)), target: null })
  sayPods(draft, context)
}

function sayPods(draft: PhoneDraft, { world, nowMs, mayStop }: PhoneContext): void {
  const pods = world.pods()
  const problems = world.problems()
  const running = pods.filter(({ isRunning }) => isRunning)
  // That none runs is said only where all are known.
  const summary =
    running.length === 0 && problems.length > 0
      ? []
      : [phoneText.pods(running.length, running.length > MAX_PODS_SHOWN)]
  draft.say([...problems, ...summary].join(' '))
  for (const pod of running.slice(0, MAX_PODS_SHOWN)) {
    const { accountId, podId, name: podName, startedAtMs: podStartedAtMs } = pod
    const text = phoneText.pod(pod, nowMs)
    // Buttons are about a run, so without its start there are none.
    if (podStartedAtMs === null || world.problemOf(accountId) !== null) {
      draft.say(text)
      continue
    }
    draft.say(text, {
      offer: {
        target: { accountId, podId, podName, podStartedAtMs },
        buttons: [
          ...(mayStop && pod.stopProblem === null ? (['stop'] as const) : []),
          'keep-4h',
          'keep-morning',
        ],
      },
    })
  }
}
