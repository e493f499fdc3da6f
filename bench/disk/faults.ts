import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

/** What happens at one change of the data folder. Steps count its changes from 1. */
export type Fault =
  | { readonly kind: 'none' }
  /** `kill -9` before the step. */
  | { readonly kind: 'kill'; readonly step: number }
  /** `kill -9` when the step, which writes, wrote its first bytes. */
  | { readonly kind: 'kill-part'; readonly step: number; readonly byte: number }
  /** The disk is full after that many bytes, and stays so. */
  | { readonly kind: 'full'; readonly byte: number }
  /** The step fails once; if it writes, after its first bytes. */
  | { readonly kind: 'fail-once'; readonly step: number; readonly byte: number }
  /** From the step on, nothing can be changed, as after a disk error. */
  | { readonly kind: 'read-only'; readonly step: number }

export const faultText = (fault: Fault): string => JSON.stringify(fault)

/** The program as it ran on one folder. */
export interface ProgramRun {
  readonly started: readonly string[]
  /** Steps that the program counts on. */
  readonly confirmed: readonly string[]
  /** Steps that a person was told did not work, with the reason. */
  readonly refused: ReadonlyMap<string, string>
  /** What else a person was told. */
  readonly told: readonly string[]
  /** Errors that nobody caught. */
  readonly crashes: readonly string[]
  /** Null when it was killed. */
  readonly changes: {
    readonly steps: number
    /** The steps that write bytes. */
    readonly writes: readonly number[]
    readonly writtenBytes: number
  } | null
}

export interface FaultyProgramOptions {
  readonly program: string
  readonly folder: string
  /** Arguments after the folder. */
  readonly args: readonly string[]
  readonly fault?: Fault
  /** Goes before the program, to change what it runs in. */
  readonly runner?: readonly string[]
}

const preload = resolve(import.meta.dirname, 'fault-preload.cjs')

/** Starts the program; see folder-program.ts and migration-program.ts for its arguments. */
export function startProgram(options: FaultyProgramOptions): RunningProgram {
  const { program, folder, args, fault = { kind: 'none' }, runner = [] } = options
  const [command = '', ...rest] = [
    ...runner,
    process.execPath,
    '--require',
    preload,
    program,
    folder,
    ...args,
  ]
  const child = spawn(command, rest, {
    env: { ...process.env, PODKEEPER_FAULT: JSON.stringify({ folder, ...fault }) },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  child.stdin.on('error', () => {})
  const ended = once(child, 'close').then(() => toRun(output, errors, child))
  return {
    child,
    ended,
    go: () => void child.stdin.write('go\n'),
    async becomes(role) {
      const isOver = ended.then(() => true)
      while (!output.includes(`= ${role}\n`))
        if (await Promise.race([isOver, once(child.stdout, 'data').then(() => false)])) break
      return output.includes(`= ${role}\n`)
    },
  }
}

export interface RunningProgram {
  readonly child: ChildProcess
  readonly ended: Promise<ProgramRun>
  go(): void
  /** Whether it has that role, once it is known or the program ended. */
  becomes(role: 'active' | 'passive'): Promise<boolean>
}

/** Runs the program to its end, or until it is killed. */
export const runProgram = (options: FaultyProgramOptions): Promise<ProgramRun> => startProgram(options).ended

function toRun(output: string, errors: string, child: ChildProcess): ProgramRun {
  const lines = output.split('\n')
  const after = (mark: string): string[] =>
    lines.flatMap((line) => (line.startsWith(`${mark} `) ? [line.slice(mark.length + 1)] : []))
  const isKilled = child.signalCode === 'SIGKILL'
  const refused = after('!').map((line) => [line.slice(0, line.indexOf(': ')), line] as const)
  const [changes] = after('#')
  return {
    started: after('>'),
    confirmed: after('<'),
    refused: new Map(refused),
    told: after('~'),
    crashes: [
      ...after('x'),
      ...(isKilled || child.exitCode === 0
        ? []
        : [`it ended with ${child.exitCode ?? child.signalCode}: ${errors}`]),
    ],
    changes: changes === undefined ? null : (JSON.parse(changes) as ProgramRun['changes']),
  }
}
