import { unreadableError } from '../pods/provider'
import type { AuditEntry } from '../audit-log/audit-log'
import { fail, type Result } from '../base/result'
import { SECOND_MS } from '../base/time/time'
import type { AccountContext } from '../pod-rules/account-context'
import type { Pod } from '../pods/pod'
import { type ChangeField, fieldOfError } from './change-field'
import type { ChangeText } from './change-text'
import { type ChangeOutcome, type SendableChange, sendChange } from './send-change'

export type ChangeResult =
  | { readonly kind: 'done'; readonly message: string }
  /** Nothing was done. `field`: the one at fault; null: none, or not known. */
  | { readonly kind: 'refused'; readonly message: string; readonly field: ChangeField | null }
  /** It was sent, and what became of it is not known yet. It is never sent again. */
  | { readonly kind: 'unclear'; readonly message: string }

export interface ChangeRunnerParts {
  readonly addNotice: (id: string, text: string) => void
  readonly onChange: () => void
}

export interface ChangeTarget {
  /** What it changes: one change of it at a time. */
  readonly id: string
  /** Null: it is not about a pod. */
  readonly pod: Pick<Pod, 'id' | 'name'> | null
}

export interface ChangeRunner {
  /**
   * Writes the request down, sends it once, and says what became of it. `prepare` reads what has to be known before;
   * its error says in a sentence why nothing is sent.
   */
  run(
    target: ChangeTarget,
    text: ChangeText,
    prepare: () => Promise<Result<SendableChange, string>>,
    isFromCommandLine: boolean,
  ): Promise<ChangeResult>
  /** What is not known yet of changes that were sent, as sentences. */
  readonly openTexts: () => readonly string[]
  /** Sends nothing more. Resolves once the replies to what was sent are there, and written down. */
  readonly shutDown: () => Promise<void>
  /** Whether it was shut down or disposed. */
  isEnded(): boolean
  readonly dispose: () => void
}

/** An answer comes after this at the latest, ms; a change whose effect isn't clear is looked for beyond it. */
export const ANSWER_AFTER_MS = 32 * SECOND_MS

/**
 * Carries changes out, each once. A request that the activity log doesn't take is not sent: it fails while another
 * program acts on the data folder. See docs/product-rules.md#115-volumes-and-edits.
 */
