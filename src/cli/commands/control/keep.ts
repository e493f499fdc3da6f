import type { CommandPod } from './pod-account'
import type { CommandRun } from '../../output/command-run'
import { plainText } from '../../../core/base/text/plain-text'
import { isKeepOnActive } from '../../../core/pod-rules/keep-on'
import type { KeepOn } from '../../../core/pod-rules/pod-rules'
import { refusalExit } from '../../account/open-control'
import { exitCodes } from '../../output/exit'
import { accountJson, iso, JSON_VERSION } from '../../output/json'
import { keepChoices, type KeepName } from '../arguments'
import { findControlledPod, readAccount } from './controlled-pod'
import { keepText } from './control-text'

export interface KeepOptions extends CommandPod, Pick<CommandRun, 'isJson' | 'output'> {
  readonly choice: KeepName
  readonly nowMs: () => number
}

/** Holds alerts and automatic stops of a pod; returns the exit code. Throws a `CliExit` with nothing changed. */
export async function keep({
  control,
  account,
  podQuery,
  choice,
  isJson,
  nowMs,
  output,
}: KeepOptions): Promise<number> {
  const { id, name } = await findControlledPod(control, podQuery, output)
  const kept = await control.requests.keepOn(id, keepChoices[choice])
  if (!kept.ok) throw refusalExit(kept.error)
  const { pods } = await readAccount(control, output)
  const keepOn = pods.find((pod) => pod.id === id)?.keepOn ?? null
  if (isJson)
    output.result(
      JSON.stringify({
        version: JSON_VERSION,
        account: accountJson(account),
        pod: { id, name },
        keepOn: keepOnJson(keepOn),
      }),
    )
  else output.result(plainText(stateText(name, keepOn, nowMs())))
  return exitCodes.ok
}

const stateText = (name: string, keepOn: KeepOn | null, nowMs: number): string =>
  isKeepOnActive(keepOn ?? undefined, nowMs)
    ? keepText.keptOn(name, keepOn?.untilMs ?? null, nowMs)
    : keepText.released(name)

export const keepOnJson = (keepOn: KeepOn | null): unknown =>
  keepOn && { since: iso(keepOn.sinceMs), until: iso(keepOn.untilMs) }
