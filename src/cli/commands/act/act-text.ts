import { shellWord } from '../../../core/base/text/shell-word'
import type { ControlledPodView } from '../../../node/control/control-requests'

export const actText = {
  inProgress: ({ name, openAction }: ControlledPodView) =>
    `Nothing was done: a ${openAction} of ${name} is already in progress.`,
  alreadyDone: ({ name, phase }: ControlledPodView) => `${name} is already ${phase}.`,
  onlyInWebApp: (pod: string, webApp: string) =>
    `Hubify’s API cannot terminate pods yet, so nothing was done. Terminate ${pod} in the web app: ${webApp}`,
  notNow: (pod: string) => `${pod} can’t be terminated right now. Nothing was done.`,
  bootsIt: ({ name }: ControlledPodView) => `${name} is stopped, so a restart starts it.`,
  startIt: (pod: string) =>
    `Nothing was done: ${pod} is stopped. Start it with podkeeper start ${shellWord(pod)}`,
  needsYes: (pod: string) =>
    `Nothing was done: stopping ${pod} may lose all its data. Without a terminal, confirm with --yes.`,
  askYes: (pod: string) => `Type yes to stop ${pod}: `,
  changed: (pod: string) => `${pod} changed before you answered, so nothing was done.`,
  restarts: ({ stopImpactText }: ControlledPodView) => `Running work will be interrupted. ${stopImpactText}`,
  stops: ({ stopImpactText }: ControlledPodView) =>
    `${stopImpactText} You may not get this GPU back when you start it again.`,
} as const
