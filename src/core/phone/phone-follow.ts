import type { Intent } from '../intents/intent'
import { elapsedMs, HOUR_MS, type Instant } from '../base/time/time'
import type { PhoneCommand, PhoneState, PhoneWorld } from './offer/phone'
import { draftOf, type PhoneDraft, type PhoneStep, targetOf } from './phone-draft'
import { phoneText } from './phone-text'
import { podOf } from './phone-updates'

export interface FollowContext {
  readonly now: Instant
  readonly newId: () => string
  readonly world: PhoneWorld
  /** The intent of a stop; null: there is none. */
  readonly intentOf: (id: string) => Intent | null
}

/** A stop that was not seen in time may still be seen for so long: see docs/product-rules.md#41-intents. */
const MAY_STOP_LATER_MS = HOUR_MS

/** How carrying out ended: when a hold ends (Unix ms, null: unknown); the error is a sentence. */
export type CarriedOut =
  | { readonly ok: true; readonly keptUntilMs: number | null }
  | { readonly ok: false; readonly error: string }

/** What is said right after a command was carried out. */
export function afterCarryingOut(
  before: PhoneState,
  command: PhoneCommand,
  result: CarriedOut,
  { now, newId }: Pick<FollowContext, 'now' | 'newId'>,
): PhoneStep {
  const draft = draftOf(before, now.wallMs, newId)
  const { podName, action } = command
  if (!result.ok) {
    draft.setCommand({ ...command, phase: 'done' })
    draft.say(phoneText.failed(result.error))
    return draft.done()
  }
  const undo = { target: command, buttons: ['undo'], undoes: command.id } as const
  if (action === 'stop') {
    draft.setCommand({ ...command, phase: 'under-way' })
    draft.say(phoneText.stopping(podName), { offer: undo })
  } else {
    draft.setCommand({ ...command, phase: 'done' })
    const text = phoneText.kept(podName, result.keptUntilMs, now.wallMs)
    draft.say(text, command.isOwnHold ? { offer: undo } : {})
  }
  return draft.done()
}

/** What is said once an undo was tried. A stop that is undone is said when it is seen to be. */
export function afterUndo(
  before: PhoneState,
  command: PhoneCommand,
  isUndone: boolean,
  { now, newId }: Pick<FollowContext, 'now' | 'newId'>,
): PhoneStep {
  const draft = draftOf(before, now.wallMs, newId)
  if (!isUndone) draft.say(phoneText.tooLateToUndo)
  else if (command.action !== 'stop') draft.say(phoneText.keepUndone(command.podName))
  return draft.done()
}

/** Commands that an earlier run wrote down and may not have carried out: what can't be seen to be done is asked again. */
export function recoverCommands(before: PhoneState, context: FollowContext): PhoneStep {
  const draft = draftOf(before, context.now.wallMs, context.newId)
  for (const command of before.commands.filter(({ phase }) => phase === 'asked')) {
    const isScheduled = command.action === 'stop' && context.intentOf(command.id) !== null
    draft.setCommand({ ...command, phase: isScheduled ? 'under-way' : 'done' })
    if (isScheduled) continue
    const text = phoneText.lost(command.action, command.podName)
    draft.ask(text, command.action, targetOf(command))
  }
  return draft.done()
}

/** Says what became of stops, by what was observed. */
export function followCommands(before: PhoneState, context: FollowContext): PhoneStep {
  const draft = draftOf(before, context.now.wallMs, context.newId)
  for (const command of before.commands) {
    if (command.phase !== 'under-way' && command.phase !== 'unconfirmed') continue
    const intent = context.intentOf(command.id)
    if (intent === null) {
      draft.setCommand({ ...command, phase: 'done' })
      if (command.phase === 'under-way')
        draft.ask(phoneText.lost('stop', command.podName), 'stop', targetOf(command))
    } else follow(draft, command, intent, context)
  }
  return draft.done()
}

function follow(draft: PhoneDraft, command: PhoneCommand, intent: Intent, context: FollowContext): void {
  const { podName, phase } = command
  const end = (text: string): void => {
    draft.setCommand({ ...command, phase: 'done' })
    draft.say(text)
  }
  switch (intent.phase) {
    case 'observed':
      return end(
        phase === 'unconfirmed'
          ? phoneText.stoppedLate(podName, intent.phaseAt.wallMs)
          : phoneText.observed(podName, intent.phaseAt.wallMs),
      )
    case 'failed':
      return end(phoneText.refused(podName, intent.message))
    case 'cancelled': {
      if (intent.message === null) return end(phoneText.undone(podName))
      draft.setCommand({ ...command, phase: 'done' })
      return draft.ask(phoneText.askAgain(intent.message, 'stop', podName), 'stop', targetOf(command))
    }
    case 'did-not-happen': {
      if (phase === 'unconfirmed') {
        if (elapsedMs(intent.phaseAt, context.now) > MAY_STOP_LATER_MS)
          draft.setCommand({ ...command, phase: 'done' })
        return
      }
      const pod = podOf(context.world, command)
      const isSeen = pod?.isRunning === true && context.world.problemOf(command.accountId) === null
      const sinceMs = elapsedMs(intent.sentAt ?? intent.phaseAt, intent.phaseAt)
      draft.setCommand({ ...command, phase: 'unconfirmed' })
      return draft.say(phoneText.stillRunning(podName, Math.round(sinceMs / 1_000), isSeen))
    }
    default:
  }
}

/** Whether a command is to be followed, so that it has to be looked at soon. */
export const isFollowing = ({ commands }: PhoneState): boolean =>
  commands.some(({ phase }) => phase !== 'done')
