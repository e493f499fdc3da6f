import type { CommandRun } from '../../output/command-run'
import { plainText } from '../../../core/base/text/plain-text'
import { type HostKeyQuestion, serverText } from '../../../core/terminal/host-key'
import type { Ssh } from '../../../ssh/create-ssh'
import { toSshTarget } from '../../../ssh/connection/ssh-target'
import type { CliAccount } from '../../account/account'
import { CliExit, exitCodes } from '../../output/exit'
import { JSON_VERSION } from '../../output/json'
import { promptLine } from '../confirm-by-name'
import { findPodAmong } from '../find/find-pod'
import { trustText } from './queue-text'

export interface TrustOptions extends Pick<CommandRun, 'keyboard' | 'isJson' | 'output'> {
  readonly accounts: readonly CliAccount[]
  /** A name or an id. */
  readonly podQuery: string
  /** The fingerprint that the pod must show. Null: a person compares it. */
  readonly fingerprint: string | null
  readonly openSsh: (account: CliAccount) => Pick<Ssh, 'openShell'>
}

const LIMIT_MS = 60_000

/**
 * Connects to a pod and stores its host key once a person accepted it, so that jobs can run there from a server without
 * the app. Returns the exit code. See docs/product-rules.md#82-host-keys.
 */
export async function trustPod(options: TrustOptions): Promise<number> {
  const { output, podQuery } = options
  const { account, pod } = await findPod(options)
  const target = toSshTarget(account.view.id, pod)
  if (target === null) throw new CliExit(exitCodes.failed, trustText.notReachable(pod.name))
  let accepted: string | null = null
  const shell = await options.openSsh(account).openShell(
    target,
    { columns: 80, rows: 24 },
    {
      async confirmHostKey(question) {
        const isTrusted = await isAccepted(question, options)
        if (isTrusted) accepted = question.offered.fingerprint
        return isTrusted
      },
      requestPassphrase: () => Promise.resolve(null),
      onStep() {},
    },
    AbortSignal.timeout(LIMIT_MS),
  )
  const fingerprint = shell.ok ? shell.value.hostKey.fingerprint : accepted
  if (shell.ok) shell.value.close()
  if (fingerprint === null) throw new CliExit(exitCodes.failed, trustText.notAccepted(podQuery))
  if (options.isJson)
    output.result(JSON.stringify({ version: JSON_VERSION, pod: pod.id, fingerprint }, null, 2))
  else output.result(plainText(trustText.trusted(pod.name, fingerprint)))
  if (!shell.ok) output.progress(trustText.notSignedIn)
  return shell.ok ? exitCodes.ok : exitCodes.failed
}

async function findPod({ accounts, podQuery }: TrustOptions) {
  const lists = await Promise.all(
    accounts.map(async (account) => {
      const listed = await account.provider.listPods()
      if (listed.ok) return { account, accountName: account.name, pods: listed.value.pods }
      throw new CliExit(exitCodes.unreachable, `${plainText(account.name)}: ${listed.error.message}`)
    }),
  )
  return findPodAmong(lists, podQuery)
}

async function isAccepted(
  question: HostKeyQuestion,
  { fingerprint, keyboard, output }: TrustOptions,
): Promise<boolean> {
  const { offered, server } = question
  output.progress(trustText.offered(serverText(server), offered.algorithm, offered.fingerprint))
  if (question.kind === 'changed-by-restart') output.progress(trustText.before(question.known.fingerprint))
  if (fingerprint !== null) return fingerprint === offered.fingerprint
  if (keyboard === null) {
    output.progress(trustText.needsFingerprint)
    return false
  }
  return (await promptLine(keyboard, trustText.ask)).trim().toLowerCase() === 'yes'
}
