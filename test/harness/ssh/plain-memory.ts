import type { TerminalSessionOptions } from '../../../src/main/terminals/terminal-session-types'

/** For a terminal whose sessions are not kept. */
export const plainMemory: TerminalSessionOptions['memory'] = {
  restored: null,
  isWanted: () => false,
  historyLines: () => 100,
  endedNames: () => [],
  onOver: () => {},
  onEnd: () => {},
}
