export * from './price-list/index.ts';
