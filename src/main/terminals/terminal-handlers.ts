import type { PodKey } from '../../core/pods/pod'
import { ok, type Result } from '../../core/base/result'
import type { SplitDirection } from '../../core/terminal/panes/pane-layout'
import type { Handlers } from '../../shared/ipc'
import type { TerminalRequests } from '../../shared/requests/pod/terminal-requests'
import type { SshKeyRequestName } from './ssh-key-handlers'
import type { TerminalLinks } from './terminal-links'
import type { Terminals } from './terminals-types'

export type TerminalRequestName = keyof TerminalRequests

export interface TerminalHandlersOptions {
  readonly terminals: Terminals
  /** Opens a terminal and shows it; returns its id. */
  readonly openTerminal: (podKey: PodKey) => Result<string, string>
  /** The same beside a terminal. */
  readonly splitTerminal: (id: string, direction: SplitDirection) => Result<string, string>
  /** `isAtPointer`: its window appears at the pointer if it is new. */
  readonly showTerminal: (id: string, isAtPointer?: boolean) => void
  /** Brings a window to the front as it is; null: the main window. */
  readonly showWindow: (windowId: string | null) => void
  readonly showQuestion: () => void
  /** Forgets the known host key of a terminal's server once the user agreed; false: they refused. */
  readonly forgetHostKey: (terminalId: string) => Promise<Result<boolean, string>>
  readonly links: TerminalLinks
}

type TerminalHandlers = Pick<Handlers, Exclude<TerminalRequestName, SshKeyRequestName>>

export function createTerminalHandlers(options: TerminalHandlersOptions): TerminalHandlers {
  const { terminals } = options
  return {
    terminals: () => ok(terminals.view()),
    openTerminal: (podKey) => options.openTerminal(podKey),
    closeTerminal: (id) => ok(terminals.close(id)),
    retryTerminal: (id) => terminals.retry(id),
    splitTerminal: (id, direction) => options.splitTerminal(id, direction),
    resizePane: (id, ratio) => ok(terminals.setRatio(id, ratio)),
    renameTerminal: (id, name) => terminals.rename(id, name),
    moveTerminal: (id, index) => ok(terminals.move(id, index)),
    placeTerminal(id, where) {
      const placed = terminals.place(id, where)
      return placed.ok ? ok(options.showTerminal(id, where === 'at-pointer')) : placed
    },
    showTerminalWindow(id) {
      const found = terminals.session(id)
      return found.ok ? ok(options.showWindow(terminals.windowOf(id))) : found
    },
    showQuestion: () => ok(options.showQuestion()),
    forgetHostKey: (id) => options.forgetHostKey(id),
    attachTerminal: (id, size) => terminals.attach(id, size),
    detachTerminal: (attachment) => ok(terminals.detach(attachment)),
    typeInTerminal(id, text, as) {
      const found = terminals.session(id)
      return found.ok ? found.value.type(text, as) : found
    },
    resizeTerminal(id, size) {
      const found = terminals.session(id)
      return found.ok ? ok(found.value.resize(size)) : found
    },
    clearTerminal(id) {
      const found = terminals.session(id)
      return found.ok ? ok(found.value.clear()) : found
    },
    dismissTerminalNotice(id) {
      const found = terminals.session(id)
      return found.ok ? ok(found.value.dismissNotice()) : found
    },
    notifyOfCommand(id, isWanted) {
      const found = terminals.session(id)
      return found.ok ? ok(found.value.notifyOfCommand(isWanted)) : found
    },
    ackTerminal: (attachment, bytes) => ok(terminals.ack(attachment, bytes)),
    async openTerminalLink(id, address) {
      const found = terminals.session(id)
      return found.ok ? await options.links.open(found.value, address) : found
    },
  }
}
