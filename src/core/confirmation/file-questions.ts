import type { FileKind } from '../files/file-entry'
import { displayName, joinPath } from '../files/file-name'
import type { NamedItem } from '../files/files-view'
import type { ConfirmationLine } from './confirmation'
import type { Question } from './question-queue'

/*
 * Questions before files are copied or deleted, which a page can't answer. Paths are shown as they are, so that a
 * person sees what leaves this computer, or is written to it. See docs/product-rules.md#133-files.
 */

const plain = (text: string): ConfirmationLine => ({ tone: 'plain', text })
const bad = (text: string): ConfirmationLine => ({ tone: 'bad', text })

/** Paths that are listed; others are counted. */
const MAX_LISTED = 8

function listed(paths: readonly string[]): readonly ConfirmationLine[] {
  const more = paths.length - MAX_LISTED
  return [
    ...paths.slice(0, MAX_LISTED).map((path) => plain(displayName(path))),
    ...(more > 0 ? [plain(`and ${more} more`)] : []),
  ]
}

const countText = (count: number): string => (count === 1 ? '1 item' : `${count} items`)

/** `paths`: of this computer. `folder`: of the pod; empty: its home folder. `isOfTerminal`: the pod named it. */
export function uploadQuestion(
  podName: string,
  paths: readonly string[],
  folder: string,
  isOfTerminal = false,
): Question {
  const where = folder === '' ? 'its home folder' : displayName(folder)
  return {
    id: JSON.stringify(['upload', podName, folder, paths]),
    text: {
      title: `Upload ${countText(paths.length)} to ${podName}?`,
      lines: [
        ...listed(paths),
        plain(`To: ${where}`),
        ...(isOfTerminal ? [plain('The terminal is in this folder, as the pod reports it.')] : []),
        bad('Files of the same name there are replaced. Folders are merged.'),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Upload',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** `paths`: of the pod. `folder`: of this computer. */
export function downloadQuestion(podName: string, paths: readonly string[], folder: string): Question {
  return {
    id: JSON.stringify(['download', podName, folder, paths]),
    text: {
      title: `Download ${countText(paths.length)} from ${podName}?`,
      lines: [
        ...listed(paths),
        plain(`To: ${displayName(folder)} on this computer`),
        bad('Files of the same name there are replaced. Folders are merged.'),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Download',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** `items`: what is in the folder of the pod, all of which is named. */
export function deleteQuestion(podName: string, folder: string, items: readonly NamedItem[]): Question {
  const kinds = new Set(items.map(({ kind }) => kind))
  return {
    id: JSON.stringify(['delete', podName, folder, items]),
    text: {
      title: `Delete ${countText(items.length)} from ${podName}?`,
      lines: [
        ...items.map(({ name, kind }) => plain(`${displayName(joinPath(folder, name))}${whatText[kind]}`)),
        bad(
          kinds.has('folder')
            ? 'Folders are deleted with everything in them. This can’t be undone.'
            : 'This can’t be undone.',
        ),
        ...(kinds.has('link') ? [plain('What links lead to stays.')] : []),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Delete',
      isHarmful: true,
      isDestructive: true,
    },
  }
}

const whatText: Readonly<Record<FileKind, string>> = {
  file: '',
  folder: ' (folder)',
  link: ' (link)',
  other: ' (no ordinary file)',
}
