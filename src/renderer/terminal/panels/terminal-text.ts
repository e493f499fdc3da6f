import { formatDuration, formatRemaining } from '../../../core/base/text/format'
import type { TerminalConnection, TerminalState } from '../../../core/terminal/terminal'
import { keyTypeText, serverText, type SshFailure } from '../../../core/terminal/host-key'
import type { RegisteredKeyProblem, SshKeyIssue, SshKeySource } from '../../../core/terminal/ssh-keys'

const stepTexts: Readonly<Record<Extract<TerminalState, { kind: 'connecting' }>['step'], string>> = {
  reaching: 'Connecting to the pod…',
  'checking-host-key': 'Verifying the server…',
  'signing-in': 'Signing in…',
  'opening-shell': 'Opening a shell…',
}

export const connectingText = ({ step }: Extract<TerminalState, { kind: 'connecting' }>): string =>
  stepTexts[step]

/** "Connection lost: no answer for 45 s. Next try in 12 s." `nowMs` in Unix ms. */
export function waitingText(
  { reason, nextTryAtMs, tries }: Extract<TerminalState, { kind: 'waiting' }>,
  nowMs: number,
): string {
  const leftMs = nextTryAtMs - nowMs
  const next = leftMs > 0 ? `next try in ${formatRemaining(leftMs)}` : 'trying now'
  return `${toSentence(reason)} ${tries > 0 ? `Tried ${tries === 1 ? 'once' : `${tries} times`}, ${next}.` : `${capitalize(next)}.`}`
}

/** "The shell ended with exit code 1." */
export function endedText({ exitCode, reason }: Extract<TerminalState, { kind: 'ended' }>): string {
  if (reason !== '') return toSentence(reason)
  return exitCode === null ? 'The shell ended.' : `The shell ended with exit code ${exitCode}.`
}

/** "direct · 205.196.19.52:11452 · ed25519 verified · 41 ms" */
export function terminalConnectionText({ server, hostKey, roundTripMs }: TerminalConnection): string {
  return [
    server.route === 'direct'
      ? 'direct'
      : server.host.endsWith('.runpod.io')
        ? 'via Runpod’s proxy'
        : 'via a proxy',
    serverText(server),
    `${keyTypeText(hostKey)} verified`,
    ...(roundTripMs === null ? [] : [`${Math.round(roundTripMs)} ms`]),
  ].join(' · ')
}

