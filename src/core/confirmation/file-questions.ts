import type { FileKind } from '../files/file-entry'
import { displayName, joinPath } from '../files/file-name'
import type { NamedItem } from '../files/files-view'
import type { Pod } from '../pods/pod'
import { shortName } from '../pods/pod-name'
import { bad, type ConfirmationLine, plain } from './confirmation'
import { podLine } from './pod-questions'
import type { Question, QuestionText } from './question-queue'

/*
 * Questions before files are copied or deleted, which a page can't answer. Paths are shown as they are, so that a
 * person sees what leaves this computer, or is written to it. See docs/product-rules.md#133-files.
 */

/** The pod of a question. `accountName`: null where there is only one account. */
export interface NamedPod extends Pick<Pod, 'id' | 'name'> {
  readonly accountName: string | null
}

/** Paths that stand among the lines; of more, all of them stand in a list of their own. */
const MAX_LISTED = 8

const listed = (paths: readonly string[]): readonly ConfirmationLine[] =>
  paths.length > MAX_LISTED ? [] : paths.map((path) => plain(displayName(path)))

const listOf = (paths: readonly string[]): Partial<QuestionText> =>
  paths.length > MAX_LISTED
    ? { script: paths.map(displayName).join('\n'), scriptLabel: 'What is copied' }
    : {}

const countText = (count: number): string => (count === 1 ? '1 item' : `${count} items`)

/** `paths`: of this computer. `folder`: of the pod; empty: its home folder. `isOfTerminal`: the pod named it. */
export function uploadQuestion(
  pod: NamedPod,
  paths: readonly string[],
  folder: string,
  isOfTerminal = false,
): Question {
  const where = folder === '' ? 'its home folder' : displayName(folder)
  return {
    text: {
      title: `Upload ${countText(paths.length)} to ${shortName(pod.name)}?`,
      lines: [
        podLine(pod, pod.accountName),
        ...listed(paths),
        plain(`To: ${where}`),
        ...(isOfTerminal ? [plain('The terminal is in this folder, as the pod reports it.')] : []),
        bad('Files of the same name there are replaced. Folders are merged.'),
      ],
      ...listOf(paths),
      warning: null,
      field: null,
      confirmLabel: 'Upload',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** `paths`: of the pod. `folder`: of this computer. */
export function downloadQuestion(pod: NamedPod, paths: readonly string[], folder: string): Question {
  return {
    text: {
      title: `Download ${countText(paths.length)} from ${shortName(pod.name)}?`,
      lines: [
        podLine(pod, pod.accountName),
        ...listed(paths),
        plain(`To: ${displayName(folder)} on this computer`),
        bad('Files of the same name there are replaced. Folders are merged.'),
      ],
      ...listOf(paths),
      warning: null,
      field: null,
      confirmLabel: 'Download',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** `items`: what is in the folder of the pod, all of which is named. */
export function deleteQuestion(pod: NamedPod, folder: string, items: readonly NamedItem[]): Question {
  const kinds = new Set(items.map(({ kind }) => kind))
  return {
    text: {
      title: `Delete ${countText(items.length)} from ${shortName(pod.name)}?`,
      lines: [
        podLine(pod, pod.accountName),
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
