import type { Pod } from '../pods/pod'
import type { EditorCommand } from '../settings/definitions/editor-command'

/** The editors that open folders of a pod over SSH. See docs/product-rules.md#134-live-gpus-snippets-editors. */
export const knownEditors = {
  code: { name: 'VS Code', programs: ['code'] },
  cursor: { name: 'Cursor', programs: ['cursor'] },
  zed: { name: 'Zed', programs: ['zed', 'zeditor'] },
} as const

/** `custom`: the command of the settings. */
export type EditorId = keyof typeof knownEditors | 'custom'

export const editorIds: readonly EditorId[] = ['code', 'cursor', 'zed', 'custom']

/** The arguments that open a folder of a host. `alias` is safe for all of them: see `podAlias`. */
export function editorArguments(
  id: EditorId,
  alias: string,
  folder: string,
  custom: EditorCommand | null,
): readonly string[] {
  switch (id) {
    case 'code':
    case 'cursor':
      return ['--remote', `ssh-remote+${alias}`, folder]
    case 'zed':
      return [`ssh://${alias}${folder.split('/').map(encodeURIComponent).join('/')}`]
    case 'custom':
      return (custom?.args ?? []).map((arg) =>
        arg.replaceAll(/\{(alias|folder)\}/g, (_, name) => (name === 'alias' ? alias : folder)),
      )
  }
}

const MAX_FOLDER = 1_000

/** Whether it is the full path of a folder, without characters that can't be seen. */
export const isRemoteFolder = (path: string): boolean =>
  path.startsWith('/') && path.length <= MAX_FOLDER && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(path)

/** The folder to offer: where a volume is mounted, or the home folder. */
export function usualFolder({ persistentMount, networkMounts, ssh }: Pod): string {
  const mounts = [persistentMount?.path, ...networkMounts.map(({ path }) => path)]
  const user = ssh.direct?.username ?? 'root'
  return (
    mounts.find((path) => path != null && isRemoteFolder(path)) ??
    (user === 'root' ? '/root' : `/home/${user}`)
  )
}
