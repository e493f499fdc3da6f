/** A program and its arguments, in which `{alias}` stands for the pod's SSH alias and `{folder}` for a folder of it. */
export interface EditorCommand {
  /** A name that PATH leads to, or a full path. */
  readonly program: string
  readonly args: readonly string[]
}

const MAX_CHARS = 500
/** No shell reads it, so nothing but quotes and spaces means more than itself. */
const WORD = /\s*("[^"]*"|[^\s"]+)(?=\s|$)/gy

/** Why a text can't be the command of an editor, to follow its name; null when it can. */
export function editorCommandProblem(text: string): string | null {
  const command = parseEditorCommand(text)
  if (text.length > MAX_CHARS) return `must have at most ${MAX_CHARS} characters`
  if (command === null)
    return 'must be a program and its arguments, on one line, with quotes around whole words only'
  if (!/^(?:[A-Za-z0-9][\w.+-]*|\/[^\0]*|[A-Za-z]:[\\/][^\0]*)$/.test(command.program))
    return 'must begin with the name of a program or its full path'
  return command.args.some((arg) => arg.includes('{alias}'))
    ? null
    : 'must have {alias} among its arguments, where the name of the host goes'
}

/** Null when a quote isn't closed, or characters can't be seen. */
export function parseEditorCommand(text: string): EditorCommand | null {
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)) return null
  const trimmed = text.trim()
  const found = [...trimmed.matchAll(WORD)]
  const readChars = found.reduce((sum, [whole]) => sum + whole.length, 0)
  const [program, ...args] = found.map(([, word = '']) => word.replace(/^"(.*)"$/, '$1'))
  return program === undefined || readChars !== trimmed.length ? null : { program, args }
}
