export * from './visibility.ts'
