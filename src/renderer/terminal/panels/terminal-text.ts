import { formatRemaining } from '../../../core/base/format'
import type { TerminalConnection, TerminalState } from '../../../core/terminal/terminal'
import { keyTypeText, serverText, type SshFailure } from '../../../core/terminal/host-key'
import type { RegisteredKeyProblem, SshKeyIssue, SshKeySource } from '../../../core/terminal/ssh-keys'

export type TerminalTone = 'ok' | 'idle' | 'bad' | 'info' | 'mute'

/** Color of a tab's dot, and the word with the same meaning. */
export function terminalStatus(state: TerminalState): { readonly tone: TerminalTone; readonly word: string } {
  switch (state.kind) {
    case 'connecting':
      return { tone: 'info', word: 'connecting' }
    case 'asking':
    case 'asking-passphrase':
      return { tone: 'idle', word: 'asks you something' }
    case 'open':
      return { tone: 'ok', word: 'open' }
    case 'waiting':
      return { tone: 'idle', word: 'connection lost' }
    case 'ended':
      return { tone: 'mute', word: 'ended' }
    case 'failed':
      return { tone: 'bad', word: 'no connection' }
  }
}

const stepTexts: Readonly<Record<Extract<TerminalState, { kind: 'connecting' }>['step'], string>> = {
  reaching: 'Reaching the pod…',
  'checking-host-key': 'Checking whose server it is…',
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
        ? 'by Runpod’s proxy'
        : 'by a proxy',
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
        title: 'There is no way in',
        text: `${podName} is not running, or it publishes no port for SSH. Start it, or add TCP port 22 in Runpod; its image has to run an SSH server.`,
      }
    case 'no-ssh-server':
      return {
        title: 'No SSH server answers',
        text: `Port ${failure.server.port} of ${podName} is open, and nothing there speaks SSH. It may still be starting; if it stays so, its image runs no SSH server.`,
      }
    case 'unreachable':
      return {
        title: `${podName} could not be reached`,
        text: `${toSentence(failure.message)} Look at your network, then try again.`,
      }
    case 'no-common-algorithm':
      return {
        title: 'The server offers nothing that is safe',
        text: `${toSentence(failure.message)} Podkeeper does not go on with outdated methods; update the SSH server in the pod’s image.`,
      }
    case 'packet-too-long':
      return {
        title: 'The server says too much at once',
        text: `Before it let anyone in, ${podName} sent more in one packet than SSH has to take. That is likely its banner: it may have 30 KB, and “Banner” in the pod’s sshd_config names its file. If there is none, try again.`,
      }
    case 'host-key-changed':
      return {
        title: 'This is not the server that was there before',
        text: `Its key is another one, and ${failure.server.route === 'proxy' ? 'the proxy is one for all pods, which no restart of a pod changes' : `${podName} was not restarted since`}. Somebody may be listening between you and the pod. Nothing was sent to it.`,
      }
    case 'host-key-revoked':
      return {
        title: 'The key of this server is revoked',
        text: 'Your known_hosts file says that it must not be trusted. Nothing was sent to it.',
      }
    case 'host-key-declined':
      return {
        title: 'Not connected',
        text: 'You did not trust the key of the server. You can look at it again.',
      }
    case 'passphrase-declined':
      return {
        title: 'Not connected',
        text: `No passphrase that opens ${failure.keyName} was given. It is asked for again when you try again.`,
      }
    case 'not-asked':
      return { title: 'Not connected', text: failure.message }
    case 'key-too-slow':
      return {
        title: 'A key takes too long to open',
        text: `The key ${failure.keyName} asks for so much work that it was given up after ${failure.limitMs / 1000} seconds. “ssh-keygen -p -a 16 -f FILE” rewrites it so that it opens quickly.`,
      }
    case 'no-key':
      return {
        title: 'There is no SSH key on this computer',
        text: `${podName} lets in who has a key that your Runpod account knows. Podkeeper can make one and register it.`,
      }
    case 'no-registered-key':
      return {
        title: 'None of your keys is registered',
        text: `Podkeeper offers ${podName} only keys that your Runpod account knows. Register one of yours, or choose a file.`,
      }
    case 'keys-refused':
      return {
        title: `${podName} took none of your keys`,
        text: `Tried: ${failure.keyNames.join(', ')}.`,
      }
    case 'no-shell':
      return {
        title: 'Signed in, and no shell was given',
        text: `${toSentence(failure.message)} What the pod starts for a session may be broken.`,
      }
  }
}

/** Whether key repair may help with this failure. */
export function isKeyFailure({ kind }: SshFailure): boolean {
  return ['no-key', 'no-registered-key', 'keys-refused', 'no-route', 'no-ssh-server'].includes(kind)
}

const registeredProblemTexts: Readonly<Record<RegisteredKeyProblem, string>> = {
  fingerprint: 'a fingerprint instead of a key',
  'two-keys-on-a-line': 'two keys on one line, which count as none',
  'private-key': 'a private key. Take it out and make a new one: whoever saw it can sign in as you',
  unreadable: 'something that is no key',
}

/** A likely cause and its remedy. */
export function keyTroubleText(trouble: SshKeyIssue): string {
  switch (trouble.kind) {
    case 'no-local-key':
      return 'There is no key on this computer.'
    case 'none-registered':
      return 'Your Runpod account has no key registered.'
    case 'not-registered':
      return 'No key of this computer is registered in your Runpod account.'
    case 'odd-registered-line':
      return `Line ${trouble.line} of the keys in your Runpod account is ${registeredProblemTexts[trouble.problem]}.`
    case 'perhaps-registered-after-start':
      return 'Perhaps the key was registered after the pod started: a running pod gets it only after a restart.'
    case 'perhaps-made-without-ssh':
      return 'Perhaps the pod was made without SSH: its image then has no server, or no keys in it.'
  }
}

export const keySourceLabels: Readonly<Record<SshKeySource, string>> = {
  agent: 'SSH agent',
  'ssh-config': '~/.ssh/config',
  'usual-file': 'usual file',
  'chosen-file': 'chosen file',
}

const capitalize = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

const toSentence = (text: string): string =>
  /[.!?…”]$/.test(text) ? capitalize(text) : `${capitalize(text)}.`
