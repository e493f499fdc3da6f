import { expect, test } from 'vitest'
import { accountIdOf, labAccountId } from '../../src/node/account-id'

const address = new URL('https://www.hubify.com/api/v1')

test('the id of a lab is the same at each path of its host, and another at another host', () => {
  const id = labAccountId(address, 'lab_1')
  expect(id).toMatch(/^[0-9a-f]{16}$/)
  expect(labAccountId(new URL('https://www.hubify.com/api/v2/'), 'lab_1')).toBe(id)
  expect(labAccountId(new URL('https://labs.example.com/api/v1'), 'lab_1')).not.toBe(id)
  expect(labAccountId(address, 'lab_2')).not.toBe(id)
  expect(accountIdOf(address, 'lab_1')).not.toBe(id)
})
