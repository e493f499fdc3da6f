import { expect, test } from 'vitest'
import { downloadQuestion, uploadQuestion } from '../../../src/core/confirmation/file-questions'

const linesOf = ({ text }: ReturnType<typeof uploadQuestion>) => text.lines.map((line) => line.text)

test('what is uploaded is shown with whole paths, on one line each, whatever the names are', () => {
  const question = uploadQuestion('llama', ['/home/me/a\nTo: /safe', '/home/me/\u202egnp.exe', '/\udcff'], '')
  expect(question.text).toMatchObject({ title: 'Upload 3 items to llama?', isHarmful: true, field: null })
  expect(linesOf(question).slice(0, 4)).toEqual([
    '/home/me/a\\nTo: /safe',
    '/home/me/\\u202egnp.exe',
    '/\\xff',
    'To: its home folder',
  ])
})

test('of many paths the first ones are shown, and the others are counted', () => {
  const paths = Array.from({ length: 11 }, (_, at) => `/f${at}`)
  expect(linesOf(downloadQuestion('llama', paths, '/home/me/x'))).toEqual([
    ...paths.slice(0, 8),
    'and 3 more',
    'To: /home/me/x on this computer',
    'Files of the same name there are replaced. Folders are merged.',
  ])
})

test('another copy is another question', () => {
  const ids = [
    uploadQuestion('llama', ['/a', '/b'], '/w'),
    uploadQuestion('llama', ['/a'], '/w'),
    uploadQuestion('llama', ['/a'], '/v'),
    uploadQuestion('anna', ['/a'], '/w'),
    downloadQuestion('llama', ['/a'], '/w'),
  ].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(uploadQuestion('llama', ['/a'], '/w').id).toBe(ids[1])
})
