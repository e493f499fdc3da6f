import { join } from 'node:path'
import type { Clock } from '../../core/ports'
import { fail, ok } from '../../core/result'
import type { Settings } from '../../core/settings'
import type { TerminalInput } from '../../core/terminal-input'
import { createSsh } from '../../ssh/create-ssh'
import type { Confirmation } from '../confirmation'
import type { Session } from '../session'
import type { Windows } from '../windows'
import type { TerminalHandlersOptions } from './terminal-handlers'
import type { Terminals } from './terminals'
import { createTerminals } from './terminals'

export interface OpenTerminalsOptions {
  readonly clock: Clock
  readonly session: Pick<Session, 'ask'>
  readonly settings: () => Pick<Settings, 'terminalScrollbackLines' | 'sshKeyFile'>
  readonly windows: Pick<Windows, 'send' | 'sendOutput'>
  readonly confirmation: Pick<Confirmation, 'askPassphrase'>
  readonly input: TerminalInput
  readonly home: string
  readonly userData: string
  readonly report: (what: string) => void
}

/** The terminals of the app. Nothing is loaded for them before the first is opened. */
export function openTerminals(
  options: OpenTerminalsOptions,
): { readonly terminals: Terminals } & Pick<TerminalHandlersOptions, 'forgetHostKey'> {
  const { clock, session, settings, windows, confirmation } = options
  const ssh = createSsh({
    hostKeyFile: join(options.userData, 'host-keys.json'),
    home: options.home,
    env: process.env,
    platform: process.platform,
    nowMs: () => clock.now().wallMs,
    chosenKeyFile: () => settings().sshKeyFile,
    onProblem: options.report,
  })
  const terminals = createTerminals({
    clock,
    random: Math.random,
    scrollbackLines: () => settings().terminalScrollbackLines,
    loadEmulator: async () => (await import('./emulator')).createEmulator,
    openShell: ssh.openShell,
    askPassphrase: confirmation.askPassphrase,
    seen() {
      const seen = session.ask((monitor) => ok(monitor.seen()))
      return seen.ok ? seen.value : null
    },
    noteTerminal: (...news) => void session.ask((monitor) => ok(monitor.noteTerminal(...news))),
    input: options.input,
    publish: (view) => windows.send('terminals', view),
    send: windows.sendOutput,
  })
  return {
    terminals,
    forgetHostKey(id) {
      const found = terminals.session(id)
      if (!found.ok) return found
      const { accountId, podId, state } = found.value.view()
      if (state.kind !== 'failed' || state.failure.kind !== 'host-key-changed')
        return fail('That terminal is not blocked by a host key.')
      ssh.forgetHostKey(accountId, podId, state.failure.server)
      return ok(undefined)
    },
  }
}
