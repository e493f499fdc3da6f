import type { CommandMark } from './command-tracker'

/** The OSC sequence by which shells mark prompts and commands. */
export const SHELL_MARK = 133

/**
 * Reads the data of an OSC 133: A (prompt), C (the command's output follows) and D (its end, with an exit code if the
 * shell sends one). Null for B, prompts of continued lines and anything else.
 */
export function parseCommandMark(data: string): CommandMark | null {
  const [kind, ...options] = data.slice(0, 200).split(';')
  switch (kind) {
    case 'A':
      return options.includes('k=s') ? null : { kind: 'prompt' }
    case 'C':
      return { kind: 'start' }
    case 'D':
      return { kind: 'end', exitCode: exitCodeOf(options[0] ?? '') }
    default:
      return null
  }
}

const exitCodeOf = (text: string): number | null =>
  /^\d{1,3}$/.test(text) && Number(text) < 256 ? Number(text) : null
