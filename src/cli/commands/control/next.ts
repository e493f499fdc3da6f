import type { CommandRun } from '../../output/command-run'
import { formatMoment } from '../../../core/base/text/format'
import { plainText } from '../../../core/base/text/plain-text'
import type { NextStop } from '../../../core/view/stops/next-stops'
import type { ControlledAccountView } from '../../../node/control/control-requests'
import type { AccountControls } from '../../account/open-control'
import { settleAccounts } from '../../account/settle-accounts'
import { CliExit, exitCodes } from '../../output/exit'
import { accountJson, iso, JSON_VERSION, type NamedAccount } from '../../output/json'
import { padText, textWidth } from '../../output/text'
import { failedExit, printFailures } from '../find/account-failures'
import { connectionExit } from '../first-snapshot'
import { autoStopName, sameAutoStop } from './auto-stop'
import { readAccount } from './controlled-pod'
import { controlOf } from './pod-account'
import { nextText } from './control-text'

export interface NextOptions extends Pick<CommandRun, 'isJson' | 'output'> {
  /** `isOptional`: only an active program can tell its pods, and nobody minds when none does. */
  readonly accounts: readonly (NamedAccount & { readonly isOptional: boolean })[]
  readonly controls: AccountControls
}

interface ViewedAccount {
  readonly account: NamedAccount
  readonly view: ControlledAccountView
  /** Why what is known may be old; null: it is not. */
  readonly problem: CliExit | null
}

/** Prints the automatic stops that come next, and what holds them; returns the exit code. */
export async function next({ accounts, controls, isJson, output }: NextOptions): Promise<number> {
  const reads = await settleAccounts(accounts, async (account): Promise<ViewedAccount> => {
    const view = await readAccount(controlOf(controls.all[accounts.indexOf(account)]), output)
    return { account, view, problem: connectionExit(view.connection) }
  })
  const read = reads.flatMap((one) => (one.ok ? [one.value] : []))
  const failures = accounts.flatMap(({ name, isOptional }, index) => {
    const one = reads[index]
    return one?.ok === false && !isOptional ? [{ name, exit: one.error }] : []
  })
  const [only] = read
  if (only === undefined) throw failedExit(failures)
  const hasSeveral = read.length + failures.length > 1
  const problems = read.flatMap(({ account: { name }, problem }) =>
    problem === null ? [] : [{ name, exit: problem }],
  )
  if (hasSeveral) printFailures([...problems, ...failures], output)
  else for (const { exit } of problems) output.progress(exit.message)
  const isRemote = controls.all.some((control) => !(control instanceof CliExit) && control.isRemote)
  if (isJson) output.result(JSON.stringify(nextJson(read, isRemote), null, 2))
  else for (const line of nextLines(read, hasSeveral)) output.result(line)
  if (!isRemote) output.progress(nextText.nobodyActs)
  if (!hasSeveral) return problems.length === 0 ? exitCodes.ok : exitCodes.unreachable
  return problems.length + failures.length === 0 ? exitCodes.ok : exitCodes.someAccounts
}

/** Soonest first; what is held comes last. */
function mergedStops(
  read: readonly ViewedAccount[],
): readonly { readonly account: NamedAccount; readonly stop: NextStop }[] {
  const all = read.flatMap(({ account, view }) => view.stops.map((stop) => ({ account, stop })))
  if (read.length === 1) return all
  return all.sort((a, b) => (a.stop.atMs ?? Infinity) - (b.stop.atMs ?? Infinity) || 0)
}

function nextLines(read: readonly ViewedAccount[], hasSeveral: boolean): string[] {
  const nowMs = Math.max(...read.map(({ view }) => view.atMs))
  const stops = mergedStops(read)
  const switches = [
    ...(read.some(({ view }) => view.guard.areAutoStopsPaused) ? [nextText.paused] : []),
    ...(read.some(({ view }) => view.guard.isDryRun) ? [nextText.dryRun] : []),
  ]
  if (stops.length === 0) return [...switches, nextText.none]
  const rows = stops.map(({ account, stop }) => [
    stop.atMs === null ? '–' : formatMoment(stop.atMs, { nowMs }),
    ...(hasSeveral ? [plainText(account.name)] : []),
    plainText(stop.podName),
    plainText(stop.text),
  ])
  const widthOf = (column: number): number => Math.max(...rows.map((row) => textWidth(row[column] ?? '')))
  const widths = (rows[0] ?? []).map((_, column) => widthOf(column))
  return [
    ...switches,
    ...rows.map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : padText(cell, widths[column] ?? 0)))
        .join('  '),
    ),
  ]
}

const nextJson = (read: readonly ViewedAccount[], isActing: boolean): unknown => ({
  version: JSON_VERSION,
  at: iso(Math.max(...read.map(({ view }) => view.atMs))),
  isActing,
  autoStop: sameAutoStop(read.map(({ view }) => view.guard.autoStop)),
  areAutoStopsPaused: read.some(({ view }) => view.guard.areAutoStopsPaused),
  isDryRun: read.some(({ view }) => view.guard.isDryRun),
  accounts: read.map(({ account, view, problem }) => ({
    ...accountJson(account),
    autoStop: autoStopName(view.guard.autoStop),
    problem: problem?.message ?? null,
  })),
  stops: mergedStops(read).map(({ account, stop }) => ({
    account: accountJson(account),
    pod: { id: stop.podId, name: stop.podName },
    state: stop.state,
    cause: stop.cause,
    action: stop.action,
    stopAt: iso(stop.atMs),
    text: stop.text,
  })),
})
