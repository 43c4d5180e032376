export * from './visibility.ts'
export * from './permissions-in.ts'
export { timeoutEnds } from './standing.ts'
export type { PermissionChannel, PermissionMember, PermissionRole } from './standing.ts'
