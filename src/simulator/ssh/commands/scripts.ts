import { createHash } from 'node:crypto'
import { gpuQuery, gpuScript } from '../../../core/gpus/gpu-probe'
import { unescapeText } from '../../../core/queue/host/shell-escape'
import { type SimulatedCommand, type CommandContext, simulatedDelay } from './command'
import { bytesOf } from '../machine/files'
import { parseJobScript, runJobScript } from '../machine/job-scripts'
import type { MachineReading } from '../machine/machine'
import { smiRows, uuidOf } from './nvidia-smi'
import { processRows } from './system-commands'
import type { SimulatedDisk } from '../machine/disk-use'

type Context = Pick<CommandContext, 'machine' | 'write'>

const kib = (bytes: number): number => Math.ceil(bytes / 1_024)

/** What `df -kP` prints, with the head line or without. */
function dfLine({ device, path, totalBytes, usedBytes }: SimulatedDisk): string {
  const percent = Math.ceil((usedBytes / totalBytes) * 100)
  return `${device} ${kib(totalBytes)} ${kib(usedBytes)} ${kib(totalBytes - usedBytes)} ${percent}% ${path}\n`
}

/** Answers `diskScript`; null: the script is another one. */
async function printDisks(script: string, { machine, write }: Context): Promise<number | null> {
  const paths = [...script.matchAll(/^q (\S+)$/gm)].map(([, path]) => path)
  if (!script.includes('df -kP') || paths.length === 0) return null
  const disks = machine.disks()
  const [container] = disks ?? []
  if (disks === null || container === undefined) return 1
  // A folder that is no mount is on the disk of `/`.
  const lines = paths.map((path) => dfLine(disks.find((disk) => disk.path === path) ?? container))
  await write(`${lines.map((line) => `disk\n${line}`).join('')}end\n`)
  return 0
}

/** Answers `folderScript`; null: the script is another one. */
async function printFolders(script: string, { machine, write }: Context): Promise<number | null> {
  const [, path] = /^\$t du -xk -d 2 (\S+) /m.exec(script) ?? []
  if (path === undefined) return null
  const disk = machine.disks()?.find((one) => one.path === path)
  if (disk === undefined) return 1
  await write(`folders\n${disk.folders.map((one) => `${kib(one.bytes)}\t${one.path}\n`).join('')}end\n`)
  return 0
}

interface ScriptContext extends Pick<CommandContext, 'machine' | 'signal' | 'jobs'> {
  readonly write: (output: string | Buffer) => Promise<void>
}

/**
 * Runs a script that was sent to `sh`; returns its exit code. It knows those about jobs, and those by which Podkeeper
 * looks inside a pod, finds what listens there and reads its GPUs, and prints what `ps` and `nvidia-smi` show.
 */
export async function runScript(script: string, context: ScriptContext): Promise<number> {
  const { write } = context
  const [, nonce] = /^n=([0-9a-f]+)$/m.exec(script) ?? []
  const [, seconds] = /\/proc\/uptime[\s\S]*^sleep (\d+)$/m.exec(script) ?? []
  if (nonce !== undefined) await write(`\n<${nonce}:begin>\n`)
  const jobScript = parseJobScript(script)
  const run = async (): Promise<number> => {
    if (jobScript !== null) return runJobScript(jobScript, context)
    if (script.includes(gpuScript)) return printGpus(context)
    const answered = (await printDisks(script, context)) ?? (await printFolders(script, context))
    if (answered !== null) return answered
    const hashed = HASH_SCRIPT.exec(script)?.[1]
    if (hashed !== undefined) return printHash(hashed, context)
    return seconds === undefined ? refuse(context) : probe(Number(seconds), context)
  }
  const listening = /^echo; echo "<([0-9a-f]+):sockets>"$/m.exec(script)?.[1]
  const code = listening === undefined ? await run() : await listListening(listening, context)
  if (nonce !== undefined) await write(`\n<${nonce}:end ${code}>\n`)
  return code
}

/** What a copied file is compared by: a path, in parts, and a program that hashes it. */
const HASH_SCRIPT = /^p="\$\(printf '%bx' ((?:'[^']*'(?:\\\n)?)+)\)"$[\s\S]*sha256sum <"\$p"$/m
/** As the script says it. */
const NO_PROGRAM = 3

