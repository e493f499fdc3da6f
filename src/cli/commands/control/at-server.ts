import { fail, ok, type Result } from '../../../core/base/result'
import { plainText } from '../../../core/base/text/plain-text'
import type { ControlledPodView, ControlRefusal } from '../../../node/control/control-requests'
import { serverOperations } from '../../../node/servers/server-operations'
import { type AccountServer, hostOf } from '../../../node/servers/servers-file'
import type { Control } from '../../account/open-control'
import type { CommandRun } from '../../output/command-run'
import { CliExit, exitCodes } from '../../output/exit'
import { promptLine } from '../confirm-by-name'
import type { ActOutcome } from '../act/follow-intent'
import { findControlledPod } from './controlled-pod'
import { atServerText } from './at-server-text'

export interface ServerActOptions extends Pick<CommandRun, 'keyboard' | 'output'> {
  readonly control: Control
  readonly server: AccountServer
  readonly podQuery: string
  readonly action: 'start' | 'stop'
}

/**
 * Starts or stops a pod through the server that keeps its account. Null: the person wants the stop sent from here,
 * since the server can't be reached, or since it may lose data, which only a person decides. Throws a `CliExit`.
 */
export async function actAtServer(options: ServerActOptions): Promise<ActOutcome | null> {
  const { control, server, podQuery, action, keyboard, output } = options
  const pod = await findControlledPod(control, podQuery, output)
  if (action === 'stop' && !pod.isDataKept) return null
  const asked = await serverOperations(server).act(pod.id, action)
  if (asked.ok) {
    const { isOver } = asked.value
    const done = atServerText.done(action, pod.name, hostOf(server), isOver)
    return { exitCode: exitCodes.ok, pod, outcome: isOver ? 'accepted' : 'sent', message: done }
  }
  const { message, isLost } = asked.error
  if (!isLost) throw new CliExit(exitCodes.failed, message)
  if (action === 'stop' && keyboard !== null) {
    output.progress(message)
    if ((await promptLine(keyboard, atServerText.askDirectly(plainText(pod.name)))) === 'yes') return null
    throw new CliExit(exitCodes.unreachable, message)
  }
  const hint = action === 'stop' ? ` ${atServerText.orDirectly}` : ''
  throw new CliExit(exitCodes.unreachable, `${message}${hint}`)
}

/** What is asked of the account goes to the server that keeps it, where it is about rules and Keep running. */
export function withServer(control: Control, server: AccountServer, podQuery: string): Control {
  const { requests } = control
  const operations = serverOperations(server)
  const thereOnly = async () =>
    fail({ code: 'failed', message: atServerText.thereOnly(hostOf(server)) } as const)

  async function shown(pod: ControlledPodView): Promise<Result<ControlledPodView, ControlRefusal>> {
    const asked = await operations.podRules(pod.id)
    if (!asked.ok) return asked
    const { rules, origins, isAutoStopEnabled, keepRunning } = asked.value
    const { ruleOrigins: _here, ...own } = pod
    return ok({
      ...own,
      rules,
      ...(origins !== undefined && { ruleOrigins: origins }),
      isAutoStopEnabled,
      keepOn: keepRunning && { sinceMs: 0, untilMs: keepRunning.until },
    })
  }

  return {
    ...control,
    requests: {
      ...requests,
      async account() {
        const account = await requests.account()
        if (!account.ok) return account
        const pods: ControlledPodView[] = []
        for (const pod of account.value.pods) {
          const isAsked = pod.id === podQuery || pod.name.toLowerCase() === podQuery.toLowerCase()
          const view = isAsked ? await shown(pod) : ok(pod)
          if (!view.ok) return view
          pods.push(view.value)
        }
        return ok({ ...account.value, pods })
      },
      // What applies there where a pod has no rule isn't known here.
      settings: async () => ok({}),
      keepOn: operations.keepOn,
      changePodRules: operations.changePodRules,
      askConfirmation: thereOnly,
      changePodGuard: thereOnly,
    },
  }
}
