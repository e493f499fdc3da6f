import { editorIds } from '../../../core/editors/editors'

/** What `podkeeper open` and `podkeeper ssh-config` say. */
export const editorsText = {
  unknownEditor: (text: string): string =>
    `“${text}” isn’t one of ${editorIds.join(', ')}, and no command with {alias} among its arguments.`,
  notInstalled: 'That editor isn’t installed here.',
  noneInstalled:
    'No editor was found here. Install VS Code, Cursor or Zed, or give a command: --with "PROGRAM {alias} {folder}"',
  noAlias: 'The pod’s id can’t be part of an SSH name.',
  noFolder: 'The folder must be a full path, such as /workspace.',
  noHome: 'This user has no home folder, where ssh looks for its hosts.',
  noDirect: 'Editors need a direct SSH connection, which the pod does not offer.',
  /** `hint`: what to do, as a sentence; empty: nothing is known. */
  notReached: (name: string, reason: string, hint: string): string =>
    `Podkeeper can’t connect to ${name}: ${reason.replace(/\.$/, '')}. ${hint}`.trim(),
  noKey: 'Podkeeper trusts no key of this pod.',
  toAdd: (path: string): string => `This line goes to the beginning of ${path}:`,
  toRemove: (path: string): string => `This line is removed from ${path}:`,
  nothingElse: 'Nothing else in that file changes.',
  prompt: 'Continue? [y/N] ',
  needsYes: 'Without a terminal, confirm with --yes. Nothing was changed.',
  declined: 'Nothing was changed.',
  opened: (editor: string, alias: string, folder: string): string => `${editor} opens ${folder} on ${alias}.`,
  written: 'ssh and your editors reach these pods by name:',
  removed: 'The line and the hosts were removed.',
  noHosts: 'No pod has a host: each needs direct SSH once, and a host key that you accepted.',
  without: (count: number): string =>
    count === 1
      ? '1 pod has no host, because Podkeeper trusts no key of it yet.'
      : `${count} pods have no host, because Podkeeper trusts no key of them yet.`,
  keptByWatch:
    'A Podkeeper that watches keeps them up to date. Without one, run this again after a pod was restarted.',
}
