import { accountName } from '../../core/view/account-name'
import { podState } from '../../core/view/pod-state'
import type { PodView, Snapshot } from '../../core/view/snapshot'
import { type CommandText, commandText } from '../pod-model/commands/command-text'
import { type PodCommand, podCommands, runPodCommand } from '../pod-model/commands/pod-commands'
import type { PaletteEntry, PaletteLevel, PodCommandEntry } from './palette-entry'
import { paletteText } from './palette-text'
import { paletteWords } from './palette-words-text'

const carefulKinds: readonly PodCommand['kind'][] = [
  'stop',
  'restart',
  'terminate',
  'start',
  'start-when-free',
]

const shortcuts: { readonly [K in PodCommand['kind']]?: string } = { stop: 'S', terminal: 'T' }

/** Commands that ask for their pod, then the pods, then the commands for each pod. */
export function podEntries(snapshot: Snapshot): readonly PaletteEntry[] {
  const commands = snapshot.pods.flatMap((pod) => commandsOf(pod, snapshot))
  const verbs = new Map(commands.map((entry) => [entry.verbId, entry]))
  return [
    ...[...verbs.values()].map(verbEntry),
    ...snapshot.pods.map((pod): PaletteEntry => {
      const name = nameOf(pod, snapshot)
      return {
        id: `pod:${pod.key}`,
        kind: 'pod',
        podKey: pod.key,
        label: name,
        hint: podState(pod).word,
        icon: 'pods',
        choose: { kind: 'pod', podKey: pod.key, title: name },
      }
    }),
    ...commands,
  ]
}

/** The commands of the level, in their order. */
export function levelEntries(
  entries: readonly PaletteEntry[],
  level: PaletteLevel,
): readonly PodCommandEntry[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== 'pod-command') return []
    if (level.kind === 'pod')
      return entry.podKey === level.podKey ? [{ ...entry, label: entry.verbLabel, hint: '' }] : []
    return entry.verbId === level.verbId ? [{ ...entry, label: entry.podName, keywords: '' }] : []
  })
}

function verbEntry({ verbId, verb, keywords, icon, shortcut, isCareful }: PodCommandEntry): PaletteEntry {
  return {
    id: `verb:${verbId}`,
    kind: 'verb',
    verbId,
    label: verb,
    hint: paletteText.action,
    ...(keywords !== undefined && { keywords }),
    ...(shortcut !== undefined && { shortcut }),
    icon,
    choose: { kind: 'verb', verbId, title: verb.replace(/…$/, ''), isCareful },
  }
}

function commandsOf(pod: PodView, snapshot: Snapshot): readonly PodCommandEntry[] {
  const podName = nameOf(pod, snapshot)
  const shared = { kind: 'pod-command', podKey: pod.key, podName, hint: podState(pod).word } as const
  const entry = (
    { id, label, sentence, icon }: CommandText,
    more: Pick<PodCommandEntry, 'keywords' | 'isCareful' | 'shortcut' | 'choose'>,
  ): PodCommandEntry => ({
    ...shared,
    ...more,
    id: `${id}:${pod.key}`,
    verbId: id,
    verb: id === 'like' ? paletteText.likeAPod : paletteText.onAPod(sentence),
    verbLabel: label,
    label: sentence(podName),
    icon,
  })
  const ofPod = podCommands(pod).map((command) => {
    const text = commandText(command, snapshot.atMs)
    const shortcut = shortcuts[command.kind]
    return entry(
      { ...text, label: command.kind === 'keep-on' ? text.sentence('').replace('  ', ' ') : text.label },
      {
        keywords: `${text.label.toLowerCase()} ${paletteWords.verbs[command.kind]}`,
        isCareful: carefulKinds.includes(command.kind),
        ...(shortcut !== undefined && { shortcut }),
        choose: (services) => void runPodCommand(services, pod, command),
      },
    )
  })
  const show = entry(
    { id: 'show', label: paletteText.showInList, sentence: paletteText.show, icon: 'pods' },
    {
      keywords: paletteWords.verbs.show,
      isCareful: false,
      choose: ({ snapshotStore }) => snapshotStore.showPod(pod.key),
    },
  )
  // A snippet is inserted into a new terminal.
  const snippets = entry(
    {
      id: 'snippets',
      label: paletteText.insertASnippet,
      sentence: paletteText.insertSnippet,
      icon: 'terminal',
    },
    {
      keywords: paletteWords.verbs.snippets,
      isCareful: false,
      choose: ({ snapshotStore }) =>
        snapshotStore.openDialog({ kind: 'snippets', podKey: pod.key, terminalId: null }),
    },
  )
  return [...ofPod, show, ...(pod.sshRoute === null ? [] : [snippets])]
}

function nameOf(pod: PodView, snapshot: Snapshot): string {
  const account = accountName(snapshot, pod.accountId)
  return account === null ? pod.name : `${pod.name} · ${account}`
}
