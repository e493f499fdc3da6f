import type { Console, Shell } from './shell'

const ESC = '\u001B'
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** Where a terminal writes. */
export interface Output {
  readonly write: (text: string) => Promise<void>
  readonly size: () => TerminalSize
}

/** What a key does to a line and the cursor in it. */
const edits: Readonly<Record<string, (line: string, at: number) => readonly [string, number]>> = {
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
    const kept = line.slice(0, at).replace(/\S+\s*$/, '')
    return [kept + line.slice(at), kept.length]
  },
  '\u007F': (line, at) => (at === 0 ? [line, at] : [line.slice(0, at - 1) + line.slice(at), at - 1]),
}

/** A shell with a keyboard: echo, editing of the line, history, completion, Ctrl-C. */
export class Terminal implements Console {
  readonly #output: Output
  #shell: Shell | null = null
  #keys: string[] = []
  #waiting: ((key: string | null) => void) | null = null
  #line = ''
  #at = 0
  /** What is running; null while a line is edited. */
  #running: AbortController | null = null
  #isClosed = false

  constructor(output: Output) {
    this.#output = output
  }

  readonly size = (): TerminalSize => this.#output.size()
  readonly write = (text: string): Promise<void> => this.#output.write(text.replaceAll('\n', '\r\n'))
  readonly complain = (text: string): Promise<void> => this.write(text)

  readonly key = (ms: number): Promise<string | null> => {
    const key = this.#keys.shift()
    if (key !== undefined || this.#running?.signal.aborted) return Promise.resolve(key ?? null)
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#waiting?.(null), ms)
      this.#waiting = (pressed) => {
        clearTimeout(timer)
        this.#waiting = null
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
      if (key !== null) await this.#press(key, shell)
    }
    return shell.exitCode ?? 0
  }

  /** Text from the client. */
  type(text: string): void {
    for (const key of keysOf(text)) {
      if (key === CTRL_C && this.#running !== null) {
        this.#keys = []
        this.#running.abort()
        this.#waiting?.(null)
      } else if (this.#waiting === null) this.#keys.push(key)
      else this.#waiting(key)
    }
  }

  /** The client is gone. */
  close(): void {
    this.#isClosed = true
    this.#running?.abort()
    this.#waiting?.(null)
  }

  async #press(key: string, shell: Shell): Promise<void> {
    const edit = Object.hasOwn(edits, key) ? edits[key] : undefined
    if (edit !== undefined) return this.#show(...edit(this.#line, this.#at))
    if (key === '\r' || key === '\n') return this.#enter(shell)
    if (key === CTRL_C) {
      await this.write('^C\n')
      this.#line = ''
      return this.#show('', 0)
    }
    if (key === CTRL_D) {
      if (this.#line !== '') return
      await this.write('logout\n')
      shell.exitCode = 0
      return
    }
    if (key === '\u000C') {
      await this.write(`${ESC}[H${ESC}[2J`)
      return this.#show(this.#line, this.#at)
    }
    if (key === '\t') return this.#complete(shell)
    if (key === `${ESC}[A` || key === `${ESC}[B`) return this.#recall(shell, key === `${ESC}[A` ? -1 : 1)
    if (key.startsWith(ESC) || key < ' ') return
    const isAtEnd = this.#at === this.#line.length
    const line = this.#line.slice(0, this.#at) + key + this.#line.slice(this.#at)
    if (!isAtEnd) return this.#show(line, this.#at + key.length)
    this.#line = line
    this.#at = line.length
    return this.write(key)
  }

  async #enter(shell: Shell): Promise<void> {
    const line = this.#line
    this.#line = ''
    this.#at = 0
    this.#recalled = 0
    await this.write('\n')
    this.#running = new AbortController()
    const { signal } = this.#running
    await shell.run(line, signal)
    this.#running = null
    if (signal.aborted && !this.#isClosed) await this.write('^C\n')
    if (shell.exitCode === null && !this.#isClosed) await this.write(shell.prompt())
  }

  /** How many lines back in the history; 0: the line itself. */
  #recalled = 0

  #recall({ state }: Shell, step: -1 | 1): Promise<void> {
    const back = Math.min(state.history.length, Math.max(0, this.#recalled - step))
    this.#recalled = back
    const line = back === 0 ? '' : (state.history.at(-back) ?? '')
    return this.#show(line, line.length)
  }

  async #complete(shell: Shell): Promise<void> {
    const found = shell.completions(this.#line.slice(0, this.#at))
    const typed = this.#line.slice(0, this.#at).split(/\s+/).at(-1) ?? ''
    const common = commonHead(found)
    if (common.length > typed.length) {
      const added = common.slice(typed.length) + (found.length === 1 ? ' ' : '')
      const line = this.#line.slice(0, this.#at) + added + this.#line.slice(this.#at)
      return this.#show(line, this.#at + added.length)
    }
    if (found.length < 2) return
    await this.write(`\n${found.join('  ')}\n`)
    return this.#show(this.#line, this.#at)
  }

  #show(line: string, at: number): Promise<void> {
    this.#line = line
    this.#at = at
    const back = line.length - at
    return this.write(`\r${ESC}[K${this.#shell?.prompt() ?? ''}${line}${back > 0 ? `${ESC}[${back}D` : ''}`)
  }
}

const KEY = new RegExp(String.raw`${ESC}(?:\[[\d;]*[ -/]*[@-~]|O[A-Z])|[\s\S]`, 'gu')

/** Keys in what a terminal sends: escape sequences whole, the marks of a paste left out. */
function keysOf(text: string): readonly string[] {
  const found = text.match(KEY) ?? []
  return found
    .filter((key) => key !== `${ESC}[200~` && key !== `${ESC}[201~`)
    .map((key) => (key.startsWith(`${ESC}O`) ? `${ESC}[${key.slice(2)}` : key === '\b' ? '\u007F' : key))
}

function commonHead(words: readonly string[]): string {
  const [first = '', ...rest] = words
  let length = first.length
  for (const word of rest) while (!word.startsWith(first.slice(0, length))) length -= 1
  return first.slice(0, length)
}
