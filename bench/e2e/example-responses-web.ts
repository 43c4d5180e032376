import { byResponses } from '../lib/example-backend.ts'
import { runExample } from './example-web.ts'

runExample(byResponses())
