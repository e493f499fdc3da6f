import { fail, type Result } from '../../core/base/result'
import { type GuardReport, parseGuardReport, parseRemoval } from '../../core/pod-guard/guard-report'
import type { Computer } from '../../core/pod-guard/guard-computers'
import {
  changeScript,
  forgetScript,
  type GuardPlace,
  type ImageHooks,
  installScript,
  readGuardScript,
  removeScript,
} from '../../core/pod-guard/guard-scripts'
import type { PodGuardHost } from '../../core/pod-guard/pod-guard-host'
import type { AccountId, Pod } from '../../core/pods/pod'
import { jobsRootOf } from '../../core/queue/host/job-scripts'
import { toSshTarget } from '../connection/ssh-target'
import type { RunCommand } from './run-command'

const READ_MS = 30_000
/** It waits for the guard's first reading. */
const INSTALL_MS = 90_000
const MAX_OUTPUT_BYTES = 32 * 1024

/** The guards in the pods of one account, over SSH, without asking anything. `hooks`: for tests. */
export function createPodGuardHost(
  accountId: AccountId,
  runCommand: RunCommand,
  computer: () => Computer,
  hooks?: ImageHooks,
): PodGuardHost {
  const placeOf = (pod: Pod): GuardPlace => ({
    root: jobsRootOf(pod),
    podId: pod.id,
    computer: computer(),
    hooks,
  })

  async function run<T>(
    pod: Pod,
    script: Result<string, string>,
    limitMs: number,
    parse: (output: string) => Result<T, string>,
  ): Promise<Result<T, string>> {
    const target = toSshTarget(accountId, pod)
    if (target === null) return fail('The pod offers no SSH connection.')
    if (!script.ok) return script
    const never = new AbortController().signal
    const command = { script: script.value, limitMs, maxOutputBytes: MAX_OUTPUT_BYTES }
    const ran = await runCommand(target, command, never)
    if (!ran.ok) return fail(`Podkeeper can't run commands on the pod: ${ran.error.reason}.`)
    if (ran.value.isCutOff) return fail("The guard's reply is too long.")
    // A terminal without stty ends lines like this.
    return parse(ran.value.bytes.toString('utf8').replaceAll('\r\n', '\n'))
  }
  const ask = (
    pod: Pod,
    script: Result<string, string>,
    limitMs = READ_MS,
  ): Promise<Result<GuardReport | 'absent', string>> => run(pod, script, limitMs, parseGuardReport)

  return {
    get computerId() {
      return computer().id
    },
    install: (pod, plan) => ask(pod, installScript(placeOf(pod), plan), INSTALL_MS),
    read: (pod, takesLease, usedAgoS) => ask(pod, readGuardScript(placeOf(pod), takesLease, usedAgoS)),
    change: (pod, change, seconds) => ask(pod, changeScript(placeOf(pod), change, seconds)),
    forget: (pod, whose) => ask(pod, forgetScript(placeOf(pod), whose)),
    remove: (pod) => run(pod, removeScript(placeOf(pod)), READ_MS, parseRemoval),
  }
}
