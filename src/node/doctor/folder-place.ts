import { readFileSync, realpathSync, statfsSync } from 'node:fs'
import { dirname, posix, win32 } from 'node:path'

/** Where a folder lies, as far as the system tells. */
export type FolderPlace =
  | { readonly kind: 'local' }
  /** `by`: the file system, such as "nfs4". */
  | { readonly kind: 'network'; readonly by: string }
  /** `by`: the service, such as "Dropbox". */
  | { readonly kind: 'synced'; readonly by: string }

/** File systems that lead to another computer, by their names in Linux. */
const NETWORK_TYPES =
  /^(?:nfs4?|cifs|smb3?|smbfs|9p|afs|ceph|glusterfs|lustre|beegfs|davfs|fuse\.(?:sshfs|rclone|gcsfuse|s3fs|davfs2?|glusterfs|ceph))$/
/** By `statfs`, for a system without a list of mounts. */
const NETWORK_MAGIC: Readonly<Record<number, string>> = {
  0x6969: 'nfs',
  0x517b: 'smb',
  0xfe534d42: 'smb2',
  0xff534d42: 'cifs',
  0x01021997: '9p',
  0x5346414f: 'afs',
  0x00c36400: 'ceph',
}

/** The folders of sync programs, by the name of one part of the path. */
const SYNC_FOLDERS: readonly (readonly [RegExp, string])[] = [
  [/^Dropbox( \(.+\))?$/i, 'Dropbox'],
  [/^OneDrive( ?- ?.+)?$/i, 'OneDrive'],
  [/^(?:iCloudDrive|iCloud Drive|com~apple~CloudDocs|Mobile Documents)$/i, 'iCloud'],
  [/^(?:Google ?Drive|My Drive)$/i, 'Google Drive'],
  [/^Nextcloud$/i, 'Nextcloud'],
  [/^ownCloud$/i, 'ownCloud'],
  [/^pCloud ?Drive$/i, 'pCloud'],
  [/^(?:MEGA|MEGAsync)$/i, 'MEGA'],
  [/^Syncthing$/i, 'Syncthing'],
  [/^CloudStorage$/i, 'a cloud drive'],
]

/** Of a folder that may not exist yet. Never throws. */
export function folderPlace(folder: string, platform: NodeJS.Platform = process.platform): FolderPlace {
  const real = existingPath(folder)
  const synced = syncServiceOf(real, platform)
  if (synced !== null) return { kind: 'synced', by: synced }
  const network = platform === 'win32' ? shareOf(real) : networkTypeOf(real)
  return network === null ? { kind: 'local' } : { kind: 'network', by: network }
}

/** The sync service that a path lies in by its name; null: none that is known. */
export function syncServiceOf(path: string, platform: NodeJS.Platform): string | null {
  const parts = path.split(platform === 'win32' ? win32.sep : posix.sep)
  for (const part of parts)
    for (const [pattern, service] of SYNC_FOLDERS) if (pattern.test(part)) return service
  return null
}

/** A drive letter of a share looks like any other, so only an address of one is known. */
const shareOf = (path: string): string | null => (/^[\\/]{2}[^\\/?.]/.test(path) ? 'a Windows share' : null)

function networkTypeOf(path: string): string | null {
  try {
    const type = fileSystemOf(readFileSync('/proc/self/mountinfo', 'utf8'), path)
    return type !== null && NETWORK_TYPES.test(type) ? type : null
  } catch {
    // Not Linux.
  }
  try {
    return NETWORK_MAGIC[statfsSync(path).type] ?? null
  } catch {
    return null
  }
}

/** The type of the file system that has the path, by Linux's `mountinfo`; null: it doesn't say. */
export function fileSystemOf(mountInfo: string, path: string): string | null {
  let best: { readonly point: string; readonly type: string } | null = null
  for (const line of mountInfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ', 2)
    // Spaces and other characters of a path are octal.
    const point = before
      .split(' ')[4]
      ?.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)))
    const type = after.split(' ')[0]
    if (point === undefined || type === undefined || type === '') continue
    const isAbove = path === point || path.startsWith(point === '/' ? '/' : `${point}/`)
    // Of two at one place, the later one covers the other.
    if (isAbove && (best === null || point.length >= best.point.length)) best = { point, type }
  }
  return best?.type ?? null
}

/** The path, or the nearest folder above it that exists, with links followed. */
function existingPath(path: string): string {
  for (let at = path; ; at = dirname(at)) {
    try {
      return realpathSync(at)
    } catch {
      if (dirname(at) === at) return path
    }
  }
}
