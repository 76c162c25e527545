export * from './classify/index.ts';
