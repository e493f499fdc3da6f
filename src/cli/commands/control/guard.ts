import type { CommandPod } from './pod-account'
import type { CommandRun } from '../../output/command-run'
import { plainText } from '../../../core/base/text/plain-text'
import { HOUR_MS } from '../../../core/base/time/time'
import type { PodGuardChange } from '../../../core/pod-guard/pod-guard-change'
import type { OtherInGuard, PodGuardReply } from '../../../node/control/guard-control'
import type { ControlledPodView } from '../../../node/control/control-requests'
import { refusalExit } from '../../account/open-control'
import { CliExit, exitCodes } from '../../output/exit'
import { accountJson, JSON_VERSION } from '../../output/json'
import type { GuardVerb } from '../arguments'
import { promptLine } from '../confirm-by-name'
import { findControlledPod } from './controlled-pod'
import { guardText } from './guard-text'

export interface GuardCommandOptions
  extends CommandPod, Pick<CommandRun, 'isConfirmed' | 'isJson' | 'keyboard' | 'output'> {
  readonly verb: GuardVerb
  /** For `extend`: by how much, ms. */
  readonly byMs: number | null
  /** For `forget`: a computer's name or id. */
  readonly whose: string | null
  readonly onlyReports: boolean
}

/** The guard in a pod; returns the exit code. Throws a `CliExit`. See docs/cli.md#guard. */
export async function guard(options: GuardCommandOptions): Promise<number> {
  const { control, podQuery, verb, output } = options
  const pod = await findControlledPod(control, podQuery, output)
  if (verb === 'status' && options.isJson && pod.rules.podGuard === undefined) {
    printJson(pod, null, options)
    return exitCodes.ok
  }
  const change = await confirmedChange(pod, options)
  if (verb === 'extend') await extend(pod, options)
  output.status(guardText.working(pod.name))
  const changed = await control.requests.changePodGuard(pod.id, change)
  output.clearStatus()
  if (!changed.ok) throw refusalExit(changed.error)
  await print(pod, options)
  return exitCodes.ok
}

async function confirmedChange(
  pod: ControlledPodView,
  options: GuardCommandOptions,
): Promise<PodGuardChange> {
  switch (options.verb) {
    case 'install': {
      if (pod.phase === 'stopped') throw new CliExit(exitCodes.failed, guardText.isStopped(pod.name))
      const { script } = await read(pod, options)
      if (script === null) throw new CliExit(exitCodes.failed, guardText.impossible)
      const wish = options.onlyReports ? 'report' : 'stop'
      await confirm(guardText.installLines(pod, wish, script), options)
      return wish
    }
    case 'prove':
      await confirm(guardText.proveLines(pod), options)
      return 'prove'
    case 'remove':
    case 'no-new-pods':
    case 'no-post-start':
      return options.verb
    case 'post-start':
      if (pod.rules.podGuard === undefined) throw new CliExit(exitCodes.failed, guardText.none(pod.name))
      await confirm(guardText.postStartLines(pod), options)
      return options.verb
    case 'new-pods': {
      const [wish, { script }] = [pod.rules.podGuard, await read(pod, options)]
      if (wish === undefined) throw new CliExit(exitCodes.failed, guardText.none(pod.name))
      if (script === null) throw new CliExit(exitCodes.failed, guardText.impossible)
      await confirm(guardText.newPodsLines(wish, script), options)
      return `new-pods-${wish}`
    }
    case 'forget': {
      const other = findOther(await read(pod, options), options)
      await confirm(guardText.forgetLines(pod.name, other.text), options)
      return `forget:${other.id}`
    }
    case 'status':
    case 'extend':
      if (pod.rules.podGuard === undefined) throw new CliExit(exitCodes.failed, guardText.none(pod.name))
      return 'refresh'
  }
}

function findOther({ guard: found }: PodGuardReply, { whose }: GuardCommandOptions): OtherInGuard {
  if (whose === null) throw new CliExit(exitCodes.usage, guardText.whose)
  const others = (found?.others ?? []).filter(({ id, name }) => id === whose || name === whose)
  const [other] = others
  if (other === undefined) throw new CliExit(exitCodes.failed, guardText.noSuchComputer(whose))
  if (others.length > 1) throw new CliExit(exitCodes.usage, guardText.useId(others.map(({ id }) => id)))
  return other
}

async function confirm(
  lines: readonly string[],
  { isConfirmed, keyboard, output }: GuardCommandOptions,
): Promise<void> {
  for (const line of lines) output.progress(line)
  if (isConfirmed) return
  if (keyboard === null) throw new CliExit(exitCodes.usage, guardText.useYes)
  const typed = await promptLine(keyboard, guardText.question)
  if (!/^y(es)?$/i.test(typed.trim())) throw new CliExit(exitCodes.failed, guardText.nothingDone)
}

/** The guard's deadline is the pod's maximum hours. */
async function extend(
  { id, name, rules }: ControlledPodView,
  { control, byMs }: GuardCommandOptions,
): Promise<void> {
  if (byMs === null) throw new CliExit(exitCodes.usage, guardText.howLong)
  if (rules.maxHours === undefined) throw new CliExit(exitCodes.failed, guardText.noDeadline(name))
  const changed = await control.requests.changePodRules(id, { maxHours: rules.maxHours + byMs / HOUR_MS })
  if (!changed.ok) throw refusalExit(changed.error)
}

async function read({ id }: ControlledPodView, { control }: GuardCommandOptions): Promise<PodGuardReply> {
  const reply = await control.requests.podGuard(id)
  if (!reply.ok) throw refusalExit(reply.error)
  return reply.value
}

/** `found`: null: the pod has no guard. */
function printJson(
  { id, name }: ControlledPodView,
  found: PodGuardReply['guard'],
  { account, output }: GuardCommandOptions,
): void {
  output.result(
    JSON.stringify({
      version: JSON_VERSION,
      account: accountJson(account),
      pod: { id, name },
      guard: found,
    }),
  )
}

async function print(pod: ControlledPodView, options: GuardCommandOptions): Promise<void> {
  const { isJson, output, verb } = options
  const { guard: found } = await read(pod, options)
  const { name } = pod
  if (isJson) printJson(pod, found, options)
  else if (verb === 'remove') output.result(plainText(guardText.removed(name)))
  else if (verb === 'prove') output.result(plainText(guardText.proving(name)))
  else if (found !== null)
    output.result(plainText(`${name}: ${found.text}.${found.detail === '' ? '' : ` ${found.detail}`}`))
}
