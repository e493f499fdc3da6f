import { type SimulatedCommand, type CommandContext, delay, parseFlags } from './command'
import { type SimulatedFile, type Files, parentOf, resolvePath } from '../machine/files'

const DEFAULT_LINES = 10

export const fileCommands: Readonly<Record<string, SimulatedCommand>> = {
  pwd: async ({ write, shell }) => {
    await write(`${shell.folder}\n`)
    return 0
  },

  cd: async (context) => {
    const path = resolvePath(context.shell.folder, context.args[0] ?? context.machine.home)
    const entry = context.files.at(path)
    if (entry === null) return fail(context, `cd: ${context.args[0] ?? ''}: No such file or directory`)
    if (entry.kind !== 'folder') return fail(context, `cd: ${context.args[0] ?? ''}: Not a directory`)
    context.shell.folder = path
    return 0
  },

  ls: async (context) => {
    const { flags, rest } = parseFlags(context.args)
    let code = 0
    for (const [i, name] of (rest.length === 0 ? ['.'] : rest).entries()) {
      const path = resolvePath(context.shell.folder, name)
      const entry = context.files.at(path)
      if (entry === null) {
        code = await fail(context, `ls: cannot access '${name}': No such file or directory`, 2)
        continue
      }
      const names = entry.kind === 'folder' ? context.files.list(path) : [name]
      const shown = names.filter((each) => flags.has('a') || !each.startsWith('.'))
      if (rest.length > 1 && entry.kind === 'folder') await context.write(`${i > 0 ? '\n' : ''}${name}:\n`)
      if (flags.has('l'))
        await context.write(
          formatLongList(context, entry.kind === 'folder' ? path : parentOf(path), shown, flags),
        )
      else if (shown.length > 0) await context.write(`${shown.join(context.input === null ? '  ' : '\n')}\n`)
    }
    return code
  },

  cat: async (context) => {
    if (context.args.length === 0) await context.write(context.input ?? '')
    return forEachFile(context, 'cat', context.args, (text) => context.write(text))
  },

  head: async (context) => {
    const { count, names } = parseCountArgs(context.args)
    const first = (text: string) => context.write(splitLines(text).slice(0, count).join(''))
    if (names.length === 0) await first(context.input ?? '')
    return forEachFile(context, 'head', names, first)
  },

  tail: async (context) => {
    const { count, names, isFollowing } = parseCountArgs(context.args)
    const last = (text: string) => context.write(count === 0 ? '' : splitLines(text).slice(-count).join(''))
    if (names.length === 0) await last(context.input ?? '')
    const { atMs } = context.machine.logSince(Number.POSITIVE_INFINITY)
    const code = await forEachFile(context, 'tail', names, last)
    const isLive = names.some(
      (name) => context.files.at(resolvePath(context.shell.folder, name))?.kind === 'live',
    )
    if (code === 0 && isFollowing) await follow(context, isLive ? atMs : null)
    return code
  },

  mkdir: async (context) => {
    const { flags, rest } = parseFlags(context.args)
    for (const name of rest) {
      const path = resolvePath(context.shell.folder, name)
      if (context.files.at(path) !== null) {
        if (flags.has('p')) continue
        return fail(context, `mkdir: cannot create directory '${name}': File exists`)
      }
      const missing = ancestors(path).filter((each) => context.files.at(each) === null)
      if (missing.length > 1 && !flags.has('p')) {
        return fail(context, `mkdir: cannot create directory '${name}': No such file or directory`)
      }
      for (const each of missing) context.files.put(each, { kind: 'folder' })
    }
    return 0
  },

  touch: async (context) => {
    for (const name of context.args) {
      const path = resolvePath(context.shell.folder, name)
      if (context.files.at(parentOf(path))?.kind !== 'folder') {
        return fail(context, `touch: cannot touch '${name}': No such file or directory`)
      }
      if (context.files.at(path) === null) context.files.put(path, { kind: 'file', text: '' })
    }
    return 0
  },

  rm: async (context) => {
    const { flags, rest } = parseFlags(context.args)
    for (const name of rest) {
      const path = resolvePath(context.shell.folder, name)
      const entry = context.files.at(path)
      if (entry === null && !flags.has('f')) {
        return fail(context, `rm: cannot remove '${name}': No such file or directory`)
      }
      if (entry?.kind === 'folder' && !flags.has('r'))
        return fail(context, `rm: cannot remove '${name}': Is a directory`)
      context.files.remove(path)
    }
    return 0
  },

  wc: async (context) => {
    const { rest } = parseFlags(context.args)
    const count = (text: string, name = '') =>
      context.write(`${splitLines(text).length}${name && ` ${name}`}\n`)
    if (rest.length === 0) await count(context.input ?? '')
    return forEachFile(context, 'wc', rest, count)
  },

  grep: async (context) => {
    const { flags, rest } = parseFlags(context.args)
    const [wantedEndpoints = '', ...names] = rest
    const fold = (text: string) => (flags.has('i') ? text.toLowerCase() : text)
    let found = 0
    const filter = (text: string) => {
      const lines = splitLines(text).filter(
        (line) => fold(line).includes(fold(wantedEndpoints)) !== flags.has('v'),
      )
      found += lines.length
      return context.write(lines.join(''))
    }
    if (names.length === 0) await filter(context.input ?? '')
    const code = await forEachFile(context, 'grep', names, filter)
    return code === 0 ? Number(found === 0) : 2
  },
}

