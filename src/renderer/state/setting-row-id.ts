/** Element id of the row of a setting, and of the accounts. */
export const settingRowId = (name: string): string => `setting-${name}`
