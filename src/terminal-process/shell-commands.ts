import type { Terminal } from '@xterm/headless'
import { parseCommandMark, SHELL_MARK } from '../core/terminal/commands/command-mark'
import type { CommandMark } from '../core/terminal/commands/command-tracker'
import { MAX_PROMPT_CHARS } from '../core/terminal/commands/prompt-text'
import { MAX_MARKS } from '../shared/terminal-process'

/** Observes what tells that a command begins or ends: marks of the shell, and the line of the cursor. */
export function trackCommands(terminal: Terminal): {
  readonly takeMarks: () => CommandMark[]
  readonly cursorLine: () => string
} {
  let marks: CommandMark[] = []
  terminal.parser.registerOscHandler(SHELL_MARK, (data) => {
    const mark = parseCommandMark(data)
    if (mark === null) return false
    marks.push(mark)
    if (marks.length > MAX_MARKS) marks.shift()
    return false
  })
  return {
    takeMarks() {
      const taken = marks
      marks = []
      return taken
    },
    cursorLine() {
      const { type, baseY, cursorX, cursorY } = terminal.buffer.active
      if (type === 'alternate') return ''
      const line = terminal.buffer.active.getLine(baseY + cursorY)?.translateToString(false, 0, cursorX) ?? ''
      return line.length > MAX_PROMPT_CHARS ? '' : line
    },
  }
}