export function createChangeRunner(context: AccountContext, parts: ChangeRunnerParts): ChangeRunner {
  const { accountId, clock, auditLog, newId } = context
  /** By what they change: the text while their effect is not known; null: the reply is awaited. */
  const open = new Map<string, string | null>()
  const inFlight = new Set<Promise<unknown>>()
  /** Ends the pauses in which an effect is waited for. */
  const pauses = new Set<() => void>()
  let state: 'open' | 'shut-down' | 'disposed' = 'open'
  const isEnded = (): boolean => state !== 'open'

  function end(to: 'shut-down' | 'disposed'): void {
    state = to
    for (const endPause of pauses) endPause()
  }

  function pause(ms: number): Promise<boolean> {
    if (isEnded()) return Promise.resolve(false)
    return new Promise((resolve) => {
      const finish = (hasPassed: boolean): void => {
        pauses.delete(endPause)
        resolve(hasPassed)
      }
      const cancel = clock.schedule(ms, () => finish(true))
      const endPause = (): void => {
        cancel()
        finish(false)
      }
      pauses.add(endPause)
    })
  }

  function record(
    { pod }: ChangeTarget,
    what: string,
    text: string,
    tone: AuditEntry['tone'],
  ): Result<void, string> {
    const { id: podId, name: podName } = pod ?? { id: null, name: null }
    const atMs = clock.now().wallMs
    return auditLog.record({ atMs, accountId, podId, podName, kind: 'intent', what, tone, text })
  }

  function publish(): void {
    if (state !== 'disposed') parts.onChange()
  }

  async function followUp(
    target: ChangeTarget,
    text: ChangeText,
    change: SendableChange,
    isAnswered: () => boolean,
  ): Promise<ChangeResult> {
    const outcome = await sendChange(change, {
      pause,
      isEnded,
      onUnclear(error) {
        open.set(target.id, lookingText(text))
        record(target, `${text.what} unclear`, `${text.unclear} ${error?.message ?? ''}`.trim(), 'warning')
        publish()
      },
    })
    open.delete(target.id)
    if (outcome === null) return unclear(text.unclear)
    const { result, tone } = resultOf(outcome, text)
    record(target, `${text.what} ${outcome.kind}`, result.message, tone)
    if (isAnswered() && !isEnded()) parts.addNotice(`change ${newId()}`, result.message)
    publish()
    return result
  }

  /** Why nothing may be sent now; null: it may. */
  function endedText(): string | null {
    if (state === 'open') return null
    return state === 'disposed' ? NOT_WATCHED : 'Podkeeper is quitting, so nothing was done.'
  }

  return {
    async run(target, text, prepare, isFromCommandLine) {
      const ended = endedText()
      if (ended !== null) return refused(ended)
      if (open.has(target.id))
        return refused('An earlier change is under way. Wait until its result is known.')
      open.set(target.id, null)
      const refuse = (message: string): ChangeResult => {
        open.delete(target.id)
        return refused(message)
      }
      const change = await prepare().catch(toRefusal)
      if (!change.ok) return refuse(change.error)
      const endedMeanwhile = endedText()
      if (endedMeanwhile !== null) return refuse(endedMeanwhile)
      const request = isFromCommandLine ? text.request.replace(/\.$/, ', on the command line.') : text.request
      const recorded = record(target, `${text.what} requested`, request, 'plain')
      if (!recorded.ok) return refuse(`Nothing was done, since it could not be saved: ${recorded.error}`)
      let isAnswered = false
      const outcome = followUp(target, text, change.value, () => isAnswered)
      inFlight.add(outcome)
      const late = new Promise<ChangeResult>((resolve) => {
        const cancel = clock.schedule(ANSWER_AFTER_MS, () => resolve(unclear(lookingText(text))))
        void outcome.finally(() => {
          inFlight.delete(outcome)
          cancel()
        })
      })
      const answer = await Promise.race([outcome, late])
      isAnswered = true
      return answer
    },
    openTexts: () => [...open.values()].filter((text) => text !== null),
    async shutDown() {
      if (state === 'open') end('shut-down')
      await Promise.allSettled(inFlight)
    },
    isEnded,
    dispose: () => end('disposed'),
  }
}

const NOT_WATCHED = 'This account is no longer watched, so nothing was done.'

export const refused = (message: string): ChangeResult => ({ kind: 'refused', message, field: null })
const toRefusal = (cause: unknown): Result<never, string> =>
  fail(`Nothing was done, since it could not be prepared: ${unreadableError(cause).message}`)
const unclear = (message: string): ChangeResult => ({ kind: 'unclear', message })
/** Holds as long as the program runs. */
export const LOOKED_FOR = 'Podkeeper is looking for it.'
const lookingText = ({ unclear: text }: ChangeText): string => `${text} ${LOOKED_FOR}`

function resultOf(
  outcome: ChangeOutcome,
  text: ChangeText,
): { readonly result: ChangeResult; readonly tone: AuditEntry['tone'] } {
  switch (outcome.kind) {
    case 'done':
      return { result: { kind: 'done', message: text.done }, tone: 'good' }
    case 'refused': {
      const { error } = outcome
      const message = `${text.notDone} ${error.message}`
      return { result: { kind: 'refused', message, field: fieldOfError(error) }, tone: 'bad' }
    }
    case 'not-seen': {
      const why = outcome.isAccepted
        ? 'Runpod accepted it but doesn’t show it.'
        : outcome.wasRead
          ? 'Runpod gave no clear answer and doesn’t show it.'
          : 'Runpod gave no clear answer and could not be read since.'
      return {
        result: unclear(`${text.unclear} ${why} Check it in Runpod before you try again.`),
        tone: 'bad',
      }
    }
  }
}
