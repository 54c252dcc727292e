import type { DataProvider } from './data-provider.ts'

/** Where headlines come from: a data provider, or something that has only news. Titles are foreign text, whoever delivers them. */
export type NewsSource = Pick<DataProvider, 'name' | 'fetchNews'>
