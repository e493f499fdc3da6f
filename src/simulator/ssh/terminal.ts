import type { TerminalSize } from '../../core/terminal/terminal'
import type { Console, Shell } from './commands/shell'

const ESC = '\u001B'
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
/** The length of a line, and the number of keys that wait. More is dropped, as a terminal's line discipline does. */
const MAX_LINE_CHARS = 4_096
const MAX_WAITING_KEYS = 65_536

/** Where a terminal writes. */
export interface ConsoleOutput {
  readonly write: (text: string) => Promise<void>
  readonly size: () => TerminalSize
}

/** The effect of each key on the line and the cursor. */
const lineEdits: Readonly<Record<string, (line: string, at: number) => readonly [string, number]>> = {
  [`${ESC}[D`]: (line, at) => [line, Math.max(0, at - 1)],
  [`${ESC}[C`]: (line, at) => [line, Math.min(line.length, at + 1)],
  [`${ESC}[H`]: (line) => [line, 0],
  [`${ESC}[F`]: (line) => [line, line.length],
  [`${ESC}[3~`]: (line, at) => [line.slice(0, at) + line.slice(at + 1), at],
  '\u0001': (line) => [line, 0],
  '\u0005': (line) => [line, line.length],
  '\u000B': (line, at) => [line.slice(0, at), at],
  '\u0015': (line, at) => [line.slice(at), 0],
  '\u0017': (line, at) => {
    const captured = line.slice(0, at).replace(/\S+\s*$/, '')
    return [captured + line.slice(at), captured.length]
  },
  '\u007F': (line, at) => (at === 0 ? [line, at] : [line.slice(0, at - 1) + line.slice(at), at - 1]),
}

/** A shell with a keyboard: echo, line editing, history, completion, Ctrl-C. */
export class SimulatedTerminal implements Console {
  readonly #output: ConsoleOutput
  #shell: Shell | null = null
  #keys: string[] = []
  #pendingKey: ((key: string | null) => void) | null = null
  #line = ''
  #cursor = 0
  /** The running command; null while a line is edited. */
  #running: AbortController | null = null
  #isClosed = false

  constructor(output: ConsoleOutput) {
    this.#output = output
  }

  readonly size = (): TerminalSize => this.#output.size()
  readonly write = (text: string): Promise<void> => this.#output.write(text.replaceAll('\n', '\r\n'))
  readonly writeError = (text: string): Promise<void> => this.write(text)

