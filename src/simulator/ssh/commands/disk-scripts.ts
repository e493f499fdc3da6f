import type { CommandContext } from './command'
import type { SimulatedDisk } from '../machine/disk-use'

type Context = Pick<CommandContext, 'machine' | 'write'>

const kib = (bytes: number): number => Math.ceil(bytes / 1_024)

/** What `df -kP` prints, with the head line or without. */
export function dfLine({ device, path, totalBytes, usedBytes }: SimulatedDisk): string {
  const percent = Math.ceil((usedBytes / totalBytes) * 100)
  return `${device} ${kib(totalBytes)} ${kib(usedBytes)} ${kib(totalBytes - usedBytes)} ${percent}% ${path}\n`
}

/** Answers `diskScript`; null: the script is another one. */
export async function printDisks(script: string, { machine, write }: Context): Promise<number | null> {
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
export async function printFolders(script: string, { machine, write }: Context): Promise<number | null> {
  const [, path] = /^\$t du -xk -d 2 (\S+) /m.exec(script) ?? []
  if (path === undefined) return null
  const disk = machine.disks()?.find((one) => one.path === path)
  if (disk === undefined) return 1
  await write(`folders\n${disk.folders.map((one) => `${kib(one.bytes)}\t${one.path}\n`).join('')}end\n`)
  return 0
}
