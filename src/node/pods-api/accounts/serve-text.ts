import { formatUsdPerHour } from '../../../core/base/text/format'
import { plainText } from '../../../core/base/text/plain-text'
import { shellWord } from '../../../core/base/text/shell-word'

/** Texts for clients of the Pods API, its commands and agents. Replies have no final period, as on the page. */
export const serveText = {
  nobody: 'No program watches the data folder',
  unusable: {
    silent: 'The program using the data folder does not answer',
    older: 'The program using the data folder is older than this one',
    newer: 'The program using the data folder is newer than this one',
    unproven: 'Another program answers in the place of the one that uses the data folder',
  },
  notRead: (connection: string): string =>
    `The account could not be read yet, so nothing is known of its pods (${connection})`,
  lost: 'It is not known whether this was carried out: the program using the data folder ended. Read the pod',
  notCreated: (pod: string): string => `${pod} was not created`,
  didNotHappen: (action: string): string => `The ${action} did not happen`,
  notAllowed: (action: string, status: string): string => `Cannot ${action} a pod that is ${status}`,
  underWay: (action: string): string => `A ${action} of the pod is under way`,
  noLimit: 'Set a price limit: maxHourlyUsd in the request, or --max-hourly for the token',
  tooExpensive: (gpu: string, usd: number, limit: number): string =>
    `The cheapest ${gpu} costs ${formatUsdPerHour(usd)}, and the limit is ${formatUsdPerHour(limit)}`,
  noOffer: (gpu: string): string => `No ${gpu} with a known price is offered`,
  noKey: (account: string): string => `This program has no key for ${account}, which creating a pod needs`,
  noCatalog: 'The GPUs that are offered could not be read',
  settingForAll:
    'idleAlertMinutes is a setting of all accounts, and this token is for some of them. Change it with podkeeper settings',
  noQueue: 'The queue could not be read',
  jobNotFound: 'Experiment not found',
  notFound: 'Not found',
  /** The command is there to be pasted, and anybody may have named the pod. */
  confirmTerminate: (name: string, account: string): string =>
    `Nothing is done until a person confirms it in Podkeeper, or by: podkeeper terminate ${pastedWord(name)} --account ${pastedWord(account)}`,
  guardAtServer: 'A server keeps this account, so its guards are set there.',
  scheduleAtServer: 'A server keeps this account, so autoScheduleEnabled is set there.',
  asked: {
    termination: (name: string): string =>
      `the termination of ${shortName(name)}, which a person has to confirm`,
    setting: (text: string): string => `a change of settings: ${text}`,
    addJob: (name: string): string => `the job ${name}`,
    addJobThere: (name: string): string => `the job ${name}, which its server is asked for`,
    cancelJob: (name: string): string => `to cancel the job ${name}`,
    cancelJobThere: (name: string): string => `to cancel the job ${name}, which its server is asked for`,
    keepOn: (name: string): string => `to keep ${shortName(name)} running`,
    act: (action: string, name: string): string =>
      `to ${action} ${shortName(name)}, which its server is asked for`,
    endKeepOn: (name: string): string => `to no longer keep ${shortName(name)} running`,
  },
} as const

const pastedWord = (text: string): string => shellWord(plainText(text))

/** A service may name a pod at any length, and the activity log takes 500 characters. */
const shortName = (name: string): string => name.slice(0, 200)
