import { decodeName, encodeName } from './file-name'
import { isAbsolutePodPath } from './files-view'

/*
 * The folder that a shell is in, as the pod reports it: its shell by an OSC sequence, or tmux. All of it is text that
 * anything on the pod may have sent.
 */

/** Null: not reported. */
export interface ReportedFolder {
  /** The computer that it is on. */
  readonly host: string | null
  /** Absolute, in the form of `decodeName`; empty: unknown. */
  readonly path: string | null
}

/** OSC sequences by which shells report their folder. */
export const FOLDER_SEQUENCES = { url: 7, conEmu: 9, iTerm: 1337 } as const

/** Characters of a report; a path has three for each byte at most. */
const MAX_REPORT_CHARS = 16 * 1024
export const MAX_HOST_CHARS = 255

/** Reads the data of such a sequence; null: it says nothing of a folder. */
export function parseFolderReport(code: number, data: string): ReportedFolder | null {
  if (data.length > MAX_REPORT_CHARS) return { host: null, path: '' }
  switch (code) {
    case FOLDER_SEQUENCES.url:
      return fromUrl(data)
    case FOLDER_SEQUENCES.conEmu:
      return data.startsWith('9;') ? { host: null, path: plainPath(data.slice(2)) } : null
    case FOLDER_SEQUENCES.iTerm:
      return fromITerm(data)
    default:
      return null
  }
}

function fromUrl(data: string): ReportedFolder {
  const [, host = '', path] = /^file:\/\/([^/]*)(\/.*)$/s.exec(data) ?? []
  if (path === undefined) return { host: null, path: '' }
  return { host: hostOf(host), path: absolute(percentDecoded(path)) }
}

function fromITerm(data: string): ReportedFolder | null {
  const [, name, value = ''] = /^(CurrentDir|RemoteHost)=(.*)$/s.exec(data) ?? []
  if (name === undefined) return null
  return name === 'CurrentDir'
    ? { host: null, path: plainPath(value) }
    : { host: hostOf(value.slice(value.lastIndexOf('@') + 1)), path: null }
}

const hostOf = (text: string): string | null => {
  const host = text.toLowerCase()
  return host === '' || host === 'localhost' || host.length > MAX_HOST_CHARS ? null : host
}

const absolute = (path: string | null): string => (path !== null && isAbsolutePodPath(path) ? path : '')

const plainPath = (text: string): string =>
  absolute(/^"(.*)"$/s.exec(text)?.[1] ?? text).replace(REPLACED, '')

/** Stands for bytes that were no text, so that the name isn't known. */
const REPLACED = /^.*\ufffd.*$/s

/** The name whose bytes are given as text with "%xx" for some of them; null: it isn't. */
function percentDecoded(text: string): string | null {
  const bytes: number[] = []
  for (const part of text.split(/(%[\da-f]{2})/i)) {
    if (/^%[\da-f]{2}$/i.test(part)) bytes.push(Number.parseInt(part.slice(1), 16))
    else {
      const plain = part.includes('%') || part.includes('\ufffd') ? null : encodeName(part)
      if (plain === null) return null
      bytes.push(...plain)
    }
  }
  return decodeName(Uint8Array.from(bytes))
}

/**
 * The path that tmux prints for `#{pane_current_path}`; null: unknown. tmux escapes what can't be printed by
 * "\", but not "\" itself.
 */
export function parseTmuxFolder(printed: Uint8Array): string | null {
  const path = decodeName(printed).replace(/\n$/, '')
  // oxlint-disable-next-line no-control-regex
  return /[\\\u0000-\u001f\u007f\udc80-\udcff]/.test(path) ? null : absolute(path) || null
}

/** What a shell reported so far. */
export interface FolderState {
  /** That of the first report: the pod's own. */
  readonly ownHost: string | null
  readonly host: string | null
  readonly path: string | null
}

export const noFolder: FolderState = { ownHost: null, host: null, path: null }

export function withFolderReport(before: FolderState, { host, path }: ReportedFolder): FolderState {
  const now = host ?? before.host
  // Where another computer begins or ends, an earlier path says nothing any more.
  const kept = now === before.host ? before.path : null
  return { ownHost: before.ownHost ?? host, host: now, path: path === null ? kept : path || null }
}

/** The folder on the pod; null: not known, or the shell is on another computer, such as after `ssh`. */
export const folderOnPod = ({ ownHost, host, path }: FolderState): string | null =>
  host === ownHost ? path : null
