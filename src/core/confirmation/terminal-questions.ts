import { formatTimeOfDay } from '../base/text/format'
import { plainText } from '../base/text/plain-text'
import {
  type HostKeyQuestion,
  type HostKeyView,
  keyTypeText,
  serverText,
  type SshServerName,
} from '../terminal/host-key'
import type { Activity } from '../idle/activity'
import type { Pod } from '../pods/pod'
import { isSameHostKey } from '../terminal/seen-host-key'
import type { LocalSshKey } from '../terminal/ssh-keys'
import { bad, type ConfirmationLine, plain } from './confirmation'
import { accountLine, podLine } from './pod-questions'
import type { Question } from './question-queue'

/* Questions of terminals that only main's own window asks. See docs/product-rules.md#82-host-keys. */

/** Names come from pods and files, so they are cut and shown as text. */
const shown = (text: string): string => plainText(text).slice(0, 200)

export function passphraseQuestion(keyName: string, isRetry: boolean): Question {
  return {
    sharedAs: `passphrase ${keyName}`,
    text: {
      title: `Passphrase for ${shown(keyName)}`,
      lines: [],
      warning: isRetry ? 'That isn’t the passphrase of this key.' : null,
      field: {
        label:
          'The unlocked key stays in memory until the computer sleeps, the account changes or Podkeeper quits. The passphrase isn’t stored.',
        isSecret: true,
        acceptedInputs: null,
      },
      confirmLabel: 'OK',
      isHarmful: false,
      isDestructive: false,
    },
  }
}

