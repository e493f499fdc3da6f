import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../log.mjs'
import { inProject, readJson } from '../project.mjs'
import { renderIcon } from '../render-icon.mjs'
import { run, tail } from '../run.mjs'

const ICON_PX = 256

/**
 * Makes the installer of Windows of `folder`, the packaged app, with NSIS. Returns its path, in `out`. `arch`: as Node
 * names it, and the feed of releases (src/core/updates/release-feed.ts).
 */
export async function makeWindowsInstaller({ folder, out, arch }) {
  const { version } = readJson(inProject('package.json'))
  const file = join(out, `Podkeeper-${version}-win32-${arch}.exe`)
  const temporary = mkdtempSync(join(tmpdir(), 'podkeeper-installer-'))
  try {
    const icon = join(temporary, 'podkeeper.ico')
    writeFileSync(icon, iconFile(renderIcon(inProject('resources/icon.svg'), ICON_PX)))
    const values = {
      VERSION: version,
      NUMERIC_VERSION: version.replace(/[^\d.].*$/, ''),
      APP: folder,
      ICON: icon,
      SIZE_KB: Math.ceil(sizeOf(folder) / 1024),
      OUT: file,
    }
    const definitions = Object.entries(values).map(([name, value]) => `-D${name}=${value}`)
    const args = [
      '-WX',
      '-V2',
      '-INPUTCHARSET',
      'UTF8',
      ...definitions,
      inProject('resources/windows/installer.nsi'),
    ]
    const { code, output } = await run('makensis', args)
    if (code === null)
      throw new UserError('The installer of Windows needs NSIS: makensis is not on the PATH.')
    if (code !== 0) throw new UserError(`makensis failed:\n${tail(output)}`)
    return file
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

const sizeOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)

/** An .ico file of one picture, which is a PNG of 256 pixels. */
function iconFile(png) {
  const header = Buffer.alloc(22)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(1, 4)
  // A width and height of 0 mean 256.
  header.writeUInt16LE(1, 10)
  header.writeUInt16LE(32, 12)
  header.writeUInt32LE(png.length, 14)
  header.writeUInt32LE(header.length, 18)
  return Buffer.concat([header, png])
}
