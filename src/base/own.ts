/** What a table holds by a name that a user wrote, which may be one that every object has, such as `constructor`. */
export function ownOf<T>(table: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
