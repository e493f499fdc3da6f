import { plainText } from '../base/text/plain-text'
import { fail, ok, type Result } from '../base/result'
import { commandWithoutSecrets } from '../ports/listening-ports'
import type { GpuProcess, GpuReading, LiveGpu } from './gpu-reading'

/** More than any machine has. */
const MAX_GPUS = 64
const MAX_PROCESSES = 100
const MAX_COMMAND_CHARS = 200
const MAX_NAME_CHARS = 64

const gpuFields = 'index,uuid,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw,power.limit'
export const gpuQuery = `${gpuFields},mig.mode.current,name`
const partNames = ['gpus', 'processes', 'users', 'commands'] as const
type PartName = (typeof partNames)[number]

/**
 * A POSIX `sh` script that prints what nvidia-smi says, for `parseGpus`. It writes nothing. nvidia-smi is killed when
 * it hangs for `limitS`, where the pod has `timeout`. Drivers older than 450 know nothing of MIG and are asked without it.
 */
export const gpuScriptOf = (limitS: number): string => `export LC_ALL=C
command -v nvidia-smi >/dev/null 2>&1 || { echo missing; exit 0; }
t=
timeout 1 true >/dev/null 2>&1 && t='timeout -s KILL ${limitS}'
q() { $t nvidia-smi "--query-$1" --format=csv,noheader,nounits 2>/dev/null; }
o=$(q gpu=${gpuQuery})
c=$?
if [ $c = 2 ]; then
o=$(q gpu=${gpuFields},index,name)
c=$?
fi
printf 'gpus\\n%s\\nprocesses\\n' "$o"
o=
d=$c
if [ $c -lt 124 ]; then
o=$(q compute-apps=gpu_uuid,pid,used_memory,process_name)
d=$?
fi
printf '%s\\nexit %s %s\\n' "$o" $c $d
p=$(printf '%s\\n' "$o" | cut -d , -f 2 | grep '^ *[0-9][0-9]* *$' | sort -un | head -n ${MAX_PROCESSES})
set --
for i in $p; do [ -d /proc/$i ] && set -- "$@" /proc/$i; done
echo users
[ $# = 0 ] || stat -c '%n %U' "$@" 2>/dev/null
echo commands
n=$#
for i; do set -- "$@" $i/cmdline; done
shift $n
[ $# = 0 ] || head -c ${MAX_COMMAND_CHARS} /dev/null "$@" 2>/dev/null
:`

/** How long one question to nvidia-smi may take in the pod, s. */
export const SMI_LIMIT_S = 8
export const gpuScript = gpuScriptOf(SMI_LIMIT_S)

export type GpuProblem =
  | { readonly kind: 'no-nvidia-smi' }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'failed'; readonly exitCode: number }
  | { readonly kind: 'unreadable' }

/** Killed by `timeout`, as GNU's and busybox's report it. */
const KILLED: readonly number[] = [124, 137, 143]

/** Reads the output of `gpuScript`. All of it is hostile. */
export function parseGpus(output: string): Result<GpuReading, GpuProblem> {
  if (output.trim() === 'missing') return fail({ kind: 'no-nvidia-smi' })
  const { parts, exitCodes } = splitParts(output)
  if (exitCodes === null) return fail({ kind: 'unreadable' })
  const [exitCode, processesExitCode] = exitCodes
  const rows = parts.gpus.map(parseGpu)
  const found = rows.filter((row) => row !== null).slice(0, MAX_GPUS)
  if (found.length === 0) {
    if (KILLED.includes(exitCode)) return fail({ kind: 'timed-out' })
    return fail(exitCode === 0 ? { kind: 'unreadable' } : { kind: 'failed', exitCode })
  }
  const gpus = found.map(({ gpu }) => gpu).sort((a, b) => a.index - b.index)
  if (new Set(gpus.map(({ index }) => index)).size < gpus.length) return fail({ kind: 'unreadable' })
  const indexOf = new Map(found.map(({ uuid, gpu }) => [uuid, gpu.index]))
  const uses = parts.processes.map((line) => parseUse(line, indexOf))
  const processes = processesOf(
    uses.filter((use) => use !== null),
    parseUsers(parts.users),
    parseCommands(parts.commands.join('\n')),
  )
  return ok({
    gpus,
    processes: processesExitCode === 0 ? processes.slice(0, MAX_PROCESSES) : null,
    leftOutCount: Math.max(0, processes.length - MAX_PROCESSES),
    unreadLines: rows.length - found.length + uses.filter((use) => use === null).length,
  })
}

/**
 * The parts of the output, each after a line with its name, in this order. Their end is known by the exit codes of both
 * questions to nvidia-smi.
 */
