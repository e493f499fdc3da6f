import { type SimulatedCommand, type CommandContext, type ShellState, delay } from './command'
import { fileCommands, writeFile } from './file-commands'
import type { Machine } from '../machine/machine'
import { nvidiaSmi } from './nvidia-smi'
import type { SimulatedJobs } from '../machine/pod-jobs'
import { sh } from './scripts'
import { expandWords, parseRedirection, splitList, splitPipes } from './syntax'
import { systemCommands } from './system-commands'
import { TRAIN_LINE_S, TRAIN_STEPS_PER_LINE, trainLine } from '../../world/logs/train-log'

const DEFAULT_STEPS = 100
/** A larger one needs more memory than any GPU has. */
const MAX_BATCH_SIZE = 32

/**
 * `python NAME.py`: prints what a training prints, a line every few seconds, for `--steps N` steps. With a large
 * `--batch-size` it runs out of memory.
 */
const python: SimulatedCommand = async ({ args, machine, signal, write, writeError }) => {
  const [script] = args.filter((arg) => arg.endsWith('.py'))
  if (script === undefined) {
    await writeError('python: this pod is simulated: name a script, such as train.py\n')
    return 2
  }
  const option = (name: string, otherwise: number): number => {
    const at = args.indexOf(name)
    return at < 0 ? otherwise : Number(args[at + 1]) || 0
  }
  const lines = Math.ceil(option('--steps', DEFAULT_STEPS) / TRAIN_STEPS_PER_LINE)
  const isTooLarge = option('--batch-size', 1) > MAX_BATCH_SIZE
  for (let index = 0; index < lines; index += 1) {
    await delay(machine.realMs(TRAIN_LINE_S * 1_000), signal)
    if (signal.aborted) return 130
    if (isTooLarge) {
      await writeError('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 21.47 GiB.\n')
      return 1
    }
    await write(`${trainLine(0, machine.podId, index)}\n`)
  }
  return 0
}

/** How much output of a pipe's left side is buffered for its right side; beyond that it is ended. */
const PIPE_CHARS = 1_000_000

const commands: Readonly<Record<string, SimulatedCommand>> = {
  ...fileCommands,
  ...systemCommands,
  'nvidia-smi': nvidiaSmi,
  python,
  python3: python,
  sh,
  help: async ({ write }) => {
    await write(
      `This pod is simulated. It knows ${Object.keys(commands).sort().join(', ')}, pipes, > and >>.\n`,
    )
    return 0
  },
}

/** A shell's output and keyboard input. */
export interface Console {
  readonly size: CommandContext['size']
  readonly key: CommandContext['key']
  readonly write: CommandContext['write']
  readonly writeError: CommandContext['writeError']
}

export class Shell {
  readonly state: ShellState
  readonly #machine: Machine
  readonly #console: Console
  readonly #jobs: SimulatedJobs
  exitCode: number | null = null
  #lastCode = 0

  constructor(machine: Machine, console: Console, jobs: SimulatedJobs) {
    this.#jobs = jobs
    this.#machine = machine
    this.#console = console
    this.state = { folder: machine.home, variables: new Map(), history: [] }
  }

  /** "root@llama-70b-sft:/workspace# ", colored as on Ubuntu. */
  prompt(): string {
    const name = this.#machine.pod()?.spec.name ?? ''
    const folder = this.state.folder.replace(/^\/root(?=\/|$)/, '~')
    return `\u001B[1;32mroot@${name}\u001B[0m:\u001B[1;34m${folder}\u001B[0m# `
  }

  /** Completions for the last word of `line`: commands or files. */
  completions(line: string): readonly string[] {
    const words = line.split(/\s+/)
    const last = words.at(-1) ?? ''
    if (words.length === 1) return Object.keys(commands).filter((name) => name.startsWith(last))
    const { files } = this.#machine
    const head = last.slice(0, last.lastIndexOf('/') + 1)
    const folder =
      head === '' ? this.state.folder : head.startsWith('/') ? head : `${this.state.folder}/${head}`
    const at = folder === '/' ? '/' : folder.replace(/\/$/, '')
    return (files?.list(at) ?? []).map((name) => head + name).filter((name) => name.startsWith(last))
  }

