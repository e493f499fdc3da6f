import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDraft, draftText } from '../../../../src/core/creation/form/draft-codec'
import { parseVariable } from '../../../../src/core/pods/pod-request'
import { anyPodForm, podForm } from '../../../harness/samples/pod-forms'

test('a draft keeps everything of a form but values and what allows more than usual', () => {
  fc.assert(
    fc.property(anyPodForm, (form) => {
      const { environment, ...kept } = parseDraft(draftText(form))!
      const { environment: before, ...rest } = form
      expect(kept).toEqual({ ...rest, mayLoseData: false, mayExceedBudget: false })
      const names = (text: string) => text.split(/\r?\n/).flatMap((line) => parseVariable(line)?.name ?? [])
      expect([...names(environment)].sort()).toEqual([...names(before)].sort())
    }),
  )
})

test('no value of a variable is in the text, and its name stands without one', () => {
  const text = draftText(podForm({ environment: 'A=canary\nB={{ RUNPOD_SECRET_hf }}\ncanary-2' }))
  expect(text).not.toContain('canary')
  expect(parseDraft(text)?.environment).toBe('B={{ RUNPOD_SECRET_hf }}\nA=')
})

test('a text that is no draft is none, whatever it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parseDraft(text)).toBe(null)
    }),
  )
  const good = draftText(podForm())
  fc.assert(
    fc.property(fc.integer({ min: 1, max: good.length - 1 }), (length) => {
      expect(parseDraft(good.slice(0, length))).toBe(null)
    }),
  )
})
