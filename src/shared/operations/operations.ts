import type { Operation, WindowAccess } from './operation'
import { podOperations } from './pod-operations'
import { socketOperations } from './socket-operations'
import { windowOperations } from './window-operations'

/** Each operation, by name. Its requests, schemas and handlers are checked against this table by the compiler. */
export const operations = { ...socketOperations, ...podOperations, ...windowOperations }

export type OperationName = keyof typeof operations

/** What windows may ask for. */
export type WindowOperationName = {
  [K in OperationName]: (typeof operations)[K] extends { readonly window: WindowAccess } ? K : never
}[OperationName]

const table: { readonly [K in OperationName]: Operation } = operations

export const windowOperationNames = (Object.keys(operations) as OperationName[]).filter(
  (name): name is WindowOperationName => table[name].window !== undefined,
)

export const windowAccess = (name: WindowOperationName): WindowAccess => operations[name].window