function splitParts(output: string) {
  const parts: Record<PartName, string[]> = { gpus: [], processes: [], users: [], commands: [] }
  let exitCodes: readonly [number, number] | null = null
  let at = -1
  for (const line of output.split('\n')) {
    const codes = partNames[at] === 'processes' ? /^exit (\d{1,3}) (\d{1,3})$/.exec(line) : null
    if (codes !== null) exitCodes = [Number(codes[1]), Number(codes[2])]
    else if (line === partNames[at + 1]) at += 1
    else if (line !== '') parts[partNames[at] ?? 'commands'].push(line)
  }
  return { parts, exitCodes: at === partNames.length - 1 ? exitCodes : null }
}

function parseGpu(line: string): { readonly uuid: string; readonly gpu: LiveGpu } | null {
  const [index, uuid, util, used, total, temperature, power, powerLimit, mig, ...name] = line.split(/, ?/)
  if (!/^\d{1,3}$/.test(index ?? '') || name.length === 0) return null
  if (uuid === undefined || !/^GPU-[0-9a-f-]{8,60}$/i.test(uuid)) return null
  return {
    uuid,
    gpu: {
      index: Number(index),
      name: plainText(name.join(', ')).slice(0, MAX_NAME_CHARS),
      utilPercent: figure(util, 0, 100),
      memoryUsedMib: figure(used, 0, 1e8),
      memoryTotalMib: figure(total, 1, 1e8),
      temperatureC: figure(temperature, -100, 200),
      powerW: figure(power, 0, 10_000),
      powerLimitW: figure(powerLimit, 1, 10_000),
      isDivided: mig === 'Enabled',
    },
  }
}

/** Null for "[N/A]" and its like, for what is no number, and for one that makes no sense. */
function figure(text: string | undefined, min: number, max: number): number | null {
  if (text === undefined || !/^-?\d{1,9}(\.\d{1,3})?$/.test(text)) return null
  const value = Number(text)
  return value >= min && value <= max ? value : null
}

/** What one process uses of one GPU. */
interface GpuUse {
  readonly pid: number
  readonly index: number | null
  readonly memoryMib: number | null
  readonly name: string | null
}

function parseUse(line: string, indexOf: ReadonlyMap<string, number>): GpuUse | null {
  const [uuid = '', pid, memory, ...name] = line.split(/, ?/)
  if (!/^[1-9]\d{0,9}$/.test(pid ?? '') || name.length === 0) return null
  return {
    pid: Number(pid),
    index: indexOf.get(uuid) ?? null,
    memoryMib: figure(memory, 0, 1e8),
    name: shownCommand(name.join(', ')),
  }
}

function processesOf(
  uses: readonly GpuUse[],
  users: ReadonlyMap<number, string>,
  commands: ReadonlyMap<number, string>,
): readonly GpuProcess[] {
  const byPid = new Map<number, GpuProcess>()
  for (const { pid, index, memoryMib, name } of uses) {
    const known = byPid.get(pid)
    byPid.set(pid, {
      pid,
      gpus: [...new Set([...(known?.gpus ?? []), ...(index === null ? [] : [index])])].sort((a, b) => a - b),
      // Without one of its parts the sum is not known.
      memoryMib: known === undefined ? memoryMib : sum(known.memoryMib, memoryMib),
      user: users.get(pid) ?? null,
      command: commands.get(pid) ?? name,
    })
  }
  return [...byPid.values()].sort((a, b) => (b.memoryMib ?? -1) - (a.memoryMib ?? -1) || a.pid - b.pid)
}

const sum = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b)

function parseUsers(rows: readonly string[]): ReadonlyMap<number, string> {
  return new Map(
    rows.flatMap((row) => {
      const [, pid, user] = /^\/proc\/(\d{1,10}) ([\w.@-]{1,32})$/.exec(row) ?? []
      return user === undefined || user === 'UNKNOWN' ? [] : [[Number(pid), user] as const]
    }),
  )
}

/** What `head` prints of several files. */
function parseCommands(text: string): ReadonlyMap<number, string> {
  const [, ...parts] = text.split(/(?:^|\n)==> \/proc\/(\d{1,10})\/cmdline <==(?:\n|$)/)
  const commands = new Map<number, string>()
  for (let at = 0; at < parts.length; at += 2) {
    const command = shownCommand(parts[at + 1] ?? '')
    if (command !== null) commands.set(Number(parts[at]), command)
  }
  return commands
}

/** Null for what says nothing, such as "[Not Found]". */
function shownCommand(text: string): string | null {
  const command = plainText(commandWithoutSecrets(text.replaceAll(/[\0\s]+/g, ' ').trim())).slice(
    0,
    MAX_COMMAND_CHARS,
  )
  return command === '' || /^\[.*\]$/.test(command) ? null : command
}
