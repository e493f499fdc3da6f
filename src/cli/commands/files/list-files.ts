import type { CommandRun } from '../../output/command-run'
import { formatBytes, formatMoment } from '../../../core/base/text/format'
import { type FileEntry, modeText } from '../../../core/files/file-entry'
import { displayName, lastName } from '../../../core/files/file-name'
import { entryAt, listRemoteFolder } from '../../../ssh/files/sides/remote-files'
import { SftpError } from '../../../ssh/files/sftp/sftp-error'
import type { OpenFiles } from '../../account/cli-ssh'
import { CliExit, exitCodes } from '../../output/exit'
import { accountJson, iso, JSON_VERSION } from '../../output/json'
import { copyText, listFilesText } from './copy-text'
import type { CopyPath } from './pod-path'
import { type PodSearch, reachPod, type ReachablePod } from './reach-pod'

export interface ListOptions extends PodSearch, Pick<CommandRun, 'isJson'> {
  readonly path: CopyPath
  readonly openFiles: (reached: ReachablePod) => OpenFiles
  /** Unix ms. */
  readonly nowMs: () => number
}

/** Lists a folder of a pod with permissions, sizes and the targets of links. Returns the exit code. */
export async function listFiles(options: ListOptions): Promise<number> {
  const { path, output, isJson, nowMs } = options
  if (path.kind !== 'pod') throw new CliExit(exitCodes.usage, listFilesText.usage)
  const reached = await reachPod(options, path.podQuery)
  const opened = await options.openFiles(reached)(new AbortController().signal)
  if (!opened.ok) {
    const hint = opened.error.kind === 'host-key-untrusted' ? copyText.untrusted(path.podQuery) : ''
    throw new CliExit(exitCodes.failed, listFilesText.notReached(opened.error.reason, hint))
  }
  const { sftp } = opened.value
  const asked = path.path || '.'
  try {
    const entry = await entryAt(asked, sftp.stat)
    if (entry === null) throw new CliExit(exitCodes.failed, listFilesText.notThere(asked))
    const found =
      entry.kind === 'folder' ? await listRemoteFolder(sftp, asked) : [{ ...entry, path: lastName(asked) }]
    const sorted = [...found].sort((one, other) => (one.path < other.path ? -1 : 1))
    if (isJson) output.result(JSON.stringify(listJson(reached, sorted), null, 2))
    else for (const line of listLines(sorted, nowMs())) output.result(line)
    return exitCodes.ok
  } catch (error) {
    if (!(error instanceof SftpError)) throw error
    throw new CliExit(exitCodes.failed, listFilesText.notListed(asked, error.message))
  } finally {
    opened.value.close()
  }
}

function listLines(entries: readonly FileEntry[], nowMs: number): readonly string[] {
  const rows = entries.map((entry) => ({
    entry,
    size: entry.kind === 'file' ? formatBytes(entry.sizeBytes) : '',
    changed: formatMoment(entry.modifiedAtS * 1_000, { nowMs }),
  }))
  const widthOf = (key: 'size' | 'changed'): number => Math.max(0, ...rows.map((row) => row[key].length))
  return rows.map(({ entry, size, changed }) => {
    const target = entry.target === null ? '' : ` -> ${displayName(entry.target)}`
    const columns = [modeText(entry), size.padStart(widthOf('size')), changed.padEnd(widthOf('changed'))]
    return `${columns.join('  ')}  ${displayName(entry.path)}${target}`
  })
}

const listJson = ({ account, pod }: ReachablePod, entries: readonly FileEntry[]) => ({
  version: JSON_VERSION,
  account: accountJson({ id: account.view.id, name: account.name }),
  pod: { id: pod.id, name: pod.name },
  files: entries.map(({ path, kind, sizeBytes, mode, modifiedAtS, target }) => ({
    name: path,
    kind,
    sizeBytes,
    mode: mode.toString(8).padStart(3, '0'),
    modifiedAt: iso(modifiedAtS * 1_000),
    target,
  })),
})
