import { readdirSync } from 'node:fs'
import { errorText } from '../../src/core/base/error-text'
import { type OpenFolder, openFolder } from './open-folder'
import type { ProgramRun } from './faults'
import { countedMinutes, laterSteps, MINUTES_UNTIL_LAST_POLL, type Step, stepsOf } from './steps'

/** These keep in memory what they could not write, so a later write may bring it along. */
const cumulative: readonly Step['file'][] = [
  'alert-marks.json',
  'idle-episodes.json',
  'costs',
  'host-keys.json',
  'terminal-input.json',
]

/**
 * What is wrong with a folder after these runs of programs, by what they confirmed: every confirmed step must be there,
 * none that was refused, and the next program must find nothing damaged and go on.
 */
export async function findViolations(
  path: string,
  runs: readonly (ProgramRun & { who: string })[],
): Promise<string[]> {
  const crashes = runs.flatMap((run) => run.crashes.map((text) => `crashed: ${text}`))
  let folder: OpenFolder
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
        stepsOf(run.who).flatMap((step) => presenceViolation(step, run, folder) ?? []),
      ),
      ...problems.map((problem) => `the next program was told of damage that nobody did: ${problem}`),
      ...doubledViolations(path, folder),
      ...goOn(folder),
    ]
  } finally {
    folder.close()
  }
}

function presenceViolation(step: Step, run: ProgramRun, folder: OpenFolder): string | null {
  const isThere = step.isThere(folder)
  if (run.confirmed.includes(step.name)) return isThere ? null : `lost: ${step.name}`
  const isRefused = run.refused.has(step.name)
  if (isThere && isRefused && !cumulative.includes(step.file)) return `refused, and yet there: ${step.name}`
  if (isThere && !isRefused && !run.started.includes(step.name) && !cumulative.includes(step.file))
    return `there before it was written: ${step.name}`
  return null
}

function doubledViolations(path: string, { ledger }: OpenFolder): string[] {
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
export function goOn(folder: OpenFolder, except: readonly Step['file'][] = []): string[] {
  const steps = laterSteps.filter(({ file }) => !except.includes(file))
  return steps.flatMap((step) => {
    const outcome = step.write(folder)
    if (!outcome.ok) return [`could not go on with ${step.name}: ${outcome.error}`]
    return step.isThere(folder) ? [] : [`did not go on with ${step.name}`]
  })
}
