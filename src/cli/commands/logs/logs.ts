import type { CommandRun } from '../../output/command-run'
import { SECOND_MS } from '../../../core/base/time/time'
import { createLogBook } from '../../../core/logs/log-book'
import type { LogLine } from '../../../core/logs/log-line'
import { type LogReaderOptions, type LogReaderState, openLogReader } from '../../../core/logs/log-reader'
import { SECRETS_UNKNOWN } from '../../../core/logs/log-text'
import { MAX_TAIL } from '../../../core/pods/pod-logs'
import type { ProviderError } from '../../../core/pods/provider'
import type { AccountFailure, CliAccount } from '../../account/account'
import { CliExit, exitCodes } from '../../output/exit'
import { logsText } from './logs-text'
import { findInAccounts } from '../find/find-in-accounts'
import { readExit } from '../read-exit'
import { type LogLineFormat, printedLine } from './log-lines'

/** `tail`: 0 to `MAX_TAIL`. */
export interface LogsOptions
  extends
    Pick<CommandRun, 'output' | 'onSignal'>,
    Pick<LogReaderOptions, 'source' | 'tail' | 'sinceMs' | 'clock' | 'random'> {
  readonly accounts: readonly CliAccount[]
  /** Keys that cannot be used. */
  readonly failures: readonly AccountFailure[]
  readonly podQuery: string
  readonly isFollowing: boolean
  readonly format: Omit<LogLineFormat, 'hasSources'>
  /** Prints lines, and resolves once more may be printed. */
  readonly print: (text: string) => Promise<void>
}

/**
 * The API doesn't say when past lines end: they do at one that is newer than the request, after so long without any, or
 * after so long in all.
 */
const QUIET_MS = 2 * SECOND_MS
const LONGEST_PAST_MS = 20 * SECOND_MS
/** The server's time is known in whole seconds. */
const SERVER_TIME_MS = SECOND_MS

/** Prints a pod's log; returns the exit code. Throws a `CliExit` without such a pod, or without its log. */
export async function printLogs(options: LogsOptions): Promise<number> {
  const { account, pod } = await findInAccounts(options, async ({ provider }) => {
    const list = await provider.listPods()
    if (!list.ok) throw readExit(list.error)
    return list.value.pods
  })
  if (account.provider.streamLogs === undefined)
    throw new CliExit(exitCodes.failed, logsText.notOffered(pod.name))
  if (options.isFollowing && pod.phase === 'stopped')
    options.output.progress(logsText.waitsForStart(pod.name))
  return follow(account, pod.id, options)
}

function follow(account: CliAccount, podId: string, options: LogsOptions): Promise<number> {
  const { clock, output, isFollowing, source, print } = options
  const format = { ...options.format, hasSources: source === null }
  /** Past lines are put in order before they are printed; new ones are printed as they come. */
  const past = createLogBook({ maxLines: MAX_TAIL, maxChars: Number.POSITIVE_INFINITY })
  let isPast = true
  let leftOut = 0
  let saidWhy = ''
  return new Promise((resolve, reject) => {
    let cancelQuiet = (): void => {}
    let cancelPast = (): void => {}
    /** Lines from then on are new, Unix ms. */
    let newFromMs = Number.POSITIVE_INFINITY

    const printLines = (lines: readonly LogLine[]): Promise<void> =>
      lines.length === 0
        ? Promise.resolve()
        : print(lines.map((line) => `${printedLine(line, format)}\n`).join(''))

    async function endPast(): Promise<void> {
      if (!isPast) return
      isPast = false
      cancelQuiet()
      cancelPast()
      await printLines(past.slice(past.firstIndex(), past.endIndex()))
      if (!isFollowing) end(exitCodes.ok)
    }

    function waitForQuiet(): void {
      cancelQuiet()
      if (isPast) cancelQuiet = clock.schedule(QUIET_MS, () => void endPast())
    }

    function fail(error: ProviderError, why: string): void {
      const problem =
        error.kind === 'not-found'
          ? new CliExit(exitCodes.notFound, why)
          : readExit({ ...error, message: why })
      end(problem.exitCode, problem)
    }

    function end(exitCode: number, problem?: CliExit): void {
      cancelQuiet()
      cancelPast()
      stopSignals()
      reader.close()
      if (leftOut > 0) output.progress(logsText.leftOut(leftOut))
      if (problem === undefined) resolve(exitCode)
      else reject(problem)
    }

    function onState(state: LogReaderState): void {
      if (state.kind === 'live') onLive(state.areSecretsHidden)
      else if (state.kind === 'failed') fail(state.error, state.why)
      else if (state.kind === 'waiting') onWaiting(state)
    }

    function onLive(areSecretsHidden: boolean): void {
      const serverMs = account.provider.serverTime?.()?.atMs
      if (isPast && serverMs !== undefined) newFromMs = Math.min(newFromMs, serverMs + SERVER_TIME_MS)
      cancelPast()
      if (isPast) cancelPast = clock.schedule(LONGEST_PAST_MS, () => void endPast())
      waitForQuiet()
      if (!areSecretsHidden) output.status(SECRETS_UNKNOWN)
    }

    function onWaiting({ why, error }: Extract<LogReaderState, { kind: 'waiting' }>): void {
      // A stream that ended may have been cut, so past lines go on after it until they are complete or quiet.
      if (why === null || error === undefined) return
      if (isPast && !isFollowing) fail(error, why)
      else if (why !== saidWhy) {
        saidWhy = why
        output.progress(logsText.tryingAgain(why))
      }
    }

    const stopSignals = options.onSignal((exitCode) => {
      isPast = false
      end(exitCode)
    })
    const reader = openLogReader({
      ...options,
      provider: account.provider,
      podId,
      onState,
      onLines(lines, leftOutCount) {
        leftOut += leftOutCount
        saidWhy = ''
        if (!isPast) return printLines(lines)
        const isNew = ({ atMs }: LogLine): boolean => atMs !== null && atMs >= newFromMs
        past.add(isFollowing ? lines : lines.filter((line) => !isNew(line)))
        const isComplete = options.sinceMs === null && past.endIndex() >= options.tail
        if (isComplete || lines.some(isNew)) return endPast()
        waitForQuiet()
        return undefined
      },
    })
  })
}
