import { plainText } from '../../../core/base/text/plain-text'
import { SECOND_MS } from '../../../core/base/time/time'
import { isOpen } from '../../../core/intents/intent'
import { type CreateIntent, lacksRules } from '../../../core/creation/create-intent'
import type { CreatePlan } from '../../../core/creation/create-plan'
import type { PodProgress } from '../../../core/logs/pod-progress'
import type { Environment } from '../../../core/pods/pod-request'
import { type Control, refusalExit } from '../../account/open-control'
import { CliExit, exitCodes } from '../../output/exit'
import type { CliOutput, Interrupts } from '../../output/terminal'
import { createOutcomeText } from './create-text'
import { untilUsable } from './follow-progress'

export interface FollowCreateOptions {
  readonly control: Control
  readonly plan: CreatePlan
  readonly environment: Environment
  /** Until the pod can be used, and as long as it is not known whether there is one. */
  readonly waits: boolean
  readonly output: CliOutput
  readonly interrupts: Interrupts
}

export interface CreateOutcome {
  readonly exitCode: number
  readonly outcome: CreateIntent['phase'] | 'unknown'
  readonly podId: string | null
  readonly message: string
  /** As last seen, where it was waited for. */
  readonly progress?: PodProgress
}

/** Without a clear answer the account is read after 5 s and 15 s. */
const UNCLEAR_PATIENCE_MS = 20 * SECOND_MS

/** Creates the pod and follows it. Rejects with a `CliExit` if nothing was begun. */
export async function followCreate(options: FollowCreateOptions): Promise<CreateOutcome> {
  const created = await untilSettled(options)
  if (!options.waits || created.podId === null) return created
  const hasSsh = options.plan.candidates.some(({ pod }) => pod.kind === 'cloud' && pod.startSsh === true)
  const { exitCode, message, pod } = await untilUsable(created.podId, hasSsh, options)
  return {
    ...created,
    exitCode,
    message: `${created.message} ${message}`,
    ...(pod?.progress && { progress: pod.progress }),
  }
}

function untilSettled(options: FollowCreateOptions): Promise<CreateOutcome> {
  const { control, plan, environment, waits, output, interrupts } = options
  const name = plainText(plan.name)
  return new Promise((resolve, reject) => {
    let id: string | null = null
    /** Steps that came before the id was known. */
    let early: CreateIntent[] = []
    let lastMessage: string | null = null
    let patience: NodeJS.Timeout | undefined

    const finish = (exitCode: number, outcome: CreateOutcome['outcome'], message: string): void => {
      release()
      resolve({ exitCode, outcome, podId: null, message })
    }
    const unknown = (why: string, exitCode: number = exitCodes.unreachable): void =>
      finish(exitCode, 'unknown', createOutcomeText.unknown(why))

    function onCreate(create: CreateIntent): void {
      if (id === null) {
        early.push(create)
        return
      }
      if (create.id !== id) return
      const { phase, message, isUnclear, podId } = create
      if (message !== null && message !== lastMessage && isOpen(create)) output.progress(message)
      lastMessage = message
      if (phase === 'waiting') output.status(createOutcomeText.waiting(interrupts.hint))
      const settle = (more: string): void => {
        release()
        const text = [createOutcomeText.created(name, podId ?? ''), message ?? '', more]
        resolve({
          exitCode: exitCodes.ok,
          outcome: phase,
          podId,
          message: text.filter((each) => each !== '').join(' '),
        })
      }
      if (podId !== null && phase === 'accepted') {
        // A list shows it at once, and then its rules hold.
        const rest = lacksRules(create) ? createOutcomeText.rulesLater : ''
        patience ??= setTimeout(() => settle(rest), UNCLEAR_PATIENCE_MS)
        return
      }
      if (podId !== null && phase === 'observed') {
        settle('')
        return
      }
      if (phase === 'cancelled')
        finish(exitCodes.interrupted, phase, message ?? createOutcomeText.canceled(name))
      else if (phase === 'failed' || (phase === 'did-not-happen' && !isUnclear))
        finish(
          exitCodes.failed,
          phase,
          createOutcomeText.notCreated(name, message ?? '', create.lacksCapacity),
        )
      else if (phase === 'did-not-happen') unknown(message ?? '')
      else if (isUnclear && !waits)
        patience ??= setTimeout(() => unknown(message ?? createOutcomeText.noResponse), UNCLEAR_PATIENCE_MS)
    }

    const cleanups = [
      control.onCreate(onCreate),
      control.onLost(() => unknown(createOutcomeText.programLost)),
      interrupts.listen((exitCode) => {
        if (id === null) return
        void control.requests.undoCreate(id).then((undone) => {
          if (undone.ok) return
          if (exitCode === null) output.progress(undone.error.message)
          else unknown(undone.error.message, exitCodes.continues)
        })
      }),
    ]
    const release = (): void => {
      clearTimeout(patience)
      for (const each of cleanups) each()
      output.clearStatus()
    }
    void control.requests.createPod(plan, environment).then((started) => {
      if (!started.ok) {
        release()
        reject(
          started.error.code === 'lost'
            ? new CliExit(exitCodes.unreachable, createOutcomeText.lost(started.error.message))
            : refusalExit(started.error),
        )
        return
      }
      id = started.value
      const before = early
      early = []
      for (const create of before) onCreate(create)
    })
  })
}
