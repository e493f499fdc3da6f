import type { Stock } from '../../../core/pods/catalog'
import { formatDuration, formatGb, formatUsd } from '../../../core/base/text/format'
import { MINUTE_MS } from '../../../core/base/time/time'

export const stockText = {
  words: { none: 'None', low: 'Low', medium: 'Medium', high: 'High' } satisfies Readonly<
    Record<Stock, string>
  >,
  unknown: 'Unknown',
} as const

export const environmentText = {
  label: 'Environment',
  example: 'WANDB_PROJECT=llama\nHF_TOKEN={{ RUNPOD_SECRET_hf }}',
  hint: 'One NAME=value per line. Values aren’t saved; use account secrets for what must survive a restart.',
  copied: (names: readonly string[]) =>
    `Copied from the other pod: ${names.join(', ')}. A line above replaces the one of that name.`,
  addSecret: 'Add secret',
  secrets: 'Account secrets',
} as const

export const sshText = {
  /** `keyCount`: of the keys registered in the account; null while unknown. */
  keys: (keyCount: number | null) =>
    keyCount === null || keyCount === 0
      ? 'For the keys registered in your account.'
      : keyCount === 1
        ? 'For the key registered in your account.'
        : `For the ${keyCount} keys registered in your account.`,
  label: 'SSH',
  ownKey: 'A key for this pod alone',
  ownKeyHint: 'Created for it, and kept on this computer. The keys of your account don’t open the pod then.',
  couldNotCreateKey: 'Couldn’t create a key',
  couldNotRegister: 'Couldn’t register the key',
  noKey: 'Your account has no SSH key, so nobody could connect.',
  createAndRegister: 'Create and register a key…',
  register: (key: string) => `Register ${key}…`,
} as const

export const guardText = {
  title: 'Guard from the first minute',
  autoStop: 'Auto-stop',
  autoStopHint: (afterMin: number) =>
    `After ${formatDuration(afterMin * MINUTE_MS)} of quiet, and two warnings.`,
  maxHours: 'Maximum hours',
  noLimit: 'No limit',
  maxHoursHint: 'Stopped after that time, busy or not.',
  monthlyBudget: 'Monthly budget of this pod',
  none: 'None',
  stopAtBudget: 'Stop when the budget is spent',
  keepRunning: 'Keep running',
  no: 'No',
  allowDataLoss: 'Allow losing data',
  dataLossHint: 'Nothing survives a stop of this pod, so without this it isn’t stopped automatically.',
} as const

export const templateText = {
  loading: 'Loading…',
  choose: 'Choose a template',
  label: 'Template',
  none: 'None',
  find: 'Find a template',
  findHint: 'Name or image',
  noneNamed: 'No template has that name.',
  sets: (names: readonly string[]) => `The template sets ${names.join(', ')}.`,
} as const

export const cpuText = {
  cpu: 'CPU',
  ram: (gbPerVcpu: number) => `${formatGb(gbPerVcpu)} per vCPU`,
  price: (usdPerHour: number | null) =>
    usdPerHour === null ? 'Price unknown' : `${formatUsd(usdPerHour)}/hr`,
  vcpus: 'vCPUs',
} as const

export const portsText = {
  label: 'Ports',
  changePorts: 'Change ports',
  change: 'Change',
  fromTemplate: 'From the template',
  example: '8888/http',
  sshHint: 'One per line. SSH adds 22/tcp.',
  hint: 'One per line, such as 8888/http.',
} as const
