import { type Command, flagsOf, pause, type Run } from './command'
import { type Entry, parentOf, resolvePath } from './files'

const DEFAULT_LINES = 10
/** What people write is kept in memory, so it has a bound of its own. */
const DISK_CHARS = 16_000_000

export const fileCommands: Readonly<Record<string, Command>> = {
  pwd: async ({ write, shell }) => {
    await write(`${shell.folder}\n`)
    return 0
  },

  cd: async (run) => {
    const path = resolvePath(run.shell.folder, run.args[0] ?? run.machine.home)
    const entry = run.files.at(path)
    if (entry === null) return fail(run, `cd: ${run.args[0] ?? ''}: No such file or directory`)
    if (entry.kind !== 'folder') return fail(run, `cd: ${run.args[0] ?? ''}: Not a directory`)
    run.shell.folder = path
    return 0
  },

  ls: async (run) => {
    const { flags, rest } = flagsOf(run.args)
    let code = 0
    for (const [i, name] of (rest.length === 0 ? ['.'] : rest).entries()) {
      const path = resolvePath(run.shell.folder, name)
      const entry = run.files.at(path)
      if (entry === null) {
        code = await fail(run, `ls: cannot access '${name}': No such file or directory`, 2)
        continue
      }
      const names = entry.kind === 'folder' ? run.files.list(path) : [name]
      const shown = names.filter((each) => flags.has('a') || !each.startsWith('.'))
      if (rest.length > 1 && entry.kind === 'folder') await run.write(`${i > 0 ? '\n' : ''}${name}:\n`)
      if (flags.has('l'))
        await run.write(longList(run, entry.kind === 'folder' ? path : parentOf(path), shown, flags))
      else if (shown.length > 0) await run.write(`${shown.join(run.input === null ? '  ' : '\n')}\n`)
    }
    return code
  },

  cat: async (run) => {
    if (run.args.length === 0) await run.write(run.input ?? '')
    return eachText(run, 'cat', run.args, (text) => run.write(text))
  },

  head: async (run) => {
    const { count, names } = countOf(run.args)
    const first = (text: string) => run.write(linesOf(text).slice(0, count).join(''))
    if (names.length === 0) await first(run.input ?? '')
    return eachText(run, 'head', names, first)
  },

  tail: async (run) => {
    const { count, names, isFollowing } = countOf(run.args)
    const last = (text: string) => run.write(count === 0 ? '' : linesOf(text).slice(-count).join(''))
    if (names.length === 0) await last(run.input ?? '')
    const { atMs } = run.machine.logSince(Number.POSITIVE_INFINITY)
    const code = await eachText(run, 'tail', names, last)
    const isLive = names.some((name) => run.files.at(resolvePath(run.shell.folder, name))?.kind === 'live')
    if (code === 0 && isFollowing) await follow(run, isLive ? atMs : null)
    return code
  },

  mkdir: async (run) => {
    const { flags, rest } = flagsOf(run.args)
    for (const name of rest) {
      const path = resolvePath(run.shell.folder, name)
      if (run.files.at(path) !== null) {
        if (flags.has('p')) continue
        return fail(run, `mkdir: cannot create directory '${name}': File exists`)
      }
      const missing = ancestors(path).filter((each) => run.files.at(each) === null)
      if (missing.length > 1 && !flags.has('p')) {
        return fail(run, `mkdir: cannot create directory '${name}': No such file or directory`)
      }
      for (const each of missing) run.files.put(each, { kind: 'folder' })
    }
    return 0
  },

  touch: async (run) => {
    for (const name of run.args) {
      const path = resolvePath(run.shell.folder, name)
      if (run.files.at(parentOf(path))?.kind !== 'folder') {
        return fail(run, `touch: cannot touch '${name}': No such file or directory`)
      }
      if (run.files.at(path) === null) run.files.put(path, { kind: 'file', text: '' })
    }
    return 0
  },

  rm: async (run) => {
    const { flags, rest } = flagsOf(run.args)
    for (const name of rest) {
      const path = resolvePath(run.shell.folder, name)
      const entry = run.files.at(path)
      if (entry === null && !flags.has('f')) {
        return fail(run, `rm: cannot remove '${name}': No such file or directory`)
      }
      if (entry?.kind === 'folder' && !flags.has('r'))
        return fail(run, `rm: cannot remove '${name}': Is a directory`)
      run.files.remove(path)
    }
    return 0
  },

  wc: async (run) => {
    const { rest } = flagsOf(run.args)
    const count = (text: string, name = '') => run.write(`${linesOf(text).length}${name && ` ${name}`}\n`)
    if (rest.length === 0) await count(run.input ?? '')
    return eachText(run, 'wc', rest, count)
  },

  grep: async (run) => {
    const { flags, rest } = flagsOf(run.args)
    const [wanted = '', ...names] = rest
    const fold = (text: string) => (flags.has('i') ? text.toLowerCase() : text)
    let found = 0
    const filter = (text: string) => {
      const lines = linesOf(text).filter((line) => fold(line).includes(fold(wanted)) !== flags.has('v'))
      found += lines.length
      return run.write(lines.join(''))
    }
    if (names.length === 0) await filter(run.input ?? '')
    const code = await eachText(run, 'grep', names, filter)
    return code === 0 ? Number(found === 0) : 2
  },
}

