import { formatUsdPerHour } from '../base/text/format'
import { plainText } from '../base/text/plain-text'
import { listPricePerHourUsd } from '../pods/labs/list-price'
import { type ProviderKind, providerName } from '../settings/account-record'
import { bad, plain } from './confirmation'
import type { Question } from './question-queue'
import type { LabPodChoice } from '../pods/pod-request'

/* Questions about keys and accounts that only main's own window asks. See docs/product-rules.md#9-first-run. */

/** Where the address of the API comes from. */
export type ApiAddressSource = 'default' | 'setting' | 'environment'

export interface ApiAddressQuestionOptions {
  /** The address of the settings; null: Runpod's own. */
  readonly current: string | null
  readonly isEnvironmentSet: boolean
  /** Why a typed address is refused, as a sentence; null when it is accepted. */
  readonly problem: (typed: string) => string | null
}

/** The address is typed in this window, so that no page and no file can choose where a key goes. */
export function apiAddressQuestion({
  current,
  isEnvironmentSet,
  problem,
}: ApiAddressQuestionOptions): Question {
  return {
    text: {
      title: 'Change the address of the API?',
      lines: [
        plain(`Now: ${current ?? 'Runpod’s own address'}`),
        bad('API keys that you paste from now on are sent there. Whoever runs that server can use them.'),
        ...(isEnvironmentSet ? [plain('RUNPOD_API_BASE_URL is set and overrides this setting.')] : []),
      ],
      warning: null,
      field: {
        label: 'Type the whole address. Leave it empty for Runpod’s own.',
        isSecret: false,
        acceptedInputs: null,
      },
      confirmLabel: 'Use this address',
      // Enter counts only once something is typed.
      isHarmful: false,
      isDestructive: false,
    },
    problem,
  }
}