async function printHash(path: string, { machine, write }: ScriptContext): Promise<number> {
  const file = unescapeText(path.replaceAll(/['\n]|\\\n/g, ''))
  const entry = machine.files?.at(file) ?? null
  if (entry === null && file !== '/dev/null') return 1
  // To hash what it represents would take minutes.
  if (entry?.kind === 'file' && entry.sizeBytes !== undefined) return NO_PROGRAM
  await write(`${createHash('sha256').update(bytesOf(entry)).digest('hex')}  -\n`)
  return 0
}

async function refuse({ write }: Pick<CommandContext, 'write'>): Promise<number> {
  await write('sh: this pod is simulated, and runs no scripts\n')
  return 127
}

async function probe(seconds: number, context: ScriptContext): Promise<number> {
  const { machine, signal, write } = context
  const before = machine.reading()
  if (before === null) return 1
  const startedMs = machine.simulatedMs()
  await write(reading(1, 0, before))
  await simulatedDelay(seconds * 1_000, context)
  const after = machine.reading()
  if (after === null || signal.aborted) return 1
  await write(reading(2, Math.max(seconds, (machine.simulatedMs() - startedMs) / 1_000), after))
  return 0
}

async function printGpus({ machine, write }: ScriptContext): Promise<number> {
  const now = machine.reading()
  if (now === null) return 1
  const rows = processRows(now).filter(({ command }) => command.startsWith('python train'))
  const uses = rows.flatMap(({ pid }) =>
    now.gpus
      .filter(({ utilPercent }) => utilPercent > 4)
      .map((gpu) => `${uuidOf(gpu, machine.podId)}, ${pid}, ${Math.max(1, gpu.memoryUsedMib - 420)}, python`),
  )
  const users = rows.map(({ pid }) => `/proc/${pid} root`)
  const commands = rows.map(({ pid, command }) => `==> /proc/${pid}/cmdline <==\n${command}`)
  const parts = ['processes', ...uses, 'exit 0 0', 'users', ...users, 'commands', ...commands, '']
  await write(
    now.gpus.length === 0 ? 'missing\n' : `gpus\n${smiRows(gpuQuery, now, { machine })}${parts.join('\n')}`,
  )
  return 0
}

const OWN_PID = 41
/** How long the machine has been up at the first reading, in seconds. */
const BOOTED_S = 86_400

/** `afterS`: simulated seconds in which the processes used what they use. */
function reading(number: number, afterS: number, machine: MachineReading): string {
  const rows = [
    ...processRows(machine).map(({ pid, cpuPercent, command }) => ({
      pid,
      parentPid: pid === 1 ? 0 : 1,
      ticks: Math.round(1_000 + cpuPercent * afterS),
      name: command.split(/[ :]/)[0]?.split('/').at(-1) ?? '',
    })),
    { pid: OWN_PID - 1, parentPid: 27, ticks: 1, name: 'sshd' },
    { pid: OWN_PID, parentPid: OWN_PID - 1, ticks: 1, name: 'sh' },
  ]
  const lines = rows.map(
    ({ pid, parentPid, ticks, name }) => `P ${pid} ${parentPid} ${ticks} 0 0 0 ${pid} 4096 4096 0 0 ${name}`,
  )
  const clock = (BOOTED_S + afterS).toFixed(2)
  return `B ${number}\nT ${clock}\nM ${OWN_PID}\n${lines.join('\n')}\nN lo 0 0\nN eth0 1000 1000\nE ${lines.length}\n`
}

/** In hexadecimal: 22 and 8888. */
const listeners = [
  { pid: 27, port: '0016' },
  { pid: 31, port: '22B8' },
]

async function listListening(nonce: string, { machine, write }: ScriptContext): Promise<number> {
  const now = machine.reading()
  if (now === null) return 1
  const commands = processRows(now).filter(({ pid }) => listeners.some((one) => one.pid === pid))
  const sections = {
    sockets: listeners.map(
      ({ pid, port }, at) =>
        `${at}: 00000000:${port} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 ${1_000 + pid}`,
    ),
    descriptors: listeners.flatMap(({ pid }) => [`/proc/${pid}/fd:`, `3 -> socket:[${1_000 + pid}]`]),
    commands: commands.map(
      ({ pid, command }) => `==> /proc/${pid}/cmdline <==\n${command.replaceAll(' ', '\0')}\0`,
    ),
    jupyter: ['==> /root/.local/share/jupyter/runtime/jpserver-31.json <==', SIMULATED_JUPYTER],
    end: [],
  }
  for (const [name, lines] of Object.entries(sections))
    await write(`\n<${nonce}:${name}>\n${lines.join('\n')}\n`)
  return 0
}

const SIMULATED_JUPYTER = JSON.stringify({ pid: 31, port: 8_888, token: 'simulated' })

/** `sh -c`, as far as a script is typed into it after a line that says so. */
export const sh: SimulatedCommand = async (context) => {
  const [, nonce] = /([0-9a-f]+)\.\) eval /.exec(context.args[1] ?? '') ?? []
  if (context.args[0] !== '-c' || nonce === undefined) return refuse(context)
  await context.write(`<${nonce}:ready>\n`)
  const lines: string[] = []
  for (;;) {
    const line = await typedLine(context)
    if (line === null) return 1
    if (line === `${nonce}.`)
      return runScript(lines.join('\n'), { ...context, write: (out) => context.write(String(out)) })
    if (line.startsWith(`${nonce}+`)) lines.push(line.slice(nonce.length + 1))
  }
}

const MAX_WAIT_MS = 60_000

/** Null if nothing is typed any more. */
async function typedLine({ key }: CommandContext): Promise<string | null> {
  let line = ''
  for (;;) {
    const pressed = await key(MAX_WAIT_MS)
    if (pressed === null) return null
    if (pressed === '\n' || pressed === '\r') return line
    line += pressed
  }
}
