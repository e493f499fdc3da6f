import * as v from 'valibot'
import { fail, ok, type Result } from '../../../core/base/result'
import { plainText } from '../../../core/base/text/plain-text'
import { podRulesReplySchema } from '../../../core/pods-api/api-schemas'
import type { ControlledPodView, ControlRefusal } from '../../../node/control/control-requests'
import { askServer, type ServerRequest } from '../../../node/servers/server-client'
import { type AccountServer, hostOf } from '../../../node/servers/servers-file'
import type { Control } from '../../account/open-control'
import type { CommandRun } from '../../output/command-run'
import { CliExit, exitCodes } from '../../output/exit'
import { promptLine } from '../confirm-by-name'
import type { ActOutcome } from '../act/follow-intent'
import { findControlledPod } from './controlled-pod'
import { atServerText } from './at-server-text'

type ServerFailed = ControlRefusal & {
  /** Nobody there answered, or it watches nothing. */
  readonly isLost?: true
}

const podPath = (podId: string, route: string): string => `/api/v1/pods/${encodeURIComponent(podId)}/${route}`

/** Asks the server that keeps the account. The message is a sentence. */
async function ask(server: AccountServer, request: ServerRequest): Promise<Result<unknown, ServerFailed>> {
  const host = hostOf(server)
  const reply = await askServer(server, request)
  const lost = (why: string, mayBeDone: boolean): Result<never, ServerFailed> =>
    mayBeDone && request.method !== 'GET'
      ? fail({ code: 'lost', isLost: true, message: atServerText.unclear(host, why) })
      : fail({ code: 'unreachable', isLost: true, message: atServerText.lost(host, why) })
  if (!reply.ok) return lost(reply.error.message, reply.error.isSent)
  const { status, data, problem } = reply.value
  if (problem === null) return ok({ status, data })
  // A proxy in front of it may give up on what the server carries out.
  if (status >= 500 || status === 429) return lost(problem, status !== 429 && status !== 503)
  return fail({ code: 'failed', message: atServerText.refused(host, problem) })
}

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
  const asked = await ask(server, { method: 'POST', path: podPath(pod.id, action) })
  if (asked.ok) {
    const isOver = v.is(v.object({ status: v.literal(200) }), asked.value)
    const message = atServerText.done(action, pod.name, hostOf(server), isOver)
    return { exitCode: exitCodes.ok, pod, outcome: isOver ? 'accepted' : 'sent', message }
  }
  const { code, message, isLost = false } = asked.error
  const outcome = code === 'unreachable' ? `${message} ${atServerText.nothingDone}` : message
  if (!isLost) throw new CliExit(exitCodes.failed, message)
  if (action === 'stop' && keyboard !== null) {
    output.progress(message)
    if ((await promptLine(keyboard, atServerText.askDirectly(plainText(pod.name)))) === 'yes') return null
    throw new CliExit(exitCodes.unreachable, outcome)
  }
  const hint = action === 'stop' ? ` ${atServerText.orDirectly}` : ''
  throw new CliExit(exitCodes.unreachable, `${outcome}${hint}`)
}

/** What is asked of the account goes to the server that keeps it, where it is about rules and Keep running. */
export function withServer(control: Control, server: AccountServer, podQuery: string): Control {
  const { requests } = control
  const thereOnly = async () =>
    fail({ code: 'failed', message: atServerText.thereOnly(hostOf(server)) } as const)

  async function shown(pod: ControlledPodView): Promise<Result<ControlledPodView, ControlRefusal>> {
    const asked = await ask(server, { method: 'GET', path: podPath(pod.id, 'rules') })
    if (!asked.ok) return asked
    const read = v.safeParse(v.object({ data: podRulesReplySchema }), asked.value)
    if (!read.success)
      return fail({ code: 'failed', message: atServerText.lost(hostOf(server), atServerText.unreadable) })
    const { rules, origins, isAutoStopEnabled, keepRunning } = read.output.data
    const { ruleOrigins: _here, ...own } = pod
    return ok({
      ...own,
      rules,
      ...(origins !== undefined && { ruleOrigins: origins }),
      isAutoStopEnabled,
      keepOn: keepRunning && { sinceMs: 0, untilMs: keepRunning.until },
    })
  }

  async function send(request: ServerRequest): Promise<Result<undefined, ControlRefusal>> {
    const asked = await ask(server, request)
    return asked.ok ? ok(undefined) : asked
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
      keepOn: (podId, choice) =>
        send({ method: 'POST', path: podPath(podId, 'keep-running'), body: { for: choice ?? 'off' } }),
      changePodRules: (podId, changes) =>
        send({ method: 'PATCH', path: podPath(podId, 'rules'), body: changes }),
      askConfirmation: thereOnly,
      changePodGuard: thereOnly,
    },
  }
}