  /** Runs a line; returns its exit code. `signal` is aborted by Ctrl-C. */
  async run(line: string, signal: AbortSignal): Promise<number> {
    if (line.trim() !== '') this.state.history.push(line)
    for (const { text, after } of splitList(line)) {
      const isSkipped = (after === '&&' && this.#lastCode !== 0) || (after === '||' && this.#lastCode === 0)
      if (isSkipped || signal.aborted || this.exitCode !== null) continue
      this.#lastCode = await this.#runPipeline(text, signal)
    }
    return this.#lastCode
  }

  async #runPipeline(text: string, signal: AbortSignal): Promise<number> {
    const stages = splitPipes(text)
    let input: string | null = null
    let code = 0
    for (const [i, stage] of stages.entries()) {
      const isLast = i === stages.length - 1
      let captured = ''
      const outputLimit = new AbortController()
      const capture = (piece: string) => {
        captured += piece
        if (captured.length > PIPE_CHARS) outputLimit.abort()
        return Promise.resolve()
      }
      const { words, target, isAppend } = parseRedirection(expandWords(stage, (name) => this.#variable(name)))
      const isCaptured = !isLast || target !== null
      const abortCapture = () => outputLimit.abort()
      signal.addEventListener('abort', abortCapture)
      code = await this.#runCommand(
        words,
        input,
        isCaptured ? outputLimit.signal : signal,
        isCaptured ? capture : this.#console.write,
      )
      signal.removeEventListener('abort', abortCapture)
      input = captured
      const { files } = this.#machine
      if (target === null || files === null) continue
      const problem = writeFile({ files, shell: this.state }, target, captured, isAppend)
      if (problem === null) continue
      await this.#console.writeError(`bash: ${problem}\n`)
      code = 1
    }
    return code
  }

  async #runCommand(
    words: readonly string[],
    input: string | null,
    signal: AbortSignal,
    write: CommandContext['write'],
  ): Promise<number> {
    const [name, ...args] = words
    const { files } = this.#machine
    if (name === undefined || files === null) return 0
    if (name === 'exit' || name === 'logout') {
      this.exitCode = Number(args[0] ?? this.#lastCode) || 0
      return this.exitCode
    }
    if (name === 'unset') return 0
    if (name === 'exec') {
      this.exitCode = await this.#runCommand(args, input, signal, write)
      return this.exitCode
    }
    if (name === 'export' || (args.length === 0 && /^\w+=/.test(name))) {
      for (const [variable = '', value = ''] of words.map((word) => word.split(/=(.*)/s, 2))) {
        if (variable !== 'export') this.state.variables.set(variable, value)
      }
      return 0
    }
    const command = Object.hasOwn(commands, name) && this.#hasCommand(name) ? commands[name] : undefined
    if (command === undefined) {
      await this.#console.writeError(`bash: ${name}: command not found\n`)
      return 127
    }
    const { size, key, writeError } = this.#console
    return command({
      args,
      machine: this.#machine,
      files,
      jobs: this.#jobs,
      shell: this.state,
      input,
      signal,
      size,
      key,
      write,
      writeError,
    })
  }

  /** A CPU pod has no GPU driver. */
  #hasCommand(name: string): boolean {
    return name !== 'nvidia-smi' || this.#machine.pod()?.spec.gpu !== null
  }

  #variable(name: string): string {
    if (name === '?') return String(this.#lastCode)
    if (name === 'HOME') return '/root'
    if (name === 'PWD') return this.state.folder
    return this.state.variables.get(name) ?? this.#machine.pod()?.spec.env[name] ?? ''
  }
}
