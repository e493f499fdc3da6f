import * as v from 'valibot'
import { plainText } from '../base/text/plain-text'
import { fail, ok, type Result } from '../base/result'
import { shellWord } from '../base/text/shell-word'

/** A saved command for a terminal, on one line. It may hold values of a pod, such as `{pod.name}`. */
export interface Snippet {
  readonly name: string
  readonly command: string
}

/** The values of a pod; null: it has none now. */
export interface SnippetValues {
  readonly name: string
  readonly id: string
  readonly host: string | null
  readonly port: string | null
}

export const MAX_SNIPPETS = 50
export const MAX_SNIPPET_NAME = 60
export const MAX_SNIPPET_COMMAND = 500

/** They read only, and so must those that are added here. */
export const shippedSnippets: readonly Snippet[] = [
  { name: 'GPUs and their processes', command: 'nvidia-smi' },
  { name: 'Free disk space', command: 'df -h' },
  { name: 'Follow logs in the workspace', command: 'tail -f /workspace/*.log' },
]

const VALUE = /\{pod\.(\w+)\}/g
const names: readonly string[] = ['name', 'id', 'host', 'port'] satisfies (keyof SnippetValues)[]

/** Why it can't be saved, as a sentence; null: it can. */
export function snippetProblem({ name, command }: Snippet): string | null {
  if (name.trim() === '' || command.trim() === '') return 'It needs a name and a command.'
  if (name.length > MAX_SNIPPET_NAME || command.length > MAX_SNIPPET_COMMAND) return 'It is too long.'
  if (name !== plainText(name) || command !== plainText(command))
    return 'It has characters that can’t be seen, or more than one line.'
  const unknown = [...command.matchAll(VALUE)].find(([, value = '']) => !names.includes(value))
  if (unknown !== undefined) return `There is no value ${unknown[0]}.`
  return hasQuotedValue(command)
    ? 'A value must stand outside of quotes, without $ or \\ before it: it is quoted when it is filled in.'
    : null
}

/**
 * Whether a value stands where its own quotes would not protect it. `$'` and `$"` are quotes of other rules, which
 * a command with values does without.
 */
function hasQuotedValue(command: string): boolean {
  const positions = new Set([...command.matchAll(VALUE)].map(({ index }) => index))
  if (positions.size === 0) return false
  let quote = ''
  for (let at = 0; at < command.length; at += 1) {
    const [character = '', before] = [command[at], command[at - 1]]
    if (positions.has(at) && (quote !== '' || before === '$' || before === '\\')) return true
    if (quote === '' && before === '$' && (character === "'" || character === '"')) return true
    if (character === '\\' && quote !== "'") at += positions.has(at + 1) ? 0 : 1
    else if (quote === character) quote = ''
    else if (quote === '' && (character === "'" || character === '"')) quote = character
  }
  return false
}

/** The command with the values of a pod, each as one word of a shell. The error is a sentence. */
export function fillSnippet(command: string, values: SnippetValues): Result<string, string> {
  let missing: string | null = null
  const filled = command.replace(VALUE, (placeholder, name: keyof SnippetValues) => {
    const value = values[name]
    missing ??= value === null ? placeholder : null
    return shellWord(plainText(value ?? ''))
  })
  return missing === null ? ok(filled) : fail(`The pod has no ${String(missing)} now.`)
}

const storedSchema = v.pipe(
  v.array(v.object({ name: v.string(), command: v.string() })),
  v.maxLength(MAX_SNIPPETS),
)

/** Those of a file. Ones that can't be used are left out; without any list they are the shipped ones. */
export function parseSnippets(stored: unknown): readonly Snippet[] {
  const parsed = v.safeParse(storedSchema, stored)
  return parsed.success ? parsed.output.filter((one) => snippetProblem(one) === null) : shippedSnippets
}
