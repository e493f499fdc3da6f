import { formatDuration, formatUsd, formatUsdPerHour } from '../../../core/base/text/format'
import { plainText } from '../../../core/base/text/plain-text'
import type { LabPodChoice } from '../../../core/pods/pod-request'

export const createText = {
  noHardware: 'Specify --gpu or --cpu. Nothing was created.',
  savedAsPreset: (name: string) => `Saved as a preset, without variable values: ${plainText(name)}`,
  needsYes: 'This costs money. Without a terminal, confirm with --yes. Nothing was created.',
  askYes: 'Type yes to create it: ',
  noHome: 'No home directory was found, so no SSH key can be created. Set HOME, or leave out --own-key.',
  keyNotMade: (why: string) => `${why} Nothing was created.`,
  takenOver: (pod: string) =>
    `The new pod takes over the rules of ${plainText(pod)}, unless an option says otherwise. Terminal tabs in the app move to it once it can be reached.`,
  storageOptions: '--persistent or --volume',
  /** `line`: of a file, from 1; null without one. */
  problem: (option: string, line: number | null, message: string) =>
    `${option}${line === null ? '' : `, line ${line}`}: ${message}`,
  problems: (lines: readonly string[]) => `${lines.join('\n')}\nNothing was created.`,
  /** For a dry run. */
  request: (hardware: string, body: unknown) =>
    `# ${plainText(hardware)}\nPOST /v2/pods\n${JSON.stringify(body, null, 2)}`,
  title: (pod: string, account: string, image: string) => `${pod} in ${plainText(account)}, from ${image}`,
  variables: (names: readonly string[]) => `Variables: ${names.join(', ')}`,
  /** The price of one hardware of those that are tried in order. */
  price: (index: number, hardware: string, perHourUsd: number | null) =>
    `${index === 0 ? 'With' : 'or'} ${hardware}: ${perHourUsd === null ? 'price unknown' : `${formatUsdPerHour(perHourUsd)}, disks included`}`,
  upToMaxHours: (usd: number) => `Until its maximum hours: ${formatUsd(usd)}`,
  balanceLasts: (ms: number) => `At that rate, your balance lasts ${formatDuration(ms)}`,
} as const

/** What is created in a lab, and when it ends. */
export const labPodText = {
  title: (account: string, { gpuType, gpuCount, image, volumeGb }: LabPodChoice) =>
    `A pod in ${plainText(account)}: ${gpuCount} × ${gpuType}, ${plainText(image)}, a volume of ${volumeGb} GB`,
  /** By Hubify's price list, which is approximate. `maxHours`: null without a limit. */
  price: (usd: number, maxHours: number | null) =>
    `Costs about ${formatUsdPerHour(usd)}${maxHours === null ? '' : `, at most about ${formatUsd(usd * maxHours)} in ${maxHours} h`}, by Hubify’s approximate list prices`,
  /** `maxHours`: null without a limit. */
  end: (maxHours: number | null) =>
    maxHours === null
      ? 'It runs, and costs money, until someone terminates it. To limit that, use --max-hours.'
      : `Hubify terminates it after ${maxHours} h. This can’t be undone.`,
} as const

/** What is found by its name, and the command that lists it. */
const kinds = {
  gpuType: { name: 'GPU type', command: 'podkeeper gpus' },
  cpu: { name: 'CPU', command: null },
  template: { name: 'template', command: 'podkeeper templates' },
  networkVolume: { name: 'network volume', command: 'podkeeper volumes' },
} as const
export type FoundKind = keyof typeof kinds

/** Why options can’t be used. */
export const createOptionText = {
  maxPriceAlone: '--max-price works only with --when-free.',
  twoDisks: 'A pod has a persistent disk or a network volume, not both.',
  /** `nothing`: what was not done, as a sentence. */
  none: (kind: FoundKind, asked: string, nothing: string) => {
    const { name, command } = kinds[kind]
    return `There is no ${name} ${asked}. ${command === null ? '' : `To list them, run ${command}. `}${nothing}`
  },
  several: (kind: FoundKind, asked: string, names: readonly string[], nothing: string) =>
    `Several ${kinds[kind].name}s match ${asked}: ${names.join(', ')}. Use the id of one. ${nothing}`,
  unsetVariable: (name: string) =>
    `${plainText(name)} isn’t set in your environment. Set it there, or give its value with --env NAME=VALUE.`,
  severalLines: 'A value of --env has more than one line.',
  fileNotRead: (why: string) => `The file of --env-file cannot be read: ${why}.`,
} as const

