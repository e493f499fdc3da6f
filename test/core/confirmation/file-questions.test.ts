import { expect, test } from 'vitest'
import { downloadQuestion, uploadQuestion } from '../../../src/core/confirmation/file-questions'

const llama = { id: 'k7q2', name: 'llama', accountName: null }
const linesOf = ({ text }: ReturnType<typeof uploadQuestion>) => text.lines.map((line) => line.text)

test('what is uploaded is shown with whole paths, on one line each, whatever the names are', () => {
  const question = uploadQuestion(llama, ['/home/me/a\nTo: /safe', '/home/me/\u202egnp.exe', '/\udcff'], '')
  expect(question.text).toMatchObject({ title: 'Upload 3 items to llama?', isHarmful: true, field: null })
  expect(linesOf(question).slice(0, 5)).toEqual([
    'Pod k7q2',
    '/home/me/a\\nTo: /safe',
    '/home/me/\\u202egnp.exe',
    '/\\xff',
    'To: its home folder',
  ])
})

test('many paths stand in a list of their own, all of them', () => {
  const paths = Array.from({ length: 11 }, (_, at) => `/f${at}`)
  const question = downloadQuestion(llama, paths, '/home/me/x')
  expect(linesOf(question)).toEqual([
    'Pod k7q2',
    'To: /home/me/x on this computer',
    'Files of the same name there are replaced. Folders are merged.',
  ])
  expect(question.text.script?.split('\n')).toEqual(paths)
})
