import { plainText } from '../../../core/base/text/plain-text'
import { formatUsd } from '../../../core/base/text/format'
import type { CleanUpPart, CleanUpView } from '../../../core/clean-up/clean-up-view'
import { monthlyText, stoppedText, unmountedText } from '../../../core/clean-up/clean-up-text'
import type { AccountFailure } from '../../account/account'
import { span, type StyledLine } from '../../output/color'
import { accountJson, iso, JSON_VERSION, type NamedAccount } from '../../output/json'
import { type Column, tableLines } from '../../output/table'
import { sizeText } from '../catalog/catalog-text'

export interface AccountLeftovers {
  readonly account: NamedAccount
  readonly view: CleanUpView
}

/** One row of a list. */
interface LeftoverLine {
  readonly name: string
  readonly id: string
  readonly facts: string
  /** USD; null: not known. Absent: it costs nothing. */
  readonly perMonthUsd?: number | null
}

const column = (
  title: string,
  cell: (row: LeftoverLine) => string,
  dropPriority: number,
  align: 'left' | 'right' = 'left',
): Column<LeftoverLine> => ({
  title,
  align,
  dropPriority,
  minWidth: align === 'left' ? 8 : null,
  cell: (row) => span(plainText(cell(row))),
})

const columns: readonly Column<LeftoverLine>[] = [
  column('NAME', ({ name }) => name, 0),
  column('ID', ({ id }) => id, 2),
  column('DETAILS', ({ facts }) => facts, 1),
  column(
    '$/MONTH',
    ({ perMonthUsd }) =>
      perMonthUsd === undefined ? '' : perMonthUsd === null ? '?' : formatUsd(perMonthUsd),
    3,
    'right',
  ),
]

export const leftoverListText = {
  volumes: 'Network volumes that no pod mounts',
  pods: 'Pods stopped for 14 days or more',
  unclearPods: 'Stopped pods, not known for how long; in no total',
  templates: 'Templates with secrets in plain text',
  keys: 'SSH keys that are not on this computer',
  none: 'none',
  public: 'public',
  endpoints: 'Serverless endpoints may use a volume without a pod.',
  total: (view: CleanUpView) => `Unused volumes and pods: ${monthlyText(view.total)}`,
} as const

function sectionLines(
  title: string,
  part: CleanUpPart<LeftoverLine> | undefined,
  width: number,
): readonly StyledLine[] {
  if (part === undefined) return []
  const head: StyledLine = [span(title, 'strong')]
  if (part.kind === 'unknown') return [head, [span(plainText(part.why), 'dim')], []]
  return [
    head,
    ...(part.items.length === 0 && part.gap === null ? [[span(leftoverListText.none, 'dim')]] : []),
    ...(part.items.length === 0 ? [] : tableLines(columns, part.items, width)),
    ...(part.gap === null ? [] : [[span(part.gap, 'dim')]]),
    [],
  ]
}

function mapped<T>(
  part: CleanUpPart<T> | undefined,
  toLine: (item: T) => LeftoverLine,
): CleanUpPart<LeftoverLine> | undefined {
  return part?.kind === 'read' ? { ...part, items: part.items.map(toLine) } : part
}

/** What one account may have left over, as lines of at most `width` columns. */
function leftoverLines(view: CleanUpView, width: number): readonly StyledLine[] {
  const { atMs, volumes, pods, unclearPods, templates, keys } = view
  const toPodLine = ({ id, name, perMonthUsd, stoppedSinceMs }: (typeof unclearPods)[number]) => ({
    id,
    name,
    perMonthUsd,
    facts: stoppedText(stoppedSinceMs, atMs),
  })
  return [
    ...sectionLines(
      leftoverListText.volumes,
      mapped(volumes, ({ id, name, sizeGb, dataCenterId, perMonthUsd, unusedSinceMs }) => ({
        id,
        name,
        perMonthUsd,
        facts: [sizeText(sizeGb), dataCenterId, unmountedText(unusedSinceMs, atMs)]
          .filter((fact) => fact !== null)
          .join(', '),
      })),
      width,
    ),
    ...sectionLines(leftoverListText.pods, mapped(pods, toPodLine), width),
    ...(unclearPods.length === 0
      ? []
      : sectionLines(
          leftoverListText.unclearPods,
          { kind: 'read', gap: null, items: unclearPods.map(toPodLine) },
          width,
        )),
    ...sectionLines(
      leftoverListText.templates,
      mapped(templates, ({ id, name, variableNames, isPublic }) => ({
        id,
        name,
        facts: [...variableNames, ...(isPublic ? [`(${leftoverListText.public})`] : [])].join(' '),
      })),
      width,
    ),
    ...sectionLines(
      leftoverListText.keys,
      mapped(keys, ({ name, fingerprint }) => ({ id: fingerprint ?? '', name, facts: '' })),
      width,
    ),
    [span(leftoverListText.total(view), 'strong')],
    ...(volumes?.kind === 'read' && volumes.items.length > 0
      ? [[span(leftoverListText.endpoints, 'dim')]]
      : []),
  ]
}

/** `hasSeveral`: each account is named. */
export function allLeftoverLines(
  accounts: readonly AccountLeftovers[],
  hasSeveral: boolean,
  width: number,
): readonly StyledLine[] {
  return accounts.flatMap(({ account, view }, index): StyledLine[] => [
    ...(index === 0 ? [] : [[]]),
    ...(hasSeveral ? [[span(plainText(account.name), 'strong')]] : []),
    ...leftoverLines(view, width),
  ])
}

export const leftoversJson = (
  accounts: readonly AccountLeftovers[],
  failures: readonly AccountFailure[],
): unknown => ({
  version: JSON_VERSION,
  accounts: [
    ...accounts.map(({ account, view }) => ({
      ...accountJson(account),
      problem: null,
      at: iso(view.atMs),
      perMonth: view.total,
      volumes: partJson(view.volumes, ({ unusedSinceMs, ...volume }) => ({
        ...volume,
        unusedSince: iso(unusedSinceMs),
      })),
      pods: partJson(view.pods, podLeftoverJson),
      unclearPods: view.unclearPods.map(podLeftoverJson),
      templates: partJson(view.templates, (template) => template),
      keys: partJson(view.keys, (key) => key),
    })),
    ...failures.map(({ name, exit }) => ({ id: null, name, problem: exit.message })),
  ],
})

const podLeftoverJson = ({ stoppedSinceMs, ...pod }: CleanUpView['unclearPods'][number]): unknown => ({
  ...pod,
  stoppedSince: iso(stoppedSinceMs),
})

/** Null: the service has none. `items` null: they can't be told, and `problem` says why. */
function partJson<T>(part: CleanUpPart<T> | undefined, toJson: (item: T) => unknown): unknown {
  if (part === undefined) return null
  return part.kind === 'unknown'
    ? { items: null, problem: part.why }
    : { items: part.items.map(toJson), problem: part.gap }
}
