import { readdirSync } from 'node:fs'
import { errorText } from '../../src/core/base/text/error-text'
import { type OpenDataFolder, openFolder } from './open-folder'
import type { ProgramRun } from './faults'
import type { DurableStep } from './step'
import { countedMinutes, laterSteps, MINUTES_UNTIL_LAST_POLL, stepsOf } from './steps'

/** These keep in memory what they could not write, so a later write may bring it along. */
const cumulative: readonly DurableStep['file'][] = [
  'alert-marks.json',
  'idle-episodes.json',
  'costs',
  'host-keys.json',
  'terminal-input.json',
]

/** These say once that they cannot write, until a write succeeds. */
const toldOnce: readonly DurableStep['file'][] = [
  'alert-marks.json',
  'idle-episodes.json',
  'key-usage.json',
  'terminal-input.json',
]

const appended: readonly DurableStep['file'][] = ['intents.jsonl', 'creates.jsonl', 'activity']

type NamedProgramRun = ProgramRun & { readonly who: string }

/**
 * What is wrong with a folder after these runs of programs, by what they confirmed: every confirmed step must be there,
 * none that was refused, and the next program must find nothing damaged and continue.
 */
export async function findViolations(path: string, runs: readonly NamedProgramRun[]): Promise<string[]> {
  const crashes = runs.flatMap((run) => run.crashes.map((text) => `crashed: ${text}`))
  let folder: OpenDataFolder
  try {
    folder = await openFolder(path)
  } catch (cause) {
    return [...crashes, `the next program crashed: ${errorText(cause)}`]
  }
  try {
    const problems = folder.drainProblems()
    return [
      ...crashes,
      ...runs.flatMap((run) =>
        stepsOf(run.who).flatMap((step) => presenceViolation(step, run, runs, folder) ?? []),
      ),
      ...problems.map((problem) => `the next program reported damage that nobody did: ${problem}`),
      ...doubledViolations(path, folder),
      ...goOn(folder),
    ]
  } finally {
    folder.close()
  }
}

function presenceViolation(
  step: DurableStep,
  run: NamedProgramRun,
  runs: readonly NamedProgramRun[],
  folder: OpenDataFolder,
): string | null {
  const isThere = step.isThere(folder)
  const isOfFile = (name: string): boolean =>
    stepsOf(run.who).some((each) => each.name === name && each.file === step.file)
  // A problem is reported once, until a write succeeds.
  const wasToldOfFile = toldOnce.includes(step.file) && [...run.refused.keys()].some(isOfFile)
  if (run.confirmed.includes(step.name)) return isThere || wasToldOfFile ? null : `lost: ${step.name}`
  if (!isThere || cumulative.includes(step.file) || isAdvanced(step, run)) return null
  const refusal = run.refused.get(step.name)
  // What was appended before the disk became read-only cannot be taken back any more.
  if (refusal?.includes('EROFS') && appended.includes(step.file)) return null
  if (refusal !== undefined) return `refused, and yet there: ${step.name}`
  return runs.some(({ started }) => started.includes(step.name))
    ? null
    : `there before it was written: ${step.name}`
}

const isAdvanced = ({ intentId }: DurableStep, { who, confirmed }: NamedProgramRun): boolean =>
  intentId !== undefined &&
  stepsOf(who).some((each) => each.intentId === intentId && confirmed.includes(each.name))

function doubledViolations(path: string, { ledger }: OpenDataFolder): string[] {
  const minutes = countedMinutes(ledger)
  return [
    ...(minutes > MINUTES_UNTIL_LAST_POLL + 0.01
      ? [`${minutes} min of costs counted, more than there were`]
      : []),
    ...readdirSync(path).flatMap((name) =>
      /damaged|unreadable/.test(name) ? [`set aside without being damaged: ${name}`] : [],
    ),
  ]
}

/** Takes the later steps, which must work, since the fault is over. */
export function goOn(folder: OpenDataFolder, except: readonly DurableStep['file'][] = []): string[] {
  const steps = laterSteps.filter(({ file }) => !except.includes(file))
  return steps.flatMap((step) => {
    const outcome = step.write(folder)
    if (!outcome.ok) return [`could not go on with ${step.name}: ${outcome.error}`]
    return step.isThere(folder) ? [] : [`did not go on with ${step.name}`]
  })
}
