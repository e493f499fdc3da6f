import type { CommandRun } from '../../output/command-run'
import { existsSync } from 'node:fs'
import { errorText } from '../../../core/base/text/error-text'
import type { Clock } from '../../../core/base/time/clock'
import { computerCheckText } from '../../../core/doctor/computer-check-text'
import { type DoctorLine, type DoctorVerdict, worstVerdict } from '../../../core/doctor/doctor-line'
import type { KeyComparison } from '../../../core/doctor/doctor-options'
import { doctorQuestions, verdictNames } from '../../../core/doctor/doctor-text'
import { createRecorder, type Recorder } from '../../../core/doctor/recording/recorder'
import type { Recording } from '../../../core/doctor/recording/recording'
import { runDoctor } from '../../../core/doctor/run-doctor'
import { providerName } from '../../../core/settings/account-record'
import { openUserFile } from '../../../node/data-folder/files/replace-file'
import type { AccountFailure, CliAccount } from '../../account/account'
import { span, type StyledLine, type Tone } from '../../output/color'
import { CliExit, exitCodes } from '../../output/exit'
import { accountJson, JSON_VERSION } from '../../output/json'
import { padText, wrapText } from '../../output/text'
import { doctorText } from './doctor-text'

export interface CheckedCliAccount {
  readonly account: CliAccount
  readonly compareKeys: (registered: readonly string[]) => Promise<KeyComparison>
  readonly isEnvironmentKey: boolean
  readonly checkObstacles: () => Promise<DoctorLine>
}

export interface CliDoctorOptions extends Pick<
  CommandRun,
  'isJson' | 'output' | 'columns' | 'print' | 'onSignal'
> {
  readonly accounts: readonly CheckedCliAccount[]
  /** Keys that cannot be used. */
  readonly failures: readonly AccountFailure[]
  readonly isQuick: boolean
  /** Null: nothing is recorded. */
  readonly recordTo: string | null
  /** Of this computer, asked once. */
  readonly computerChecks: readonly (() => Promise<DoctorLine>)[]
  readonly clock: Clock
  readonly version: string
}

interface CheckedAccount {
  readonly account: CliAccount
  readonly lines: readonly DoctorLine[]
}

/** Checks each account, one after the other, and this computer; returns the exit code. */
export async function doctor(options: CliDoctorOptions): Promise<number> {
  const { accounts, failures, recordTo, clock, output } = options
  if (recordTo !== null) checkRecordable(accounts)
  const file = recordTo === null ? null : openRecordingFile(recordTo)
  try {
    const recorder = file === null ? null : createRecorder(clock, doctorText.source(options.version))
    const checked: CheckedAccount[] = []
    let endedBy: number | null = null
    for (const [index, one] of accounts.entries()) {
      if (endedBy !== null) break
      if (accounts.length > 1 && !options.isJson) options.print([span(one.account.name, 'strong')])
      const result = await checkAccount(one, index === 0, recorder, options)
      checked.push({ account: one.account, lines: result.lines })
      endedBy = result.endedBy
    }
    if (options.isJson) output.result(doctorJson(checked, failures))
    for (const { name, exit } of failures) output.progress(`${name}: ${exit.message}`)
    if (file !== null && recorder !== null && recordTo !== null) {
      const recording = recorder.recording()
      file.write(recording)
      output.progress(doctorText.written(recordTo, recording.replies.length))
    }
    if (endedBy !== null) return endedBy
    const hasProblem = worstVerdict(checked.flatMap(({ lines }) => lines)) === 'problem'
    if (hasProblem) return exitCodes.problemFound
    return failures.length > 0 ? exitCodes.someAccounts : exitCodes.ok
  } finally {
    file?.close()
  }
}

function checkRecordable(accounts: readonly CheckedCliAccount[]): void {
  if (accounts.length !== 1) throw new CliExit(exitCodes.usage, doctorText.oneAccount)
  if (accounts[0]?.account.provider.observeReplies === undefined)
    throw new CliExit(exitCodes.usage, doctorText.runpodOnly)
}

