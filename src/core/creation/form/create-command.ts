import { plainText } from '../../base/text/plain-text'
import { shellWord } from '../../base/text/shell-word'
import { parseVariable } from '../../pods/pod-request'
import { secretNameIn } from '../create-plan'
import type { KeepOnChoice } from '../../pod-rules/pod-rules'
import { usualWaitHours, type PodForm } from './pod-form'

const keepNames: Readonly<Record<KeepOnChoice, string>> = {
  '1-hour': '1h',
  '4-hours': '4h',
  morning: 'morning',
  'until-told': 'always',
}

/**
 * The command that creates what the form says. It has no value of a variable: these are taken from the environment in
 * which it is run, by name. A preset may come from anybody, so no control character is in it: a terminal would obey
 * those as it is pasted. `account`: null where there is only one; `copied`: variables of another pod.
 */
export function createCommand(form: PodForm, account: string | null, copied: readonly string[] = []): string {
  const words = ['podkeeper', 'create', ...(account === null ? [] : [account]), ...optionsOf(form, copied)]
  return words.map((word) => shellWord(plainText(word))).join(' ')
}

function optionsOf(form: PodForm, copied: readonly string[]): readonly string[] {
  const { storage, whenFree, keepOn } = form
  const own = (flag: string, value: string | null): readonly string[] =>
    value === null || value.trim() === '' ? [] : [flag, value.trim()]
  const is = (flag: string, isOn: boolean): readonly string[] => (isOn ? [flag] : [])
  return [
    ...(form.hardware === 'cpu'
      ? [...own('--cpu', form.cpuFlavorId), '--vcpus', String(form.vcpuCount)]
      : [...own('--gpu', form.gpuTypeIds.join(',')), '--count', String(form.gpuCount)]),
    ...own('--cloud', cloudName(form)),
    ...list('--data-center', form.dataCenterIds),
    ...own('--template', form.templateId),
    ...own('--image', form.image),
    ...(form.args === null ? [] : ['--args', form.args]),
    ...own('--name', form.name),
    ...own('--disk', form.containerDiskGb),
    ...(storage.kind === 'persistent' ? own('--persistent', storage.sizeGb) : []),
    ...(storage.kind === 'network' ? own('--volume', storage.volumeId) : []),
    ...('path' in storage ? own('--mount', storage.path) : []),
    ...list('--env', environmentWords(form.environment, copied)),
    ...list('--port', portWords(form.ports)),
    ...list('--cuda', form.allowedCudaVersions),
    ...own('--min-cuda', form.minCudaVersion),
    ...own('--registry', form.registryId),
    ...is('--no-ssh', !form.hasSsh),
    ...is('--own-key', form.hasSsh && form.hasOwnKey),
    ...is('--jupyter', form.hasJupyter),
    ...is('--global-networking', form.hasGlobalNetworking),
    ...own('--max-hours', form.maxHours),
    ...own('--budget', form.monthlyBudgetUsd),
    ...is('--stop-at-budget', form.isStoppedAtBudget),
    ...is('--auto-stop', form.isAutoStopped),
    ...own('--keep', keepOn === null ? null : keepNames[keepOn]),
    ...is('--allow-data-loss', form.mayLoseData),
    ...(whenFree === null
      ? []
      : [
          '--when-free',
          ...own('--max-price', whenFree.maxPerHourUsd),
          ...own('--wait-hours', whenFree.waitHours || usualWaitHours),
        ]),
    ...is('--over-budget', form.mayExceedBudget),
  ]
}

const cloudName = ({ clouds }: PodForm): string =>
  clouds.length > 1 ? 'any' : clouds.includes('COMMUNITY') ? 'community' : 'secure'

/** Ends before the next option, since it takes several words. */
const list = (flag: string, words: readonly string[]): readonly string[] =>
  words.length === 0 ? [] : [flag, ...words]

/** References to secrets as they are, and of all others the name. */
function environmentWords(environment: string, copied: readonly string[]): readonly string[] {
  const words = new Map(copied.map((name) => [name, name]))
  for (const line of environment.split(/\r?\n/)) {
    const variable = parseVariable(line)
    if (variable === null) continue
    const { name, value } = variable
    words.set(name, secretNameIn(value) === null ? name : `${name}=${value}`)
  }
  return [...words.values()]
}

const portWords = (ports: string | null): readonly string[] =>
  (ports ?? '').split(/[\n,]/).flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))
