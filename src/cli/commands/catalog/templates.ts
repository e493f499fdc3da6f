import { plainText } from '../../../core/base/text/plain-text'
import type { PodTemplate, TemplateSource } from '../../../core/pods/catalog'
import type { Provider } from '../../../core/pods/provider'
import { exitCodes } from '../../output/exit'
import { JSON_VERSION } from '../../output/json'
import { type Column, tableLines } from '../../output/table'
import { readExit } from '../read-exit'
import { sizeText, templatesText } from './catalog-text'
import type { CommandRun } from '../../output/command-run'

/** Lists the templates of a source. Of their environment, names only. */
export async function showTemplates(
  provider: Provider,
  options: CommandRun & { readonly source: TemplateSource },
): Promise<number> {
  const { source, isJson, output } = options
  const read = await provider.listTemplates?.(source)
  if (read?.ok !== true) throw read === undefined ? new Error('no list of templates') : readExit(read.error)
  if (isJson) output.result(JSON.stringify({ version: JSON_VERSION, source, templates: read.value }, null, 2))
  else if (read.value.length === 0) output.progress(templatesText.none)
  else for (const line of tableLines(columns, read.value, options.columns)) options.print(line)
  return exitCodes.ok
}

const column = (
  title: string,
  cell: (template: PodTemplate) => string,
  dropPriority: number,
): Column<PodTemplate> => ({
  title,
  align: 'left',
  dropPriority,
  minWidth: null,
  cell: (template) => ({ text: plainText(cell(template)), tone: 'plain' }),
})

const columns: readonly Column<PodTemplate>[] = [
  column('TEMPLATE', ({ name }) => name, 0),
  column('ID', ({ id }) => id, 0),
  column('IMAGE', ({ image }) => image, 1),
  column('FOR', ({ isForCpu }) => (isForCpu ? 'CPU' : 'GPU'), 2),
  column('PORTS', ({ ports }) => ports.join(' '), 3),
  column(
    'KEEPS',
    ({ persistent }) =>
      persistent === null ? '–' : [persistent.path, sizeText(persistent.sizeGb)].join(' '),
    4,
  ),
]