/** `accountName`: null where there is only one. */
export function hostKeyQuestion(
  podName: string,
  accountName: string | null,
  question: HostKeyQuestion,
): Question {
  const { accountId, server, username, offered } = question
  const address = `${username}@${serverText(server)}`
  const isAnnounced = server.route === 'direct' || question.isKnownProxy
  const name = server.route === 'proxy' && question.isKnownProxy ? 'Runpod’s proxy' : shown(podName)
  const title =
    question.kind === 'changed-by-restart'
      ? `${name} has a new key since its restart`
      : isAnnounced
        ? `Is this ${name}?`
        : `Connect to ${name} through ${server.host}?`
  return {
    sharedAs: `host key ${JSON.stringify([accountId, podName, address, offered.fingerprint, question.kind])}`,
    text: {
      title,
      lines: [
        ...accountLine(accountName),
        ...(isAnnounced
          ? []
          : [bad(`${server.host} isn’t a Runpod proxy. Only trust it if you know who runs it.`)]),
        ...(question.kind === 'new'
          ? [plain(`${address} is new to Podkeeper. Nothing was sent to it yet.`)]
          : [
              plain(`A recreated container often has new keys. ${address} offers a different one.`),
              bad('If you did not expect that, cancel: someone may be intercepting the connection.'),
            ]),
        plain(`Its key: ${keyText(offered)}`),
        ...acceptedLines(question),
        ...otherAccountLines(question),
        ...(question.kind === 'new'
          ? [plain(comparisonText(question))]
          : [plain(`Known until now: ${keyText(question.known)}`)]),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Trust this key',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** What the queue accepted for jobs since the pod's start. */
function acceptedLines({ acceptedForJobs, offered }: HostKeyQuestion): readonly ConfirmationLine[] {
  if (acceptedForJobs === undefined) return []
  const when = formatTimeOfDay(acceptedForJobs.atMs)
  return isSameHostKey(acceptedForJobs, offered)
    ? [plain(`The queue accepted this key for its jobs at ${when}. Nobody verified it.`)]
    : [bad(`The queue accepted another key for its jobs at ${when}: ${keyText(acceptedForJobs)}`)]
}

function otherAccountLines({
  knownByAnotherAccount: known,
  offered,
}: HostKeyQuestion): readonly ConfirmationLine[] {
  if (known === undefined) return []
  return isSameHostKey(known, offered)
    ? [plain('Another of your accounts trusts the same key.')]
    : [
        bad(
          `Another of your accounts knows a different key: ${keyText(known)}. If you did not expect that, cancel: someone may be intercepting the connection.`,
        ),
      ]
}

function comparisonText({ server, isKnownProxy, offered }: HostKeyQuestion): string {
  if (server.route === 'direct')
    return `If you can, compare it with what the pod says: ssh-keygen -lf /etc/ssh/ssh_host_${keyTypeText(offered)}_key.pub`
  return isKnownProxy
    ? 'You’re asked once for all pods of this account. If you can, compare it with what Runpod publishes.'
    : 'If you can, compare it with what its owner publishes.'
}

/** `acceptedInputs`: what identifies the pod when it is typed. */
export function forgetHostKeyQuestion(
  podName: string,
  acceptedInputs: readonly string[],
  { server, known, offered }: { server: SshServerName; known: HostKeyView; offered: HostKeyView },
): Question {
  const address = serverText(server)
  return {
    text: {
      title: `Forget the known key of ${shown(podName)}?`,
      lines: [
        bad(`${address} has a different key than before. Someone may be intercepting the connection.`),
        plain(`Known: ${keyText(known)}`),
        plain(`Offered now: ${keyText(offered)}`),
        plain('Only forget the known key if you know why it changed. Podkeeper then asks about the new one.'),
      ],
      warning: null,
      field: { label: typedNameLabel(podName, acceptedInputs), isSecret: false, acceptedInputs },
      confirmLabel: 'Forget the known key',
      isHarmful: true,
      isDestructive: true,
    },
  }
}

function typedNameLabel(podName: string, acceptedInputs: readonly string[]): string {
  const [first, second] = acceptedInputs
  if (second !== undefined) return `Type the pod’s name, or its id: ${second}`
  return first === podName ? 'Type the pod’s name' : `Type the pod’s id: ${first ?? ''}`
}

/** `accountName`: null where there is only one. `restarted`: the pod that is restarted afterward; null if none is. */
export function registerKeyQuestion(
  { name, fingerprint, algorithm }: LocalSshKey,
  accountName: string | null,
  restarted: Pick<Pod, 'id' | 'name'> | null,
): Question {
  return {
    text: {
      title: 'Register this SSH key in your Runpod account?',
      lines: [
        ...accountLine(accountName),
        plain(shown(name)),
        plain(`${algorithm === null ? '' : `${keyTypeText({ algorithm })} `}${String(fingerprint)}`),
        bad('Anyone with this private key can open a shell on every pod that starts from now on.'),
        ...(restarted === null
          ? []
          : [
              bad(
                `${shown(restarted.name)} (${restarted.id}) then restarts to get the key, which ends all its processes. It is idle.`,
              ),
            ]),
      ],
      warning: null,
      field: null,
      confirmLabel: restarted === null ? 'Register key' : 'Register and restart',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

const activityText: Readonly<Record<Activity['kind'], string>> = {
  busy: 'It is working.',
  idle: 'It is idle.',
  unknown: 'Whether it is working isn’t known.',
}

/** Once a key for the pod was registered, unless its restart was agreed to with that. */
export function restartForKeyQuestion(
  { id, name }: Pick<Pod, 'id' | 'name'>,
  accountName: string | null,
  activity: Activity['kind'],
): Question {
  return {
    text: {
      title: `Restart ${shown(name)} now?`,
      lines: [
        podLine({ id }, accountName),
        plain('The key is registered. This pod gets it only when it restarts.'),
        bad(`${activityText[activity]} A restart ends all its processes.`),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Restart pod',
      cancelLabel: 'Not now',
      isHarmful: true,
      isDestructive: true,
    },
  }
}

/** `address` must be normalized, so that a look-alike host is visible. */
export function linkQuestion(podName: string, host: string, address: string): Question {
  return {
    text: {
      title: `Open ${host} in your browser?`,
      lines: [
        plain(address.length > 300 ? `${address.slice(0, 300)}…` : address),
        plain(
          `This address is from a terminal on ${shown(podName)}. Podkeeper opens other addresses of ${host} without asking until it quits.`,
        ),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Open link',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** Of a terminal where a program asks to copy `text`. `podId`: others may have the same name. */
export interface CopyRequest {
  readonly podName: string
  readonly podId: string
  readonly accountName: string | null
  readonly text: string
}

/** The yes is for all that programs in this terminal copy from now on. */
export function copyQuestion({ podName, podId, accountName, text }: CopyRequest): Question {
  return {
    text: {
      title: `Let programs on ${shown(podName)} copy to your clipboard?`,
      lines: [
        podLine({ id: podId }, accountName),
        bad(
          'Until you close the terminal, its programs can replace what you copied, without asking, while you look at it. Check what you paste.',
        ),
        plain('A program in a terminal there wants to copy this now:'),
      ],
      script: text,
      scriptLabel: 'Text to copy',
      warning: null,
      field: null,
      confirmLabel: 'Allow in this terminal',
      cancelLabel: 'Never in this terminal',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** Nobody but a person gives programs on pods the clipboard back. */
export const allowClipboardQuestion: Question = {
  text: {
    title: 'Let programs on pods ask to copy?',
    lines: [
      plain('The setting “Clipboard access” is “Never” now.'),
      bad('Programs on pods could then ask, once per terminal, to replace what is on your clipboard.'),
    ],
    warning: null,
    field: null,
    confirmLabel: 'Let them ask',
    isHarmful: true,
    isDestructive: false,
  },
}

const keyText = (key: HostKeyView): string => `${keyTypeText(key)} ${key.fingerprint}`
