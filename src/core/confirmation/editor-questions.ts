import { displayName } from '../files/file-name'
import { shortName } from '../pods/pod-name'
import { bad, plain } from './confirmation'
import type { NamedPod } from './file-questions'
import { podLine } from './pod-questions'
import type { Question } from './question-queue'

/* Questions about editors that only main's own window asks. See docs/product-rules.md#134-live-gpus-snippets-editors. */

/** Asked each time: `editor` is its name, `folder` one of the pod. */
export function editPodQuestion(pod: NamedPod, editor: string, folder: string): Question {
  return {
    text: {
      title: `Open ${shortName(pod.name)} in ${editor}?`,
      lines: [
        podLine(pod, pod.accountName),
        plain(`Folder: ${displayName(folder)}`),
        bad(
          'An editor trusts the computer that it is connected to: a pod under someone else’s control can attack this computer through it.',
        ),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Open editor',
      // Enter was pressed right before, in another window.
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** `path`: the person's SSH config; `line`: as it will stand there. */
export function includeHostsQuestion(path: string, line: string): Question {
  return {
    text: {
      title: 'Add a line to your SSH config?',
      lines: [
        plain(`It goes to the beginning of ${path}. Nothing else in that file changes.`),
        plain(
          'With it, ssh and your editors reach your pods by name. Podkeeper keeps their addresses up to date in files of its own.',
        ),
        plain('You can remove it in the same place, “Edit with”.'),
      ],
      script: line,
      scriptLabel: 'Line to add',
      warning: null,
      field: null,
      confirmLabel: 'Add line',
      // Enter was pressed right before, in another window.
      isHarmful: true,
      isDestructive: false,
    },
  }
}

export function removeHostsQuestion(path: string, line: string): Question {
  return {
    text: {
      title: 'Remove the line from your SSH config?',
      lines: [
        plain(`It stands in ${path}. Nothing else in that file changes.`),
        plain('Editors that are open on a pod can’t connect to it again.'),
      ],
      script: line,
      scriptLabel: 'Line to remove',
      warning: null,
      field: null,
      confirmLabel: 'Remove line',
      // Enter was pressed right before, in another window.
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** The command is typed in this window, so that no page and no file can choose what runs here. */
export function editorCommandQuestion(
  current: string | null,
  problem: (typed: string) => string | null,
): Question {
  return {
    text: {
      title: 'Command of another editor',
      lines: [
        plain(`Now: ${current ?? 'none'}`),
        bad('“Edit with” runs this program on this computer, without a shell.'),
        plain('{alias} becomes the pod’s SSH name, and {folder} the folder on it.'),
        plain('For example: emacsclient -n /ssh:{alias}:{folder}'),
      ],
      warning: null,
      field: {
        label: 'Type the program and its arguments. Leave it empty for none.',
        isSecret: false,
        acceptedInputs: null,
      },
      confirmLabel: 'Use this command',
      isHarmful: false,
      isDestructive: false,
    },
    problem,
  }
}
