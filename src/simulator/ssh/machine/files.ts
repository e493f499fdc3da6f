import type { PodRecord } from '../../world/pod-record'

/** A file whose text is computed when it is read, such as a log. */
export interface LiveFile {
  readonly read: () => string
}

export interface SimulatedContent {
  readonly kind: 'file'
  /** Characters of a binary file are bytes. */
  readonly text: string
  /** Set if the text represents a larger file, of zeros. */
  readonly sizeBytes?: number
  readonly isBinary?: true
  /** Unix seconds; absent for a file whose time nobody set. */
  readonly modifiedAtS?: number
}

export type SimulatedFile =
  | { readonly kind: 'folder' }
  | SimulatedContent
  | ({ readonly kind: 'live' } & LiveFile)

type Disk = Map<string, SimulatedFile>

/** Files that users write are kept in memory, so their size is limited. */
export const DISK_CHARS = 256_000_000

/** The files of one pod: its container disk, and its volume where mounted. */
export class Files {
  readonly #container: Disk
  readonly #volume: Disk | null
  readonly #mountPath: string

  constructor(container: Disk, volume: Disk | null, mountPath: string) {
    this.#container = container
    this.#volume = volume
    this.#mountPath = mountPath
  }

  at(path: string): SimulatedFile | null {
    if (path === '/') return { kind: 'folder' }
    return this.#diskOf(path).get(path) ?? null
  }

  /** Names in a folder, sorted. */
  list(folder: string): readonly string[] {
    const head = folder === '/' ? '/' : `${folder}/`
    const paths = [...this.#container.keys(), ...(this.#volume?.keys() ?? [])]
    const names = paths
      .filter((path) => path.startsWith(head) && path !== folder && this.at(path) !== null)
      .map((path) => path.slice(head.length).split('/', 1)[0] ?? '')
    return [...new Set(names)].sort()
  }

  /** Characters in its files, excluding logs. */
  usedChars(): number {
    const entries = [...this.#container.values(), ...(this.#volume?.values() ?? [])]
    return entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.text.length : 0), 0)
  }

  /** Whether so many characters more fit. */
  hasSpaceFor(chars: number): boolean {
    return this.usedChars() + chars <= DISK_CHARS
  }

  /** Creates or replaces a file; its parent folder must exist. */
  put(path: string, entry: SimulatedFile): void {
    this.#diskOf(path).set(path, entry)
  }

  /** Moves it with everything in it. */
  move(from: string, to: string): void {
    const entry = this.at(from)
    if (entry === null) return
    this.put(to, entry)
    if (entry.kind === 'folder')
      for (const name of this.list(from)) this.move(`${from}/${name}`, `${to}/${name}`)
    this.remove(from)
  }

  /** Removes it with everything in it. */
  remove(path: string): void {
    for (const disk of [this.#container, this.#volume]) {
      for (const each of disk?.keys() ?? []) {
        if (each === path || each.startsWith(`${path}/`)) disk?.delete(each)
      }
    }
  }

  #diskOf(path: string): Disk {
    const isMounted = path === this.#mountPath || path.startsWith(`${this.#mountPath}/`)
    return isMounted && this.#volume !== null ? this.#volume : this.#container
  }
}

/** The disks of all pods. A container's files are lost with it, a volume's stay. */
export class Disks {
  readonly #containers = new Map<string, { readonly container: number; readonly disk: Disk }>()
  readonly #volumes = new Map<string, Disk>()

  filesOf(pod: PodRecord, log: LiveFile): Files {
    const { spec } = pod
    const mountPath = mountPathOf(pod)
    const volumeName = spec.network
      ? `volume/${spec.network.volumeId}`
      : spec.persistent
        ? `pod/${pod.id}`
        : null
    const known = this.#containers.get(pod.id)
    const isSame = known?.container === pod.previousContainers
    const container = isSame ? known.disk : containerDisk(pod)
    if (!isSame) this.#containers.set(pod.id, { container: pod.previousContainers, disk: container })
    const volume =
      volumeName === null ? null : (this.#volumes.get(volumeName) ?? new Map<string, SimulatedFile>())
    if (volumeName !== null && volume !== null) this.#volumes.set(volumeName, volume)
    const files = new Files(container, volume, mountPath)
    if (files.at(mountPath) === null) createSampleFiles(files, mountPath)
    files.put(`${mountPath}/train.log`, { kind: 'live', ...log })
    return files
  }
}

/** The mount point of a pod's volume. */
export function mountPathOf({ spec }: PodRecord): string {
  return spec.network?.path ?? spec.persistent?.path ?? '/workspace'
}

function containerDisk({ spec }: PodRecord): Disk {
  const folders = ['/root', '/etc', '/tmp', '/usr', '/usr/bin', '/var', '/var/log']
  return new Map<string, SimulatedFile>([
    ...folders.map((path) => [path, { kind: 'folder' }] as const),
    ['/etc/hostname', file(`${spec.name}\n`)],
    ['/etc/os-release', file('NAME="Ubuntu"\nVERSION="24.04 LTS (simulated)"\nID=ubuntu\n')],
    ['/root/.bashrc', file('export PATH=/usr/local/bin:/usr/bin:/bin\n')],
  ])
}

function createSampleFiles(files: Files, at: string): void {
  const folders = ['', '/data', '/checkpoints', '/checkpoints/step-14000']
  for (const folder of folders) files.put(`${at}${folder}`, { kind: 'folder' })
  files.put(`${at}/README.md`, file('# What runs here\n\n    python train.py --config config.yaml\n'))
  files.put(`${at}/config.yaml`, file('steps: 20000\nbatch_size: 64\nlearning_rate: 2.0e-5\n'))
  files.put(`${at}/train.py`, file('from trainer import main\n\nmain()\n'))
  files.put(`${at}/data/tokens.bin`, { kind: 'file', text: '', sizeBytes: 21_474_836_480 })
  const model = { kind: 'file', text: '', sizeBytes: 14_483_464_192 } as const
  files.put(`${at}/checkpoints/step-14000/model.safetensors`, model)
}

export function bytesOf(entry: SimulatedFile | null): Buffer {
  if (entry === null || entry.kind === 'folder') return Buffer.alloc(0)
  if (entry.kind === 'live') return Buffer.from(entry.read())
  return Buffer.from(entry.text, entry.isBinary ? 'latin1' : 'utf8')
}

export function fileOf(bytes: Buffer): SimulatedContent {
  const text = bytes.toString()
  if (Buffer.from(text).equals(bytes)) return { kind: 'file', text }
  return { kind: 'file', text: bytes.toString('latin1'), isBinary: true }
}

const file = (text: string): SimulatedFile => ({ kind: 'file', text })

/** Resolves `path` relative to `folder`, without dots or a trailing slash; `~` is root's home. */
export function resolvePath(folder: string, path: string): string {
  const whole = path === '~' || path.startsWith('~/') ? `/root${path.slice(1)}` : path
  const parts = (whole.startsWith('/') ? whole : `${folder}/${whole}`).split('/')
  const captured: string[] = []
  for (const part of parts) {
    if (part === '..') captured.pop()
    else if (part !== '' && part !== '.') captured.push(part)
  }
  return `/${captured.join('/')}`
}

export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'