  readonly key = (ms: number): Promise<string | null> => {
    const key = this.#keys.shift()
    if (key !== undefined || this.#running?.signal.aborted) return Promise.resolve(key ?? null)
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#pendingKey?.(null), ms)
      this.#pendingKey = (pressed) => {
        clearTimeout(timer)
        this.#pendingKey = null
        resolve(pressed)
      }
    })
  }

  /** Reads and runs lines until the shell ends; returns its exit code. */
  async run(shell: Shell): Promise<number> {
    this.#shell = shell
    await this.write(shell.prompt())
    while (shell.exitCode === null && !this.#isClosed) {
      const key = await this.key(2_147_483_647)
      if (key !== null) await this.#handleKey(key, shell)
    }
    return shell.exitCode ?? 0
  }

  /** Text from the client. */
  type(text: string): void {
    for (const key of splitKeys(text)) {
      if (key === CTRL_C && this.#running !== null) {
        this.#keys = []
        this.#running.abort()
        this.#pendingKey?.(null)
      } else if (this.#pendingKey === null) {
        if (this.#keys.length < MAX_WAITING_KEYS) this.#keys.push(key)
      } else this.#pendingKey(key)
    }
  }

  /** The client disconnected. */
  close(): void {
    this.#isClosed = true
    this.#running?.abort()
    this.#pendingKey?.(null)
  }

  async #handleKey(key: string, shell: Shell): Promise<void> {
    const edit = Object.hasOwn(lineEdits, key) ? lineEdits[key] : undefined
    if (edit !== undefined) return this.#redrawLine(...edit(this.#line, this.#cursor))
    if (key === '\r' || key === '\n') return this.#runLine(shell)
    if (key === CTRL_C) {
      await this.write('^C\n')
      this.#line = ''
      return this.#redrawLine('', 0)
    }
    if (key === CTRL_D) {
      if (this.#line !== '') return
      await this.write('logout\n')
      shell.exitCode = 0
      return
    }
    if (key === '\u000C') {
      await this.write(`${ESC}[H${ESC}[2J`)
      return this.#redrawLine(this.#line, this.#cursor)
    }
    if (key === '\t') return this.#complete(shell)
    if (key === `${ESC}[A` || key === `${ESC}[B`)
      return this.#recallHistory(shell, key === `${ESC}[A` ? -1 : 1)
    if (key.startsWith(ESC) || key < ' ' || this.#line.length >= MAX_LINE_CHARS) return
    const isAtEnd = this.#cursor === this.#line.length
    const line = this.#line.slice(0, this.#cursor) + key + this.#line.slice(this.#cursor)
    if (!isAtEnd) return this.#redrawLine(line, this.#cursor + key.length)
    this.#line = line
    this.#cursor = line.length
    return this.write(key)
  }

  async #runLine(shell: Shell): Promise<void> {
    const line = this.#line
    this.#line = ''
    this.#cursor = 0
    this.#historyOffset = 0
    await this.write('\n')
    this.#running = new AbortController()
    const { signal } = this.#running
    await shell.run(line, signal)
    this.#running = null
    if (signal.aborted && !this.#isClosed) await this.write('^C\n')
    if (shell.exitCode === null && !this.#isClosed) await this.write(shell.prompt())
  }

  /** The number of lines back in the history; 0 is the line itself. */
  #historyOffset = 0

  #recallHistory({ state }: Shell, step: -1 | 1): Promise<void> {
    const back = Math.min(state.history.length, Math.max(0, this.#historyOffset - step))
    this.#historyOffset = back
    const line = back === 0 ? '' : (state.history.at(-back) ?? '')
    return this.#redrawLine(line, line.length)
  }

  async #complete(shell: Shell): Promise<void> {
    const found = shell.completions(this.#line.slice(0, this.#cursor))
    const typed = this.#line.slice(0, this.#cursor).split(/\s+/).at(-1) ?? ''
    const common = commonPrefix(found)
    if (common.length > typed.length) {
      const added = common.slice(typed.length) + (found.length === 1 ? ' ' : '')
      const line = this.#line.slice(0, this.#cursor) + added + this.#line.slice(this.#cursor)
      return this.#redrawLine(line, this.#cursor + added.length)
    }
    if (found.length < 2) return
    await this.write(`\n${found.join('  ')}\n`)
    return this.#redrawLine(this.#line, this.#cursor)
  }

  #redrawLine(line: string, at: number): Promise<void> {
    this.#line = line
    this.#cursor = at
    const back = line.length - at
    return this.write(`\r${ESC}[K${this.#shell?.prompt() ?? ''}${line}${back > 0 ? `${ESC}[${back}D` : ''}`)
  }
}

const KEY = new RegExp(String.raw`${ESC}(?:\[[\d;]*[ -/]*[@-~]|O[A-Z])|[\s\S]`, 'gu')

/** Splits terminal input into keys: escape sequences stay whole, and bracketed-paste markers are removed. */
function splitKeys(text: string): readonly string[] {
  const found = text.match(KEY) ?? []
  return found
    .filter((key) => key !== `${ESC}[200~` && key !== `${ESC}[201~`)
    .map((key) => (key.startsWith(`${ESC}O`) ? `${ESC}[${key.slice(2)}` : key === '\b' ? '\u007F' : key))
}

function commonPrefix(words: readonly string[]): string {
  const [first = '', ...rest] = words
  let length = first.length
  for (const word of rest) while (!word.startsWith(first.slice(0, length))) length -= 1
  return first.slice(0, length)
}
