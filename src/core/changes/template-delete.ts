import { fail, ok, type Result } from '../base/result'
import type { AccountContext } from '../pod-rules/account-context'
import type { SecretTemplate, ShownTemplate } from '../pods/catalog'
import type { ProviderError } from '../pods/provider'
import { type ChangeResult, type ChangeRunner, refused } from './change-runner'
import { templateDeleteText } from './change-text'
import { changeRefusalText } from './refusal-text'
import type { SendableChange } from './send-change'

export interface TemplateRequests {
  /** Deletes an own template with secrets, once it was confirmed. */
  deleteTemplate(template: ShownTemplate, isFromCommandLine: boolean): Promise<ChangeResult>
}

/** Whether the template is as it was shown; if it isn't, why nothing is done, as a sentence. */
export function shownTemplate(
  { id, name }: ShownTemplate,
  templates: readonly SecretTemplate[],
): Result<SecretTemplate, string> {
  const now = templates.find((template) => template.id === id)
  return now?.name === name ? ok(now) : fail(changeRefusalText.templateChanged)
}

export function createTemplateRequests(
  { provider }: Pick<AccountContext, 'provider'>,
  runner: Pick<ChangeRunner, 'run'>,
): TemplateRequests {
  const list = async () => (await provider.listSecretTemplates?.()) ?? null

  async function prepare(template: ShownTemplate): Promise<Result<SendableChange, string>> {
    const listed = await list()
    if (listed?.ok !== true)
      return fail(changeRefusalText.templatesUnread(listed?.error.message ?? changeRefusalText.noTemplates))
    const current = shownTemplate(template, listed.value.templates)
    if (!current.ok) return current
    return ok({
      async send() {
        const deleted: Result<void, ProviderError> | undefined = await provider.deleteTemplate?.(template.id)
        return deleted?.ok === false ? deleted : ok({ isShown: false })
      },
      async isSeen() {
        const read = await list()
        if (read?.ok !== true || !read.value.isComplete) return null
        return !read.value.templates.some(({ id }) => id === template.id)
      },
    })
  }

  return {
    async deleteTemplate(template, isFromCommandLine) {
      if (provider.deleteTemplate === undefined) return refused(changeRefusalText.noTemplates)
      const target = { id: `template ${template.id}`, pod: null }
      const text = templateDeleteText(template)
      return runner.run(target, text, () => prepare(template), isFromCommandLine)
    },
  }
}