/** Writes text where `>` and `>>` lead; returns what is wrong with that, if anything. */
export function writeFile(
  { files, shell }: Pick<Run, 'files' | 'shell'>,
  name: string,
  text: string,
  isMore: boolean,
): string | null {
  const path = resolvePath(shell.folder, name)
  const entry = files.at(path)
  if (entry?.kind === 'folder') return `${name}: Is a directory`
  if (entry?.kind === 'live') return `${name}: Permission denied`
  if (files.at(parentOf(path))?.kind !== 'folder') return `${name}: No such file or directory`
  if (files.usedChars() + text.length > DISK_CHARS) return 'write error: No space left on device'
  files.put(path, { kind: 'file', text: (isMore ? textOf(entry) : '') + text })
  return null
}

async function fail(run: Run, message: string, code = 1): Promise<number> {
  await run.complain(`${message}\n`)
  return code
}

async function eachText(
  run: Run,
  command: string,
  names: readonly string[],
  take: (text: string, name: string) => Promise<void>,
): Promise<number> {
  let code = 0
  for (const name of names) {
    const entry = run.files.at(resolvePath(run.shell.folder, name))
    if (entry === null) code = await fail(run, `${command}: ${name}: No such file or directory`)
    else if (entry.kind === 'folder') code = await fail(run, `${command}: ${name}: Is a directory`)
    else await take(textOf(entry), name)
  }
  return code
}

/** Goes on with what is logged, until it is ended; a file that nothing writes to only waits. */
async function follow({ machine, signal, write }: Run, fromMs: number | null): Promise<void> {
  let sinceMs = fromMs ?? Number.POSITIVE_INFINITY
  while (!signal.aborted && machine.pod() !== null) {
    const { lines, atMs, nextMs } = machine.logSince(sinceMs)
    if (lines.length > 0) await write(`${lines.join('\n')}\n`)
    sinceMs = fromMs === null ? sinceMs : atMs
    const waitMs = nextMs === null ? Number.POSITIVE_INFINITY : machine.realMs(nextMs - atMs)
    await pause(Math.min(2_000, Math.max(50, waitMs)), signal)
  }
}

function textOf(entry: Entry | null): string {
  if (entry === null || entry.kind === 'folder') return ''
  return entry.kind === 'live' ? entry.read() : entry.text
}

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** `-n 5`, `-n5`, `-5`, `-f` and the names. */
function countOf(args: readonly string[]): { count: number; names: readonly string[]; isFollowing: boolean } {
  const names: string[] = []
  let count = DEFAULT_LINES
  let isFollowing = false
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? ''
    const [, inline] = /^-(?:n)?(\d+)f?$/.exec(arg) ?? []
    if (inline !== undefined) count = Number(inline)
    else if (arg === '-n') {
      i += 1
      count = Number(args[i] ?? DEFAULT_LINES)
    } else if (!/^-[fF]$/.test(arg)) names.push(arg)
    if (/^-\d*[fF]$/.test(arg)) isFollowing = true
  }
  return { count: Number.isInteger(count) && count >= 0 ? count : DEFAULT_LINES, names, isFollowing }
}

function ancestors(path: string): readonly string[] {
  const parts = path.split('/').slice(1)
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`)
}

function longList(run: Run, folder: string, names: readonly string[], flags: ReadonlySet<string>): string {
  const at = new Date(run.machine.dateMs())
  const day = `${at.toLocaleString('en', { month: 'short', timeZone: 'UTC' })} ${String(at.getUTCDate()).padStart(2)}`
  const rows = names.map((name) => {
    const entry = run.files.at(folder === '/' ? `/${name}` : `${folder}/${name}`)
    const isFolder = entry?.kind === 'folder'
    const bytes = isFolder
      ? 4_096
      : entry?.kind === 'file' && entry.sizeBytes
        ? entry.sizeBytes
        : textOf(entry).length
    const size = flags.has('h') ? sizeOf(bytes) : String(bytes)
    return `${isFolder ? 'drwxr-xr-x' : '-rw-r--r--'} 1 root root ${size.padStart(11)} ${day} 09:00 ${name}\n`
  })
  return `total ${names.length * 4}\n${rows.join('')}`
}

export function sizeOf(bytes: number): string {
  const units = ['', 'K', 'M', 'G', 'T']
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1_024 ** power
  return `${power === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)}${units[power] ?? ''}`
}