/** A failure in sentences: what happened, and what can be done. */
export function failureText(
  failure: SshFailure,
  podName: string,
): { readonly title: string; readonly text: string } {
  switch (failure.kind) {
    case 'no-route':
      return {
        title: 'No SSH access',
        text: `${podName} isn’t running, or it has no SSH port. Start it, or add TCP port 22. Its image must run an SSH server.`,
      }
    case 'no-ssh-server':
      return {
        title: 'No SSH server responding',
        text: `Port ${failure.server.port} of ${podName} is open, but no SSH server responds there. It may still be starting. If this persists, its image doesn’t run one.`,
      }
    case 'unreachable':
      return {
        title: `Couldn’t reach ${podName}`,
        text: `${toSentence(failure.message)} Check your network, then try again.`,
      }
    case 'no-common-algorithm':
      return {
        title: 'No secure method in common',
        text: `${toSentence(failure.message)} Podkeeper doesn’t use outdated methods. Update the SSH server in the pod’s image.`,
      }
    case 'packet-too-long':
      return {
        title: 'Server message too long',
        text: `Before sign-in, ${podName} sent a packet larger than SSH allows for. It’s likely its banner, which may have up to 30 KB. “Banner” in the pod’s sshd_config names its file. If there is none, try again.`,
      }
    case 'host-key-changed':
      return {
        title: 'The server’s key has changed',
        text: `The key is different, and ${failure.server.route === 'proxy' ? 'restarting a pod doesn’t change the key of the proxy, which all pods share' : `${podName} hasn’t restarted since`}. Someone may be intercepting the connection. Nothing was sent to it.`,
      }
    case 'host-key-revoked':
      return {
        title: 'This server’s key is revoked',
        text: 'Your known_hosts file says not to trust it. Nothing was sent to it.',
      }
    case 'host-key-declined':
      return {
        title: 'Not connected',
        text: 'You didn’t trust the server’s key. Try again to review it.',
      }
    case 'passphrase-declined':
      return {
        title: 'Not connected',
        text: `No passphrase that opens ${failure.keyName} was entered. Try again to enter it.`,
      }
    case 'not-asked':
      return { title: 'Not connected', text: failure.message }
    case 'key-too-slow':
      return {
        title: 'Key takes too long to open',
        text: `Podkeeper gave up opening ${failure.keyName} after ${formatDuration(failure.limitMs)}. Run “ssh-keygen -p -a 16 -f FILE” to make it open quickly.`,
      }
    case 'no-key':
      return {
        title: 'No SSH key on this computer',
        text: `${podName} accepts the SSH keys registered in your account. Podkeeper can create one and register it.`,
      }
    case 'no-registered-key':
      return {
        title: 'No registered SSH key',
        text: `Podkeeper offers ${podName} only keys registered in your account. Register one of yours, or choose a file.`,
      }
    case 'keys-refused':
      return {
        title: `${podName} rejected your keys`,
        text: `Tried: ${failure.keyNames.join(', ')}.`,
      }
    case 'no-shell':
      return {
        title: 'Signed in, but no shell opened',
        text: `${toSentence(failure.message)} The pod’s shell or startup files may be broken.`,
      }
  }
}

/** Whether key repair may help with this failure. */
export function isKeyFailure({ kind }: SshFailure): boolean {
  return ['no-key', 'no-registered-key', 'keys-refused', 'no-route', 'no-ssh-server'].includes(kind)
}

const registeredProblemTexts: Readonly<Record<RegisteredKeyProblem, string>> = {
  fingerprint: 'a fingerprint instead of a key',
  'two-keys-on-a-line': 'two keys on one line, which doesn’t work',
  'private-key':
    'a private key. Remove it and create a new one, because anyone who saw it can sign in as you',
  unreadable: 'not a key',
}

/** A likely cause and its remedy. */
export function keyTroubleText(trouble: SshKeyIssue): string {
  switch (trouble.kind) {
    case 'no-local-key':
      return 'There’s no key on this computer.'
    case 'none-registered':
      return 'Your account has no registered key.'
    case 'not-registered':
      return 'No key on this computer is registered in your account.'
    case 'odd-registered-line':
      return `Line ${trouble.line} of the keys in your account is ${registeredProblemTexts[trouble.problem]}.`
    case 'perhaps-registered-after-start':
      return 'The key may have been registered after the pod started. A running pod gets it only after a restart.'
    case 'perhaps-made-without-ssh':
      return 'The pod may have been created without SSH, so that its image has no server or no keys.'
  }
}

export const keySourceLabels: Readonly<Record<SshKeySource, string>> = {
  'pod-file': 'key for this pod',
  agent: 'SSH agent',
  'ssh-config': '~/.ssh/config',
  'usual-file': 'default file',
  'chosen-file': 'chosen file',
}

const capitalize = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

const toSentence = (text: string): string =>
  /[.!?…”]$/.test(text) ? capitalize(text) : `${capitalize(text)}.`

export type Solution = 'restart' | 'key' | 'retry'

/** What most likely solves a failure; its button is the primary one. `isKeyRegistered`: since the failure. */
export function solutionOf({ kind }: SshFailure, isKeyRegistered: boolean): Solution {
  if (kind !== 'no-key' && kind !== 'no-registered-key') return 'retry'
  // A running pod gets a registered key only after a restart.
  return isKeyRegistered ? 'restart' : 'key'
}