async function checkAccount(
  { account, compareKeys, isEnvironmentKey, checkObstacles }: CheckedCliAccount,
  isFirst: boolean,
  recorder: Recorder | null,
  options: CliDoctorOptions,
): Promise<{ readonly lines: readonly DoctorLine[]; readonly endedBy: number | null }> {
  const { provider } = account
  const { output } = options
  let endedBy: number | null = null
  output.status(doctorText.checking(account.name))
  const running = runDoctor({
    provider,
    providerName: providerName(account.lab === undefined ? 'runpod' : 'hubify'),
    clock: options.clock,
    isQuick: options.isQuick,
    compareKeys,
    computerChecks: [
      async () => ({
        id: 'key-storage',
        verdict: 'ok',
        text: isEnvironmentKey ? computerCheckText.keyFromEnvironment : computerCheckText.keyInFile,
      }),
      ...(isFirst ? options.computerChecks : []),
      checkObstacles,
    ],
    onLine(line) {
      if (!options.isJson) for (const each of printedLines(line, options.columns)) options.print(each)
    },
    onProgress: (text) => (text === null ? output.clearStatus() : output.status(text)),
    ...(recorder !== null && { onReply: recorder.add, onLogLines: recorder.addLines }),
  })
  const stopSignals = options.onSignal((exitCode) => {
    endedBy = exitCode
    running.cancel()
    provider.abortReads()
  })
  try {
    return { lines: await running.done, endedBy }
  } finally {
    stopSignals()
  }
}

const tones: Readonly<Record<DoctorVerdict, Tone>> = {
  ok: 'good',
  warning: 'warn',
  problem: 'bad',
  'not-checked': 'dim',
}
const VERDICT_COLUMNS = 13
const QUESTION_COLUMNS = 24

/** "OK           Pods                    5 pods, 3 running.", wrapped below its own text. */
function printedLines({ id, verdict, text }: DoctorLine, columns: number): readonly StyledLine[] {
  const indent = VERDICT_COLUMNS + QUESTION_COLUMNS
  const [first = '', ...more] = wrapText(text, Math.max(30, columns - indent))
  return [
    [
      span(padText(verdictNames[verdict], VERDICT_COLUMNS), tones[verdict]),
      span(padText(doctorQuestions[id], QUESTION_COLUMNS)),
      span(first),
    ],
    ...more.map((rest): StyledLine => [span(' '.repeat(indent)), span(rest)]),
  ]
}

const doctorJson = (checked: readonly CheckedAccount[], failures: readonly AccountFailure[]): string =>
  JSON.stringify(
    {
      version: JSON_VERSION,
      verdict: worstVerdict(checked.flatMap(({ lines }) => lines)),
      accounts: checked.map(({ account, lines }) => ({
        account: accountJson({ id: account.view.id, name: account.name }),
        verdict: worstVerdict(lines),
        checks: lines.map(({ id, verdict, text }) => ({ id, verdict, message: text })),
      })),
      failures: failures.map(({ name, exit }) => ({ name, message: exit.message })),
    },
    null,
    2,
  )

interface RecordingFile {
  /** Puts the recording in its place; readers find all of it or nothing. Throws a `CliExit`. */
  readonly write: (recording: Recording) => void
  /** Nothing is left, unless it was written. */
  readonly close: () => void
}

/** Opens a new file that only this user can read. Throws a `CliExit` before anything is asked if it can't be written. */
function openRecordingFile(path: string): RecordingFile {
  if (existsSync(path)) throw new CliExit(exitCodes.failed, doctorText.fileExists(path))
  const file = open(path)
  let isOpen = true
  return {
    write(recording) {
      try {
        file.append(`${JSON.stringify(recording, null, 1)}\n`)
        if (existsSync(path)) throw new Error(doctorText.appeared)
        isOpen = false
        file.finish()
      } catch (cause) {
        throw new CliExit(exitCodes.failed, doctorText.notWritten(path, errorText(cause)))
      }
    },
    close() {
      if (isOpen) file.discard()
      isOpen = false
    },
  }
}

function open(path: string): ReturnType<typeof openUserFile> {
  try {
    return openUserFile(path)
  } catch (cause) {
    throw new CliExit(exitCodes.failed, doctorText.notWritable(path, errorText(cause)))
  }
}