/** Asked before the clipboard is read, for any host but the provider's own and this computer. */
export function sendKeyQuestion(
  host: string,
  source: ApiAddressSource,
  provider: ProviderKind = 'runpod',
): Question {
  const variable = provider === 'runpod' ? 'RUNPOD_API_BASE_URL' : 'HUBIFY_API_BASE_URL'
  return {
    text: {
      title: `Send your API key to ${host}?`,
      lines: [
        bad(
          `This is not ${providerName(provider)}’s own address. Whoever runs it can use your key and spend your money.`,
        ),
        plain(
          source === 'environment'
            ? `It is set by ${variable}, in the environment that Podkeeper was started in.`
            : 'It is set in the settings, under Advanced, Connection.',
        ),
        plain('The clipboard is read only after you agree.'),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Send key',
      isHarmful: true,
      isDestructive: true,
    },
  }
}

/**
 * A key that a page put on the clipboard would make its pods the person's: asked unless it is the first account.
 * `added`: how many pods the account has, or the names of the labs that the key is for.
 */
export function addAccountQuestion(
  keyEnding: string,
  host: string,
  added: number | readonly string[],
): Question {
  const what =
    typeof added === 'number'
      ? `an account that isn’t watched here. It has ${added === 1 ? '1 pod' : `${added} pods`}.`
      : `labs that aren’t watched here: ${added.map(plainText).join(', ')}.`
  return {
    text: {
      title: typeof added === 'number' || added.length === 1 ? 'Add another account?' : 'Add other accounts?',
      lines: [
        plain(`The key ending in ${keyEnding}, at ${host}, is for ${what}`),
        bad(
          'New jobs that name no account can run on its pods, with their files and variables. Add it only if you copied this key yourself.',
        ),
      ],
      warning: null,
      field: null,
      confirmLabel: typeof added === 'number' || added.length === 1 ? 'Add account' : 'Add accounts',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** An account that is not watched any more. */
export interface LeftAccount {
  readonly name: string
  readonly keyEnding: string
  /** Absent: Runpod. */
  readonly provider?: string
}

export function removeAccountQuestion({ name, keyEnding, provider }: LeftAccount): Question {
  return {
    text: {
      title: `Remove the account ${name}?`,
      lines: [
        bad(
          `The key ending in ${keyEnding} is erased here, with the account’s name, budgets and the history of its pods’ use.`,
        ),
        bad('Its pods keep running, but nothing watches or stops them anymore.'),
        plain(
          'Its rules, costs, activity and host keys stay on this computer, and apply again if you add it again.',
        ),
        plain(`At ${providerName(provider)} the key stays valid until you delete it there.`),
        ...(provider === 'hubify' ? [plain('Other labs with the same key keep it.')] : []),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Remove account',
      isHarmful: true,
      isDestructive: true,
    },
  }
}

export function startDemoQuestion(accounts: readonly LeftAccount[]): Question {
  const [first] = accounts
  const isOne = first !== undefined && accounts.length === 1
  return {
    text: {
      title: isOne ? 'Leave your account for the demo?' : 'Leave your accounts for the demo?',
      lines: [
        plain(
          isOne
            ? `The key ending in ${first.keyEnding} is kept. Leave the demo to go back to it.`
            : 'Their keys are kept. Leave the demo to go back to them.',
        ),
        bad('Until then your pods keep running, and nothing watches or stops them.'),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Start demo',
      isHarmful: true,
      isDestructive: true,
    },
  }
}

/** The answer to whether `keyEnding` is for the account of the earlier key decides which rules apply. */
export function sameAccountQuestion(
  keyEnding: string,
  earlierKeyEnding: string,
  isSameAccount: boolean,
): Question {
  const keys = `the key ending in ${keyEnding}`
  return {
    text: isSameAccount
      ? {
          title: 'Keep the rules of the earlier key?',
          lines: [
            plain(
              `You say that ${keys} is for the same account as the earlier one ending in ${earlierKeyEnding}.`,
            ),
            bad('The automatic stops and limits of that account apply to its pods from now on.'),
          ],
          warning: null,
          field: null,
          confirmLabel: 'Keep rules',
          isHarmful: true,
          isDestructive: false,
        }
      : {
          title: 'Start without the earlier rules?',
          lines: [
            plain(
              `You say that ${keys} is for another account than the earlier one ending in ${earlierKeyEnding}.`,
            ),
            bad('Its pods have no automatic stops and no limits until you set them. This answer is final.'),
          ],
          warning: null,
          field: null,
          confirmLabel: 'Start fresh',
          isHarmful: true,
          isDestructive: false,
        },
  }
}

/** `host`: of a web app that is not Hubify's own. */
export function webAppQuestion(host: string, accountName: string): Question {
  return {
    text: {
      title: `Open ${host} in your browser?`,
      lines: [plain(`It is the web app of ${accountName}, as set by HUBIFY_API_BASE_URL.`)],
      warning: null,
      field: null,
      confirmLabel: 'Open page',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** Hubify says what a pod costs only once it runs. */
function labPriceText(gpu: { readonly name: string; readonly count: number }): string {
  const usd = listPricePerHourUsd(gpu)
  return usd === null
    ? 'It costs money from now on. Its price is not known.'
    : `It costs ${formatUsdPerHour(usd, true)} from now on, by Hubify’s list of prices.`
}

/** A new pod costs money at once. Of its environment only the names are shown. */
export function labPodQuestion(
  accountName: string,
  { gpuType, gpuCount, maxHours, image, volumeGb }: LabPodChoice,
  variables: readonly string[],
): Question {
  return {
    text: {
      title: `Create a pod in ${accountName}?`,
      lines: [
        plain(`${gpuCount} × ${gpuType}, ${image}, a volume of ${volumeGb} GB`),
        ...(variables.length === 0 ? [] : [plain(`Variables: ${variables.join(', ')}`)]),
        bad(labPriceText({ name: gpuType, count: gpuCount })),
        maxHours === null
          ? bad('No maximum hours: it runs until someone terminates it.')
          : bad(`Hubify terminates it after ${maxHours} h, which cannot be undone.`),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Create pod',
      isHarmful: true,
      isDestructive: false,
    },
  }
}
