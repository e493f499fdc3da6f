import type { CreateView } from '../create-view'
import type { SpendingView } from '../spending'
import type { FormContext } from './pod-form'
import type { FormCatalog } from './read-catalog'
import { isOpen } from '../../intents/intent'

/** What of an account a form is checked against, beside its catalog. */
export interface FormAccount extends Omit<SpendingView, 'limits'> {
  readonly pods: readonly { readonly name: string }[]
  readonly creates?: readonly CreateView[]
}

/** The names of the pods, and of those that are being created. */
export const takenNames = (
  pods: FormAccount['pods'],
  creates: FormAccount['creates'] = [],
): readonly string[] => [...pods, ...creates.filter(isOpen)].map(({ name }) => name)

/** What a form of this account is checked against. */
export function accountContext(
  { limits, ...catalog }: FormCatalog,
  { pods, creates = [], balance, burn, money }: FormAccount,
): FormContext {
  return {
    ...catalog,
    podNames: takenNames(pods, creates),
    spending: { balance, burn, money, limits },
  }
}
