import { plainText } from '../../../core/base/text/plain-text'
import { isKeepOnActive } from '../../../core/pod-rules/keep-on'
import type { KeepOn } from '../../../core/pod-rules/pod-rules'
import { type Control, refusalExit } from '../../account/open-control'
import { exitCodes } from '../../output/exit'
import { accountJson, iso, JSON_VERSION, type NamedAccount } from '../../output/json'
import type { CliOutput } from '../../output/terminal'
import { keepChoices, type KeepName } from '../arguments'
import { findControlledPod, readAccount } from './controlled-pod'
import { keepText } from './control-text'

export interface KeepOptions {
  readonly control: Control
  readonly account: NamedAccount
  readonly podQuery: string
  readonly choice: KeepName
  readonly isJson: boolean
  readonly nowMs: () => number
  readonly output: CliOutput
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