/** Writes text to the target of `>` or `>>`; returns the error, if any. */
export function writeFile(
  { files, shell }: { readonly files: Files; readonly shell: Pick<CommandContext['shell'], 'folder'> },
  name: string,
  text: string,
  isAppend: boolean,
): string | null {
  const path = resolvePath(shell.folder, name)
  const entry = files.at(path)
  if (entry?.kind === 'folder') return `${name}: Is a directory`
  if (entry?.kind === 'live') return `${name}: Permission denied`
  if (files.at(parentOf(path))?.kind !== 'folder') return `${name}: No such file or directory`
  if (!files.hasSpaceFor(text.length)) return 'write error: No space left on device'
  files.put(path, { kind: 'file', text: (isAppend ? textOf(entry) : '') + text })
  return null
}

async function fail(context: CommandContext, message: string, code = 1): Promise<number> {
  await context.writeError(`${message}\n`)
  return code
}

async function forEachFile(
  context: CommandContext,
  command: string,
  names: readonly string[],
  handleText: (text: string, name: string) => Promise<void>,
): Promise<number> {
  let code = 0
  for (const name of names) {
    const entry = context.files.at(resolvePath(context.shell.folder, name))
    if (entry === null) code = await fail(context, `${command}: ${name}: No such file or directory`)
    else if (entry.kind === 'folder') code = await fail(context, `${command}: ${name}: Is a directory`)
    else await handleText(textOf(entry), name)
  }
  return code
}

/** Follows a log until it is ended; for a file that nothing writes to, it only waits. */
async function follow({ machine, signal, write }: CommandContext, fromMs: number | null): Promise<void> {
  let sinceMs = fromMs ?? Number.POSITIVE_INFINITY
  while (!signal.aborted && machine.pod() !== null) {
    const { lines, atMs, nextMs } = machine.logSince(sinceMs)
    if (lines.length > 0) await write(`${lines.join('\n')}\n`)
    sinceMs = fromMs === null ? sinceMs : atMs
    const waitMs = nextMs === null ? Number.POSITIVE_INFINITY : machine.realMs(nextMs - atMs)
    await delay(Math.min(2_000, Math.max(50, waitMs)), signal)
  }
}

function textOf(entry: SimulatedFile | null): string {
  if (entry === null || entry.kind === 'folder') return ''
  return entry.kind === 'live' ? entry.read() : entry.text
}

const splitLines = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** Parses `-n 5`, `-n5`, `-5`, `-f` and the names. */
function parseCountArgs(args: readonly string[]): {
  count: number
  names: readonly string[]
  isFollowing: boolean
} {
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

function formatLongList(
  context: CommandContext,
  folder: string,
  names: readonly string[],
  flags: ReadonlySet<string>,
): string {
  const at = new Date(context.machine.dateMs())
  const day = `${at.toLocaleString('en', { month: 'short', timeZone: 'UTC' })} ${String(at.getUTCDate()).padStart(2)}`
  const rows = names.map((name) => {
    const entry = context.files.at(folder === '/' ? `/${name}` : `${folder}/${name}`)
    const isFolder = entry?.kind === 'folder'
    const bytes = isFolder
      ? 4_096
      : entry?.kind === 'file' && entry.sizeBytes
        ? entry.sizeBytes
        : textOf(entry).length
    const size = flags.has('h') ? formatSize(bytes) : String(bytes)
    return `${isFolder ? 'drwxr-xr-x' : '-rw-r--r--'} 1 root root ${size.padStart(11)} ${day} 09:00 ${name}\n`
  })
  return `total ${names.length * 4}\n${rows.join('')}`
}

export function formatSize(bytes: number): string {
  const units = ['', 'K', 'M', 'G', 'T']
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1_024 ** power
  return `${power === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)}${units[power] ?? ''}`
}
