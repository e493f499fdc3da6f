import { formatMoment } from '../../../core/base/format'
import type { ControlledAccountView } from '../../../node/control/control-requests'
import type { NextStop } from '../../../core/view/next-stops'
import type { Control } from '../../account/open-control'
import { exitCodes } from '../../output/exit'
import { iso, JSON_VERSION } from '../../output/json'
import { padText, textWidth } from '../../output/text'
import type { CliOutput } from '../../output/terminal'
import { plainText } from '../../../core/base/plain-text'
import { autoStopName } from './auto-stop'
import { readAccount } from './controlled-pod'
import { connectionExit } from '../first-snapshot'

export interface NextOptions {
  readonly control: Control
  readonly isJson: boolean
  readonly output: CliOutput
}

const NOBODY_ACTS =
  'No Podkeeper acts on this data folder now, so nothing is stopped: start the app, or podkeeper watch.'

/** Prints the automatic stops that come next, and what holds them; returns the exit code. */
export async function next({ control, isJson, output }: NextOptions): Promise<number> {
  const account = await readAccount(control, output)
  const problem = connectionExit(account.connection)
  if (problem) output.progress(problem.message)
  if (isJson) output.result(JSON.stringify(nextJson(account, control.isRemote), null, 2))
  else for (const line of nextLines(account)) output.result(line)
  if (!control.isRemote) output.progress(NOBODY_ACTS)
  return problem === null ? exitCodes.ok : exitCodes.unreachable
}

function nextLines({ stops, guard, atMs: nowMs }: ControlledAccountView): string[] {
  const switches = [
    ...(guard.areAutoStopsPaused ? ['Automatic stops are paused.'] : []),
    ...(guard.isDryRun ? ['Automatic stops are a dry run: none is carried out.'] : []),
  ]
  if (stops.length === 0) return [...switches, 'No running pod is stopped automatically.']
  const timeOf = ({ atMs }: NextStop): string => (atMs === null ? '–' : formatMoment(atMs, { nowMs }))
  const names = stops.map(({ podName }) => plainText(podName))
  const timeWidth = Math.max(...stops.map((stop) => textWidth(timeOf(stop))))
  const nameWidth = Math.max(...names.map(textWidth))
  return [
    ...switches,
    ...stops.map(
      (stop, index) =>
        `${padText(timeOf(stop), timeWidth)}  ${padText(names[index] ?? '', nameWidth)}  ${plainText(stop.text)}`,
    ),
  ]
}

const nextJson = ({ stops, guard, atMs }: ControlledAccountView, isActing: boolean): unknown => ({
  version: JSON_VERSION,
  at: iso(atMs),
  isActing,
  autoStop: autoStopName(guard.autoStop),
  areAutoStopsPaused: guard.areAutoStopsPaused,
  isDryRun: guard.isDryRun,
  stops: stops.map(({ podId, podName, state, cause, action, atMs: stopAtMs, text }) => ({
    pod: { id: podId, name: podName },
    state,
    cause,
    action,
    stopAt: iso(stopAtMs),
    text,
  })),
})