export const rebuildText = {
  notHere: 'Pods of this account cannot be rebuilt here.',
  variablesHidden: (pod: string) =>
    `This key has no permission to read the variables of ${plainText(pod)}, so it cannot be rebuilt.`,
} as const

/** How a create ended, as sentences. */
export const createOutcomeText = {
  unknown: (why: string) =>
    `${why} It is not known whether the pod was created. Podkeeper keeps looking for it while it runs. To check, run podkeeper status`,
  lost: (why: string) => `${why} It is not known whether the pod was created. To check, run podkeeper status`,
  waiting: (hint: string) => `Waiting for a free GPU · ${hint} to cancel`,
  created: (pod: string, id: string) => `${pod} (${plainText(id)}) was created.`,
  rulesLater: 'Its rules apply once Podkeeper sees it.',
  canceled: (pod: string) => `${pod} was not created: it was canceled.`,
  notCreated: (pod: string, message: string, lacksCapacity: boolean) =>
    `${pod} was not created. ${message} ${
      lacksCapacity ? 'To wait until one is free, use --when-free with --max-price and --max-hours.' : ''
    }`.trim(),
  noResponse: 'There was no clear response.',
  programLost: 'The program carrying this out quit or stopped responding.',
} as const

/** What became of a new pod that was waited for, after `elapsedMs`, and the texts shown meanwhile. */
export const progressEndText = {
  creating: (pod: string | undefined) => `${plainText(pod ?? 'The pod')} is being created`,
  step: (pod: string, step: string) => `${plainText(pod)}: ${step}`,
  problem: (pod: string, title: string, advice: string) => `${plainText(pod)}: ${title}. ${advice}`,
  notStarted: (isInError: boolean) =>
    `It ${isInError ? 'has an error' : 'is stopped'}: to see why, run podkeeper logs.`,
  problemLasts: (title: string, elapsedMs: number) =>
    `${title}, and it isn’t usable after ${formatDuration(elapsedMs)}. You may already be paying for it: edit or terminate it.`,
  sshReachable: (elapsedMs: number) =>
    `It is running, and SSH is reachable after ${formatDuration(elapsedMs)}.`,
  running: (elapsedMs: number) => `It is running after ${formatDuration(elapsedMs)}.`,
  containerUnknown: (elapsedMs: number) =>
    `It is reported as running after ${formatDuration(elapsedMs)}. Whether its container is up isn’t known.`,
  sshUnknown: (elapsedMs: number) =>
    `It is running after ${formatDuration(elapsedMs)}. Whether SSH is reachable isn’t known.`,
  sshMissing: (elapsedMs: number) =>
    `It is running, but SSH isn’t reachable after ${formatDuration(elapsedMs)}.`,
  notRunning: (elapsedMs: number) =>
    `It is not running after ${formatDuration(elapsedMs)}. You may already be paying for it: check its log with podkeeper logs, or stop it.`,
} as const

/** Why a preset can’t be used or saved. */
export const presetText = {
  isNone: (nameOrPath: string) => `${plainText(nameOrPath)} is not a preset. Nothing was created.`,
  needsVariables: (names: readonly string[]) =>
    `The preset has no values for its variables. Add ${names.map((name) => `--env ${name}`).join(' ')}. Nothing was created.`,
  notListed: (why: string) => `${why} Nothing was created.`,
  tooLarge: 'it is too large',
  notRead: (why: string) => `The preset cannot be read: ${why}. Nothing was created.`,
  notWritten: (why: string) => `The preset cannot be written: ${why}. Nothing was created.`,
} as const
