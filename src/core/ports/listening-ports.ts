import { parseJson } from '../base/parse-json'
import { redact } from '../base/text/redact'

/** A TCP port that something on a pod listens on. */
export interface ListeningPort {
  readonly port: number
  /** Null where it can't be seen, such as another user's. */
  readonly processId: number | null
  /** Its command line, as one line; null as above. Hostile, and it may hold secrets: see `commandWithoutSecrets`. */
  readonly command: string | null
}

/** A server of Jupyter, by the file that it wrote for the person who started it. */
export interface JupyterServer {
  readonly port: number
  readonly token: string
}

export interface ListeningReading {
  /** By port. */
  readonly ports: readonly ListeningPort[]
  readonly jupyterServers: readonly JupyterServer[]
}

const MAX_PORTS = 1_000
const MAX_COMMAND_CHARS = 500
const LISTENING = '0A'
const sections = ['sockets', 'descriptors', 'commands', 'jupyter', 'end'] as const

/** What `parseListening` reads. It writes nothing on the pod. `nonce`: a random word. */
export function listeningScript(nonce: string): string {
  const begin = (section: (typeof sections)[number]): string => `echo; echo "<${nonce}:${section}>"`
  return `exec 2>/dev/null
export LC_ALL=C
${begin('sockets')}
cat /proc/net/tcp /proc/net/tcp6
${begin('descriptors')}
ls -l /proc/[0-9]*/fd | grep -e '^/proc/' -e 'socket:'
${begin('commands')}
head -c ${MAX_COMMAND_CHARS} /proc/[0-9]*/cmdline
${begin('jupyter')}
head -c 4096 /dev/null "\${JUPYTER_RUNTIME_DIR:-$HOME/.local/share/jupyter/runtime}"/*server-[0-9]*.json
${begin('end')}`
}

/** Reads the output of `listeningScript`, as far as it is well formed. Null without all sections. */
export function parseListening(output: string, nonce: string): ListeningReading | null {
  const marker = new RegExp(`\n<${nonce}:(?:${sections.join('|')})>\n?`)
  const [, sockets, descriptors, commands, jupyter, end] = output.split(marker)
  if (sockets === undefined || descriptors === undefined || commands === undefined) return null
  if (jupyter === undefined || end === undefined) return null
  const processOf = parseDescriptors(descriptors)
  const commandOf = parseCommands(commands)
  const ports = new Map<number, ListeningPort>()
  for (const { port, inode } of parseSockets(sockets)) {
    const processId = processOf.get(inode) ?? null
    const command = processId === null ? null : (commandOf.get(processId) ?? null)
    // Of the same port for IPv4 and IPv6, one may be another user's.
    if (ports.has(port) && processId === null) continue
    if (ports.size < MAX_PORTS) ports.set(port, { port, processId, command })
  }
  const sorted = [...ports.values()].sort((one, other) => one.port - other.port)
  return { ports: sorted, jupyterServers: parseJupyter(jupyter) }
}

function parseSockets(text: string): { readonly port: number; readonly inode: string }[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    const [, hex] = /^(?:[0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local) ?? []
    const port = Number.parseInt(hex ?? '', 16)
    return state === LISTENING && port > 0 && /^\d+$/.test(inode) ? [{ port, inode }] : []
  })
}

function parseDescriptors(text: string): ReadonlyMap<string, number> {
  const processOf = new Map<string, number>()
  let processId = 0
  for (const line of text.split('\n')) {
    const [, folder] = /^\/proc\/(\d+)\/fd:$/.exec(line) ?? []
    const [, inode] = /socket:\[(\d+)\]$/.exec(line) ?? []
    if (folder !== undefined) processId = Number(folder)
    // Children have the sockets of their parents, which come first.
    else if (inode !== undefined && !processOf.has(inode)) processOf.set(inode, processId)
  }
  return processOf
}

/** The files that `head` prints, by the number in their path. */
function filesIn(text: string, header: RegExp): { readonly id: number; readonly content: string }[] {
  const [, ...parts] = text.split(header)
  return parts.flatMap((id, at) => (at % 2 === 0 ? [{ id: Number(id), content: parts[at + 1] ?? '' }] : []))
}

function parseCommands(text: string): ReadonlyMap<number, string> {
  const files = filesIn(text, /(?:^|\n)==> \/proc\/(\d+)\/cmdline <==\n/)
  return new Map(
    files.map(({ id, content }) => [
      id,
      content
        .replaceAll(/[\0\s]+/g, ' ')
        .trim()
        .slice(0, MAX_COMMAND_CHARS),
    ]),
  )
}

function parseJupyter(text: string): readonly JupyterServer[] {
  const files = filesIn(text, /(?:^|\n)==> .*server-(\d+)\.json <==\n/)
  return files.flatMap(({ content }) => {
    const found = parseJson(content.trim())
    if (typeof found !== 'object' || found === null) return []
    const { port, token } = found as Readonly<Record<string, unknown>>
    return typeof port === 'number' && typeof token === 'string' && isToken(token) ? [{ port, token }] : []
  })
}

const ARGUMENT = /( --?([\w.-]+)[ =])(?!-)[^ ]+/g
const SECRET_NAME = /token(?!iz)|key|secret|passw(?:or)?d/i

/** A command line without what looks like a secret, such as the token of Jupyter. */
export const commandWithoutSecrets = (command: string): string =>
  redact(
    command.replaceAll(ARGUMENT, (whole, start: string, name: string) =>
      SECRET_NAME.test(name) ? `${start}[hidden]` : whole,
    ),
  )

/** What fits into an address as it is. */
export const isToken = (text: string): boolean => /^[\w.~+=-]{1,200}$/.test(text)
