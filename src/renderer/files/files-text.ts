import { formatBytes, formatDuration, formatMoment, formatNumber } from '../../core/base/text/format'
import { modeText } from '../../core/files/file-entry'
import { displayName } from '../../core/files/file-name'
import type { FolderItem, TransferState, TransferView } from '../../core/files/files-view'
import { copyProgressText, filesText } from '../../core/files/progress-text'
import type { PodView } from '../../core/view/snapshot'

/** "train.py", "train.py, data and 3 more". */
export function itemsText({ names, count }: Pick<TransferView, 'names' | 'count'>): string {
  const shown = names.map(nameText)
  const more = count - shown.length
  if (more > 0) return `${shown.join(', ')} and ${formatNumber(more)} more`
  const last = shown.at(-1) ?? ''
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`
}

/** "To /workspace on llama". */
export function whereText({ direction, place, podName }: TransferView): string {
  if (direction === 'upload')
    return `To ${place === '' ? 'the home folder' : displayName(place)} on ${podName}`
  return `From ${podName} to ${displayName(place)}`
}

const words: Readonly<Record<TransferState['kind'], string>> = {
  waiting: 'Waiting for others to finish',
  connecting: 'Connecting…',
  asking: 'Podkeeper has a question about this connection',
  counting: 'Counting files…',
  copying: 'Copying',
  lost: 'The connection was lost. Connecting again…',
  paused: 'Paused',
  done: 'Done',
  failed: 'Failed',
}

/** What a transfer is doing, or what became of it. */
export function transferText({ state, progress, direction, copied, same }: TransferView): string {
  const far = progress === null ? '' : copyProgressText(progress)
  switch (state.kind) {
    case 'copying':
      return `${direction === 'upload' ? 'Uploading' : 'Downloading'}${far === '' ? '' : `, ${far}`}`
    case 'lost':
    case 'paused':
      return far === '' ? words[state.kind] : `${words[state.kind]}. ${far}`
    case 'failed':
      return state.message
    case 'done': {
      const verb = direction === 'upload' ? 'Uploaded' : 'Downloaded'
      const size = progress === null ? '' : `, ${formatBytes(progress.bytesTotal)}`
      const already = same === 0 ? '' : `. ${filesText(same)} ${same === 1 ? 'was' : 'were'} there already`
      const time = state.tookMs < 1_000 ? '' : ` in ${formatDuration(state.tookMs)}`
      return `${verb} ${filesText(copied)}${size}${time}${already}`
    }
    default:
      return words[state.kind]
  }
}

/** For screen readers: what is worth saying of a change; empty: nothing. */
export function transferNews(before: TransferView | undefined, now: TransferView): string {
  const isNews = before?.state.kind !== now.state.kind
  const { kind } = now.state
  if (!isNews || ['connecting', 'counting', 'waiting'].includes(kind)) return ''
  return `${itemsText(now)}: ${kind === 'copying' ? transferPageText.started(now.direction) : transferText(now)}.`
}

/** Size of a file, or where a link leads. */
export const sizeText = ({ kind, sizeBytes }: FolderItem): string =>
  kind === 'file' ? formatBytes(sizeBytes) : ''
export const changedText = ({ modifiedAtS }: FolderItem, nowMs: number): string =>
  modifiedAtS === 0 ? '' : formatMoment(modifiedAtS * 1_000, { nowMs })
export { modeText }

/** With quotes where its ends could not be seen. */
export function nameText(name: string): string {
  const shown = displayName(name)
  return shown === shown.trim() ? shown : `“${shown}”`
}

/** "→ ../data (folder)"; null: it is no link. */
export function linkText({ kind, target, leadsTo }: FolderItem): string | null {
  if (kind !== 'link') return null
  const where = target === null ? 'unknown' : displayName(target)
  const what = leadsTo === null ? 'broken' : leadsTo === 'folder' ? 'folder' : 'file'
  return `→ ${where} (${what})`
}

/** Why the files of a pod can't be reached; null: they can. */
export function noFilesText({ phase, sshRoute }: Pick<PodView, 'phase' | 'sshRoute'>): string | null {
  if (phase !== 'running') return 'The pod isn’t running. Its files can be reached once it runs.'
  return sshRoute === 'direct'
    ? null
    : 'Files need a direct SSH connection, which this pod doesn’t offer. Expose its port 22/tcp.'
}

export const transferPageText = {
  transfers: 'Transfers',
  couldNotRead: 'Couldn’t read the transfers',
  started: (direction: TransferView['direction']) => (direction === 'upload' ? 'uploading' : 'downloading'),
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  remove: 'Remove from list',
  answer: 'Show question',
  action: (verb: string, items: string) => `${verb}: ${items}`,
  notDone: (items: string) => `Couldn’t change the transfer of ${items}`,
  progressOf: (items: string) => `Progress of ${items}`,
  notAnswered: 'Couldn’t show the question',
  notCopied: (count: number) => `${formatNumber(count)} not copied`,
  more: (count: number) => `and ${formatNumber(count)} more`,
  none: 'Drop files on a pod or a terminal to upload them. A transfer that is interrupted continues where it was.',
} as const

export const filesPageText = {
  gone: 'This pod doesn’t exist anymore',
  goneHelp: 'It was terminated, or its account was removed.',
  showPods: 'Show pods',
  filesOf: (pod: string) => `Files of ${pod}`,
  onPod: 'On the pod',
  here: 'On this computer',
  connectQuestion: 'Podkeeper connects over SSH to list the files of this pod.',
  connect: 'Show files',
  listing: 'Reading…',
  folder: 'Folder',
  up: 'Up one folder',
  refresh: 'Refresh',
  newFolder: 'New folder',
  folderName: 'Name of the new folder',
  create: 'Create',
  rename: 'Rename',
  renameOf: (name: string) => `Rename ${nameText(name)}`,
  newName: (name: string) => `New name of ${nameText(name)}`,
  notRenamed: 'Couldn’t rename',
  delete: 'Delete…',
  deleteOf: (count: number) => `Delete ${counted(count)}…`,
  notDeleted: 'Couldn’t delete',
  badName: 'A name can’t be empty, “.”, “..” or contain “/”',
  notMade: 'Couldn’t create the folder',
  notUploaded: 'Couldn’t upload',
  notDownloaded: 'Couldn’t download',
  notOpened: 'Couldn’t open the folder',
  uploadFiles: 'Upload files…',
  uploadFolder: 'Upload folder…',
  upload: 'Upload',
  uploadTo: (count: number, folder: string) => `Upload ${counted(count)} to ${displayName(folder)}`,
  download: 'Download',
  downloadHere: (count: number) => `Download ${counted(count)}`,
  downloadAs: 'Download…',
  openFolder: 'Open folder…',
  noLocal: 'Open a folder of this computer to copy from it and to it. Podkeeper sees nothing outside of it.',
  empty: 'This folder is empty',
  listOf: (place: string, folder: string) => `${place}: ${displayName(folder)}`,
  leftOut: (count: number) =>
    `${formatNumber(count)} more aren’t shown. Type the path of a folder to open it.`,
  keys: 'Enter opens a folder, Backspace goes up, Space selects. On the pod, F2 renames and Delete deletes.',
  selected: (count: number) => (count === 0 ? '' : `${formatNumber(count)} selected`),
  name: 'Name',
  size: 'Size',
  changed: 'Changed',
  mode: 'Permissions',
  isTop: 'This is the top folder',
  selectFirst: 'Select something in the list first',
  selectOne: 'Select a single item first',
  dropHint: 'Drop files here to upload them.',
} as const

const counted = (count: number): string => (count === 1 ? '1 item' : `${formatNumber(count)} items`)

export const filesPanelText = {
  title: 'Files',
  browse: 'Browse',
  browseOf: (pod: string) => `Browse files of ${pod}`,
  hide: 'Hide',
  hideOf: (pod: string) => `Hide files of ${pod}`,
} as const
