import type { TerminalState } from '../../../core/terminal/terminal'

type TerminalTone = 'ok' | 'idle' | 'bad' | 'info' | 'mute'

/** Color of a tab's dot, and the word with the same meaning. */
export function terminalStatus(state: TerminalState): { readonly tone: TerminalTone; readonly word: string } {
  switch (state.kind) {
    case 'connecting':
      return { tone: 'info', word: 'connecting' }
    case 'asking':
    case 'asking-passphrase':
      return { tone: 'idle', word: 'needs your answer' }
    case 'open':
      return { tone: 'ok', word: 'open' }
    case 'detached':
      return { tone: 'mute', word: 'detached' }
    case 'waiting':
      return { tone: 'idle', word: 'connection lost' }
    case 'ended':
      return { tone: 'mute', word: 'ended' }
    case 'failed':
      return { tone: 'bad', word: 'not connected' }
  }
}
