import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { type EditorId, knownEditors } from '../../core/editors/editors'
import { type EditorCommand, parseEditorCommand } from '../../core/settings/definitions/editor-command'

/** This computer, on which editors are looked for. */
export interface EditorLocations {
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  /** The command of the settings; null: none. */
  readonly customCommand: () => string | null
}

export interface FoundEditor {
  readonly id: EditorId
  /** "VS Code"; of the command of the settings, its program. */
  readonly name: string
  /** Full path. */
  readonly program: string
  /** The command of the settings, which has its own arguments; null: a known editor. */
  readonly custom: EditorCommand | null
}

/** The editor, if it is installed; otherwise null. */
export function findEditor(id: EditorId, locations: EditorLocations): FoundEditor | null {
  if (id === 'custom') {
    const custom = parseEditorCommand(locations.customCommand() ?? '')
    const program = custom && findProgram(custom.program, locations)
    return custom && program ? { id, name: custom.program, program, custom } : null
  }
  const { name, programs } = knownEditors[id]
  const paths = programs.map((each) => findProgram(each, locations))
  const program = [...paths, ...usualPlaces(id, locations).filter(isProgram)].find((path) => path !== null)
  return program === undefined ? null : { id, name, program, custom: null }
}

/** Only folders that PATH names in full count, and none for administrators, where zed is a part of ZFS. */
function findProgram(name: string, { env, platform }: EditorLocations): string | null {
  if (isAbsolute(name)) return isProgram(name) ? name : null
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter)
  // A batch file would need a shell.
  const file = platform === 'win32' && !/\.exe$/i.test(name) ? `${name}.exe` : name
  const paths = folders
    .filter((folder) => isAbsolute(folder) && !/[\\/]sbin[\\/]?$/.test(folder))
    .map((folder) => join(folder, file))
  return paths.find(isProgram) ?? null
}

/** Where installers put them, for when PATH doesn't say so, as for apps that are started from a desktop. */
function usualPlaces(
  id: keyof typeof knownEditors,
  { home, env, platform }: EditorLocations,
): readonly string[] {
  if (platform === 'darwin') {
    const inside = {
      code: 'Visual Studio Code.app/Contents/Resources/app/bin/code',
      cursor: 'Cursor.app/Contents/Resources/app/bin/cursor',
      zed: 'Zed.app/Contents/MacOS/cli',
    }[id]
    return [
      join('/usr/local/bin', id),
      join('/opt/homebrew/bin', id),
      join('/Applications', inside),
      join(home, 'Applications', inside),
    ]
  }
  if (platform === 'win32') {
    const inside = {
      code: ['Microsoft VS Code', 'Code.exe'],
      cursor: ['cursor', 'Cursor.exe'],
      zed: ['Zed', 'bin', 'zed.exe'],
    }[id]
    const local = env['LOCALAPPDATA']
    return [...(local ? [join(local, 'Programs')] : []), env['ProgramFiles'] ?? 'C:\\Program Files'].map(
      (folder) => join(folder, ...inside),
    )
  }
  return {
    code: [
      '/usr/bin/code',
      '/usr/local/bin/code',
      '/snap/bin/code',
      '/usr/share/code/bin/code',
      '/var/lib/flatpak/exports/bin/com.visualstudio.code',
      join(home, '.local/share/flatpak/exports/bin/com.visualstudio.code'),
    ],
    cursor: [
      '/usr/bin/cursor',
      '/usr/local/bin/cursor',
      '/usr/share/cursor/bin/cursor',
      join(home, '.local/bin/cursor'),
    ],
    zed: [
      join(home, '.local/bin/zed'),
      join(home, '.local/zed.app/bin/zed'),
      '/usr/bin/zeditor',
      '/var/lib/flatpak/exports/bin/dev.zed.Zed',
      join(home, '.local/share/flatpak/exports/bin/dev.zed.Zed'),
    ],
  }[id]
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
