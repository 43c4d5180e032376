export * from './visibility.ts'
export * from './permissions-in.ts'
