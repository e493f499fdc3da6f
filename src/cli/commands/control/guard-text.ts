import { postStartLines } from '../../../core/confirmation/pod-guard-question'
import { plainText } from '../../../core/base/text/plain-text'
import { shellWord } from '../../../core/base/text/shell-word'
import type { ControlledPodView } from '../../../node/control/control-requests'

export const guardText = {
  impossible: 'A pod of this account can’t have a guard.',
  useYes: 'Nothing was done: without a terminal, use --yes.',
  question: 'Go on? (y/N) ',
  nothingDone: 'Nothing was done.',
  howLong: 'Say by how long, such as 2h.',
  working: (pod: string) => `Asking the guard in ${plainText(pod)}…`,
  isStopped: (pod: string) =>
    plainText(`${pod} is stopped, so nothing was installed. Start it with podkeeper start ${shellWord(pod)}`),
  none: (pod: string) => plainText(`${pod} has no guard. Install one with podkeeper guard install ${pod}.`),
  noDeadline: (pod: string) => plainText(`${pod} has no maximum hours, so its guard has no deadline.`),
  whose: 'Say which computer, by the name or id that status shows.',
  noSuchComputer: (whose: string) => plainText(`The guard has nothing from a computer “${whose}”.`),
  useId: (ids: readonly string[]) => `Several have that name. Use an id: ${ids.join(', ')}.`,
  forgetLines: (pod: string, text: string): readonly string[] => [
    plainText(`The guard in ${pod} has from ${text}`),
    'What it set no longer stops the pod or keeps it running. If Podkeeper still runs there, it sets it again.',
  ],
  removed: (pod: string) => `${pod} has no guard now.`,
  proving: (pod: string) =>
    `The guard in ${pod} was asked to stop it. It does that within two minutes if it may.`,
  installLines: (
    { name, stopImpactText }: Pick<ControlledPodView, 'name' | 'stopImpactText'>,
    wish: 'stop' | 'report',
    script: string,
  ): readonly string[] => [
    ...script.trimEnd().split('\n'),
    '',
    plainText(`This script runs in ${name}, with the pod’s own key. Your API key never goes there.`),
    ...(wish === 'stop'
      ? [
          'It stops the pod while no Podkeeper watches it, even if no warning reaches you.',
          plainText(`A stop: ${stopImpactText}`),
        ]
      : ['It only reports what it finds and never stops the pod.']),
  ],
  newPodsLines: (wish: 'stop' | 'report', script: string): readonly string[] => [
    ...script.trimEnd().split('\n'),
    '',
    'This script runs in each pod that is created from now on, with the pod’s own key. Your API key never goes there.',
    ...(wish === 'stop'
      ? [
          'It stops the pod while no Podkeeper watches it, even if no warning reaches you.',
          'Where a stop would lose data that is on no volume, it only reports.',
        ]
      : ['It only reports what it finds and never stops the pod.']),
  ],
  postStartLines: ({ name }: Pick<ControlledPodView, 'name'>): readonly string[] => [
    ...postStartLines.split('\n'),
    '',
    plainText(`These lines go into /post_start.sh in ${name}, if its image runs that. What is there stays.`),
    'The guard then starts with the container, also while no Podkeeper runs. They go with the guard.',
  ],
  proveLines: ({
    name,
    stopImpactText,
  }: Pick<ControlledPodView, 'name' | 'stopImpactText'>): readonly string[] => [
    plainText(`The guard stops ${name} now, which proves that it may. ${stopImpactText}`),
  ],
} as const
